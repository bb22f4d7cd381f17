/// Words that an engineer who is not at home in English stumbles over, in what users read.
enum PlainWordRules {
    /// In texts of the product: help, errors, settings, the OpenAPI document.
    static func literals(_ file: SourceFile) -> [Finding] {
        guard file.room != nil else { return [] }
        return file.tokens.filter { $0.sort == .literal && !exceptions.contains($0.text) }
            .flatMap { token in found(in: token.text).map { finding($0, file, token.line) } }
    }

    /// In documents and settings, whose links and code keep the names that they name; what a changelog said stands.
    static func documents(_ file: SourceFile) -> [Finding] {
        let isDocument = file.path.hasSuffix(".md") || file.path.hasSuffix(".yaml")
        guard isDocument, !file.isIn("Tests"), file.path != "CHANGELOG.md" else { return [] }
        return file.lines.enumerated().flatMap { index, line in
            found(in: plain(String(line))).map { finding($0, file, index + 1) }
        }
    }

    /// Texts that stand as they are: those of the catalogue, which its table pins, and one of a vendor's events, whose
    /// receivers know it.
    static let exceptions: Set = [
        "a credential that nobody holds is presented",
        "somebody asked the gateway to unlock a door; outcome and who",
        "Access denied by an identifier that is nobody's",
    ]

    private static let words: [(word: String, plain: String)] = [
        ("told of", "say \"hears of\", or what is sent to whom"),
        ("somebody", "say who: a caller, an operator, a person"),
        ("nobody", "say who does not: no caller, no operator"),
        ("whoever", "say who: the caller that, the person who"),
        ("of which", "begin a new sentence"),
    ]

    /// Without what stands in backticks and where a link leads to.
    private static func plain(_ line: String) -> String {
        line.replacing(#/`[^`]*`/#, with: "").replacing(#/\]\([^)]*\)/#, with: "]")
    }

    private static func found(in text: String) -> [(word: String, plain: String)] {
        let text = text.lowercased()
        return words.filter { text.contains($0.word) }
    }

    private static func finding(_ word: (word: String, plain: String), _ file: SourceFile, _ line: Int) -> Finding {
        file.finding(line, "\"\(word.word)\" is hard to read: \(word.plain)")
    }
}
