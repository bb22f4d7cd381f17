/// Words that are hard to read for an engineer who is not at home in English: in the texts, comments and test names of
/// the project, and in its documents.
enum PlainWordRules {
    /// In texts of the product: help, errors, log lines, settings, the OpenAPI document.
    static func literals(_ file: SourceFile) -> [Finding] {
        guard file.room != nil else { return [] }
        return file.tokens.filter { $0.sort == .literal && !exceptions.contains($0.text) }
            .flatMap { found(in: $0.text, words).map(finding(file, $0.line)) }
    }

    /// In comments, in the texts of tests, and in the names of tests.
    static func prose(_ file: SourceFile) -> [Finding] {
        guard !namesWhatItBans(file) else { return [] }
        let comments = file.tokens.filter { $0.sort == .comment }
        let texts = file.room == nil ? file.tokens.filter { $0.sort == .literal && isSentence($0.text) } : []
        return (comments + texts).flatMap { found(in: $0.text, inProse).map(finding(file, $0.line)) }
            + testNames(in: file).flatMap { found(in: split($0.text), inProse).map(finding(file, $0.line)) }
    }

    /// In documents and settings, but not in their links and code; released parts of the changelog stay.
    static func documents(_ file: SourceFile) -> [Finding] {
        let isDocument = file.path.hasSuffix(".md") || file.path.hasSuffix(".yaml")
        guard isDocument, !file.isIn("Tests"), file.path != "CHANGELOG.md" else { return [] }
        return file.lines.enumerated().flatMap { index, line in
            found(in: plain(String(line)), words).map(finding(file, index + 1))
        }
    }

    /// Texts that stay as they are: those of the catalogue, which its table pins, one of a vendor's events, whose
    /// receivers know it, and those of a key's end, which the published OpenAPI document contains.
    static let exceptions: Set = [
        "a credential that nobody holds is presented",
        "somebody asked the gateway to unlock a door; outcome and who",
        "Access denied by an identifier that is nobody's",
        "When it stops letting anybody in; null for never.",
        "When it stops letting anybody in, in the future; never where it is left out.",
    ]

    private typealias Word = (word: String, plain: String)

    /// Banned in comments and test names too.
    private static let everywhere: [Word] = [
        ("somebody", "say who: a caller, an operator, a person"),
        ("anybody", "say who: any caller, any client"),
        ("nobody", "say who does not: no caller, no operator"),
        ("whoever", "say who: the caller that, the person who"),
        ("whatever", "say what: any value, every answer"),
        ("of which", "begin a new sentence"),
    ]

    /// Banned in comments, in the texts of tests, and in test names only.
    private static let inProse: [Word] =
        everywhere + [
            ("held against", "say \"compared with\" or \"checked against\""),
            ("in the hands of", "say who has it: a gateway leases it, a caller holds it"),
            ("is not to be had", "say \"is missing\""),
            ("is said of", "say \"the sentence about\""),
            ("nought", "say \"zero\""),
            ("speaks for", "say \"belongs to\" or \"reports about\""),
            ("what comes of", "say \"the result of\""),
            ("what it is asked", "say what: the question, the request"),
        ]

    private static let words = everywhere + [("told of", "say \"hears of\", or what is sent to whom")]

    /// This test must name what it bans.
    private static func namesWhatItBans(_ file: SourceFile) -> Bool { file.isIn("Tests/TidyTests") }

    /// Whether a text is more than a name or a piece of data.
    private static func isSentence(_ text: String) -> Bool {
        text.contains(" ") && !text.contains("\"") && !exceptions.contains(text)
    }

    /// The functions marked `@Test`.
    private static func testNames(in file: SourceFile) -> [Token] {
        let code = file.code
        return code.indices.filter { code[$0].is("@") && $0 + 1 < code.count && code[$0 + 1].is("Test") }
            .compactMap { start in
                guard let place = code[start...].firstIndex(where: { $0.is("func") }) else { return nil }
                return place + 1 < code.count ? code[place + 1] : nil
            }
    }

    /// `aKeyOfNobody` as `a key of nobody`.
    private static func split(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? " " + $1.lowercased() : String($1) }
    }

    /// Without code in backticks and the targets of links.
    private static func plain(_ line: String) -> String {
        line.replacing(#/`[^`]*`/#, with: "").replacing(#/\]\([^)]*\)/#, with: "]")
    }

    private static func found(in text: String, _ words: [Word]) -> [Word] {
        let text = text.lowercased()
        return words.filter { text.contains($0.word) }
    }

    private static func finding(_ file: SourceFile, _ line: Int) -> (Word) -> Finding {
        { file.finding(line, "\"\($0.word)\" is hard to read: \($0.plain)") }
    }
}
