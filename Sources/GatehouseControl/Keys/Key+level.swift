package import GatehouseCore

/// A key gives others no more of events than it may see itself: what it makes has its own privacy level or a stricter
/// one, and what shows more is not turned to where the key's holder could read it (decision 0042).
extension Key {
    /// The level of something for which its maker names none: the usual one, or the key's own where that is stricter.
    package func level(orUsual usual: PrivacyLevel) -> PrivacyLevel { max(usual, leastStrictLevel) }

    /// Refuses to make something, or to change its level, where it would show more than the key may see.
    ///
    /// - Throws: ``ValidationError/Code/forbidden`` that names `privacyLevel`.
    package func checkMaking(_ thing: String, at level: PrivacyLevel) throws(ValidationError) {
        guard level < leastStrictLevel else { return }
        throw ValidationError(
            .forbidden, field: "privacyLevel",
            "this key sees events at privacy level \(privacyLevel.rawValue), and \(thing) would show them at level "
                + "\(level.rawValue): name the privacyLevel \(privacyLevel.rawValue) or a stricter one, or use a key "
                + "of the level \(level.rawValue)")
    }

    /// Refuses to do something to what shows more than the key may see.
    ///
    /// - Throws: ``ValidationError/Code/forbidden`` that names `privacyLevel`.
    package func checkDoing(_ action: String, to thing: String, at level: PrivacyLevel) throws(ValidationError) {
        guard level < leastStrictLevel else { return }
        throw ValidationError(
            .forbidden, field: "privacyLevel",
            "this key sees events at privacy level \(privacyLevel.rawValue) and may not \(action) \(thing), which "
                + "shows them at level \(level.rawValue): use a key of the level \(level.rawValue), or make the "
                + "privacyLevel of \(thing) \(privacyLevel.rawValue) first")
    }
}
