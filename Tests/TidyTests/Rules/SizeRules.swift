/// How long lines, functions and files may be.
enum SizeRules {
    static let columns = 120
    static let fileLines = 500
    static let functionLines = 70

    /// Lines that are too wide, outside the tables that say `// swift-format-ignore`.
    static func wideLines(_ file: SourceFile) -> [Finding] {
        let tables = tables(in: file)
        return file.lines.enumerated().compactMap { index, line in
            let (number, width) = (index + 1, line.count)
            guard width > columns, !tables.contains(where: { $0.contains(number) }) else { return nil }
            return file.finding(number, "\(width) columns: break the line at \(columns)")
        }
    }

    /// A file that is too long.
    static func longFile(_ file: SourceFile) -> [Finding] {
        guard file.lines.count > fileLines else { return [] }
        return [
            file.finding(
                fileLines + 1, "\(file.lines.count) lines: move an aspect to a file of its own, \(fileLines) is the end"
            )
        ]
    }

    /// Functions, initialisers, subscripts and computed properties that are too long.
    static func longFunctions(_ file: SourceFile) -> [Finding] {
        let code = file.code
        return code.indices.compactMap { place in
            guard let name = declared(at: place, code), let end = bodyEnd(from: place, code) else { return nil }
            let length = code[end].line - code[place].line + 1
            guard length > functionLines else { return nil }
            return file.finding(
                code[place].line, "\(name) has \(length) lines: move its steps to functions that say what they do")
        }
    }

    /// A file that puts itself beyond the formatter as a whole.
    static func unformattedFile(_ file: SourceFile) -> [Finding] {
        file.tokens.filter { $0.sort == .comment && $0.text.hasPrefix("// swift-format-ignore-file") }
            .map {
                file.finding($0.line, "only a table may be wide: mark that declaration with // swift-format-ignore")
            }
    }
}

// MARK: Where things end

extension SizeRules {
    /// The lines of each declaration that follows a `// swift-format-ignore`.
    static func tables(in file: SourceFile) -> [ClosedRange<Int>] {
        let marks = file.tokens.filter { $0.sort == .comment && $0.text.hasPrefix("// swift-format-ignore") }
        return marks.compactMap { mark in
            let rest = Array(file.tokens.drop { $0.sort == .comment || $0.line <= mark.line })
            guard let first = rest.first else { return nil }
            return first.line...declarationEnd(rest)
        }
    }

    /// The line in which a declaration ends: where no bracket is open and nothing asks for a continuation.
    private static func declarationEnd(_ tokens: [Token]) -> Int {
        var depth = 0
        for (place, token) in tokens.enumerated() where token.sort != .comment {
            if token.sort == .symbol { depth += opening(token) }
            let next = tokens[(place + 1)...].first { $0.sort != .comment }
            guard let next else { break }
            if depth <= 0, next.line > token.line, !asksForMore(token, next) { return token.line }
        }
        return tokens.last?.line ?? 1
    }

    private static func opening(_ token: Token) -> Int {
        switch token.text {
        case "(", "[", "{": 1
        case ")", "]", "}": -1
        default: 0
        }
    }

    private static func asksForMore(_ token: Token, _ next: Token) -> Bool {
        let asking: Set = ["=", ",", ">", ":", "&", "where"]
        let continuing: Set = ["{", "-", "where", "async", "throws", "rethrows", ".", "?", ":", "=", "&"]
        return asking.contains(token.text) || (next.sort != .literal && continuing.contains(next.text))
    }

    /// The name of what is declared at a place, if its body is to be measured.
    private static func declared(at place: Int, _ code: [Token]) -> String? {
        guard place + 1 < code.count, code[place].sort == .word, place == 0 || !code[place - 1].is(".") else {
            return nil
        }
        switch code[place].text {
        case "func", "var": return "\(code[place].text) \(code[place + 1].text)"
        case "init" where "(<?".contains(code[place + 1].text): return "init"
        case "deinit": return "deinit"
        case "subscript" where "(<".contains(code[place + 1].text): return "subscript"
        default: return nil
        }
    }

    /// Where the body of the declaration at a place closes; nil where it has none, as in a protocol.
    private static func bodyEnd(from place: Int, _ code: [Token]) -> Int? {
        guard let start = bodyStart(from: place, code) else { return nil }
        var depth = 0
        for index in start..<code.count where code[index].sort == .symbol {
            depth += opening(code[index])
            if depth == 0 { return index }
        }
        return nil
    }

    private static func bodyStart(from place: Int, _ code: [Token]) -> Int? {
        var depth = 0
        for index in (place + 1)..<code.count {
            let token = code[index]
            if depth == 0, token.is("{") { return index }
            if token.sort == .symbol { depth += opening(token) }
            if depth < 0 || (depth == 0 && token.is("=") && code[place].is("var")) { return nil }
            guard index + 1 < code.count else { return nil }
            if depth == 0, code[index + 1].line > token.line, !asksForMore(token, code[index + 1]) { return nil }
        }
        return nil
    }
}
