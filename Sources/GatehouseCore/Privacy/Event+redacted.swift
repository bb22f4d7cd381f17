extension Event {
    /// The event's data without what a level withholds: 1 removes credentials, 2 removes credentials and persons.
    ///
    /// Everything that is shown, sent, stored of answers or erased uses it. The table of blocks judges the fields of
    /// blocks; the three lists of ``OpenFields`` judge those of open blocks, at any depth. What identifies a thing in
    /// the directory, ids, the kind, `credential.form` and `access.method` are never withheld.
    public func data(at level: PrivacyLevel) -> JSONObject { data.redacted(to: level, of: kind) }

    /// A vendor's own spellings without what a level withholds. They are not blocks, so only the lists judge them.
    public func original(at level: PrivacyLevel) -> JSONObject {
        guard level > .everything, !original.isEmpty else { return original }
        return OpenFields(kind: kind, level: level).redacted(original, in: .event)
    }

    /// The event for a reader of that level: nothing derived from it can reveal more.
    public func readable(at level: PrivacyLevel) -> Event {
        guard level > .everything else { return self }
        var parts = parts
        parts.data = data(at: level)
        parts.attributes = attributes(at: level)
        parts.original = original(at: level)
        return Event(parts)
    }
}

extension JSONObject {
    /// The data of an event of that kind without what a level withholds.
    func redacted(to level: PrivacyLevel, of kind: Kind) -> JSONObject {
        guard level > .everything else { return self }
        let open = OpenFields(kind: kind, level: level)
        return JSONObject(
            distinct: members.compactMap { member in
                guard let block = Block(rawValue: member.key) else { return nil }
                return JSONObject.Member(member.key, open.redacted(member.value, as: block))
            })
    }
}

extension OpenFields {
    /// A block without what is withheld.
    func redacted(_ value: JSON, as block: Block) -> JSON {
        guard case .object(let object) = value else { return value }
        return .object(redacted(object, in: block == .details ? .event : .block(block)))
    }
}
