/// How credentials, tokens, signatures and their hashes are compared: in a time that reveals nothing about them.
enum SecretRules {
    /// Comparisons of a caller's proofs by `==`, `!=` or a search, which end at the first different byte.
    ///
    /// `ConstantTime.equal` is for bytes; a `Secret` compares in constant time by its own `==`, and so do the digests
    /// and authentication codes of swift-crypto.
    static func hastyComparisons(_ file: SourceFile) -> [Finding] {
        guard file.room != nil else { return [] }
        let code = file.code
        return code.indices.compactMap { place in
            guard let operands = compared(at: place, code), let word = operands.first(where: isProof),
                !exceptions.contains(where: { $0.path == file.path && $0.word == word })
            else { return nil }
            return file.finding(
                code[place].line,
                "\"\(word)\" is compared byte by byte until one differs: ConstantTime.equal does not tell where")
        }
    }

    /// Names that look like a proof and are none, or whose type compares in constant time.
    static let exceptions: [(path: String, word: String, reason: String)] = [
        ("Sources/GatehouseStores/SQLite/SQLiteStore+events.swift", "digest", "of an event, to know a repetition"),
        ("Sources/GatehouseStores/SQLite/AuditCheck.swift", "hash", "a link of the audit, which no caller must guess"),
        ("Sources/GatehouseVerification/Schemes/SituatorScheme.swift", "hash", "SHA256.Digest, by its own =="),
    ]

    /// The last words of the two operands of a comparison that begins at a place; nil where there is none.
    private static func compared(at place: Int, _ code: [Token]) -> [String]? {
        guard place > 0, place + 2 < code.count else { return nil }
        let isEqual = code[place].is("=") || code[place].is("!")
        if isEqual, code[place + 1].is("="), code[place + 1].isAdjacent, !code[place + 2].is("=") {
            // A comparison with nil, a literal or an enum case reveals nothing.
            let other = code[place + 2]
            guard other.sort == .word, !other.is("nil"), other.text.first?.isNumber != true else { return nil }
            if code[place].isAdjacent, code[place - 1].is("=") { return nil }
            return [wordBefore(place, code), wordBehind(place + 2, code)].compactMap { $0 }
        }
        let searches: Set = ["contains", "elementsEqual", "firstIndex", "starts"]
        guard code[place].sort == .word, searches.contains(code[place].text), code[place - 1].is("."),
            code[place + 1].is("(")
        else { return nil }
        var argument = place + 2
        if argument + 1 < code.count, code[argument + 1].is(":") { argument += 2 }
        guard argument < code.count, code[argument].sort == .word, code[argument].text != "where" else { return nil }
        return [wordBehind(argument, code)].compactMap { $0 }
    }

    /// The last word of the operand that ends before a place: `hash` of `Credential.hash(text)`.
    private static func wordBefore(_ place: Int, _ code: [Token]) -> String? {
        var at = place - 1
        while at >= 0, code[at].is("?") || code[at].is("!") { at -= 1 }
        if at >= 0, code[at].is(")") || code[at].is("]") {
            var depth = 0
            repeat {
                if code[at].is(")") || code[at].is("]") { depth += 1 }
                if code[at].is("(") || code[at].is("[") { depth -= 1 }
                at -= 1
            } while at >= 0 && depth > 0
        }
        return at >= 0 && code[at].sort == .word ? code[at].text : nil
    }

    /// The last word of the operand that begins at a place: `token` of `request.token`.
    private static func wordBehind(_ place: Int, _ code: [Token]) -> String? {
        var (at, word) = (place, code[place].text)
        while at + 2 < code.count, code[at + 1].is(".") || code[at + 1].is("?") || code[at + 1].is("!") {
            if code[at + 2].sort == .word {
                at += 2
                word = code[at].text
            } else {
                at += 1
            }
        }
        return word
    }

    private static func isProof(_ word: String) -> Bool {
        let endings = [
            "token", "signature", "password", "hash", "digest", "digests", "md5", "hmac", "credential", "revealed",
            "cookie", "passphrase",
        ]
        return endings.contains { word.lowercased().hasSuffix($0) }
    }
}
