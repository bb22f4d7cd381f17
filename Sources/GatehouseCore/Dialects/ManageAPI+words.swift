extension ManageAPI {
    /// A sentence of the native API with the contract's own names: advice names fields that the caller can write.
    ///
    /// A field is recognized by its spelling, `privacyLevel` or `tls.verification`; a field that is also a plain word,
    /// only at the start of the sentence. A field without a name in the contract is called a field of `/v1`, where it
    /// can be changed.
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

    /// The contract's name for a field, and the full stop behind it.
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

    /// Whether a body of the contract has a field of that name, or of that path.
    private func isDeclared(_ name: String) -> Bool {
        routes.contains { $0.body?.declares(path: name) ?? false }
    }
}
