extension ManageAPI {
    /// A sentence of the native API's in the contract's own words: advice names what the caller can write.
    ///
    /// A field is known by its spelling, `privacyLevel` or `tls.verification`; one that is a plain word, at the begin
    /// of the sentence alone. What the contract has no word for is called a field of `/v1`, where it can be changed.
    public func worded(_ sentence: String) -> String {
        var told = ""
        var name = ""
        for character in sentence {
            if character.isLetter || character.isNumber || character == "." || character == "_" {
                name.append(character)
            } else {
                told += word(ending: name, isFirst: told.isEmpty)
                told.append(character)
                name = ""
            }
        }
        return told + word(ending: name, isFirst: told.isEmpty)
    }

    /// The word for a name, and the full stop behind it.
    private func word(ending text: String, isFirst: Bool) -> String {
        let name = text.hasSuffix(".") ? String(text.dropLast()) : text
        return word(for: name, isFirst: isFirst) + text.dropFirst(name.count)
    }

    private func word(for name: String, isFirst: Bool) -> String {
        let isSpelled = name.first?.isLowercase ?? false && name.contains { $0.isUppercase || $0 == "." }
        if let word = words[name], isFirst || isSpelled { return word }
        guard isSpelled, let field = name.split(separator: ".").first, Terms.isField(String(field)) else { return name }
        let own = field == "settings" ? String(name.dropFirst("settings.".count)) : name
        return isDeclared(own) ? own : "\(name) (a field of /v1)"
    }

    /// Whether a body of the contract's has a field of that name.
    private func isDeclared(_ name: String) -> Bool {
        routes.contains { $0.body?.names.contains(name) ?? false }
    }
}
