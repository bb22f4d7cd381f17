/// Words and calls that this project does not use.
enum WordRules {
    /// Vendors' words for what we call subscription, kind and URL, outside their own folders.
    ///
    /// A literal that is just such a word is a vendor's field name, data, and allowed everywhere.
    static func vendorWords(_ file: SourceFile) -> [Finding] {
        guard !isVendors(file), !namesWhatItBans(file) else { return [] }
        return file.tokens.flatMap { token -> [Finding] in
            if token.sort == .literal, vendorWords.contains(where: { $0.word == token.text.lowercased() }) { return [] }
            let text = token.text.lowercased().replacing("webhook", with: "")
            return vendorWords.filter { text.contains($0.word) }.map { word in
                file.finding(token.line, "\"\(word.word)\" is a vendor's word: \(word.ours)")
            }
        }
    }

    /// Promises to come back later. A missing feature is refused by name or recorded as an issue.
    static func markers(_ file: SourceFile) -> [Finding] {
        guard !namesWhatItBans(file) else { return [] }
        return file.tokens.flatMap { token in
            token.text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.filter { markers.contains(String($0)) }
                .map { file.finding(token.line, "\($0): do it now, or write it down as an issue") }
        }
    }

    /// Calls that end the process on a mistake: the gateway must survive it.
    static func trapdoors(_ file: SourceFile) -> [Finding] {
        pairs(file.code).compactMap { before, token in
            if before.is("try"), token.is("!"), token.isAdjacent {
                return file.finding(
                    token.line, "try! ends the process: let the error travel, or say what follows from it")
            }
            if before.is("fatalError"), token.is("(") {
                return file.finding(token.line, "fatalError ends the process: make the state impossible, or an error")
            }
            return nil
        }
    }

    /// Forced unwraps in the product.
    static func forcedUnwraps(_ file: SourceFile) -> [Finding] {
        guard file.room != nil else { return [] }
        return pairs(file.code).compactMap { before, token in
            let isValue = before.sort == .word || before.is(")") || before.is("]") || before.is("?")
            guard token.is("!"), token.isAdjacent, isValue, !before.is("try") else { return nil }
            return file.finding(
                token.line, "a forced \"\(before.text)!\": bind it with guard let, and say what follows if it is nil")
        }
    }

    /// `print` outside the commands: standard output is for the requested result, news goes to the logger.
    static func prints(_ file: SourceFile) -> [Finding] {
        guard file.room != nil, !file.isIn("Sources/gatehouse/Commands") else { return [] }
        let code = file.code
        return code.indices.dropLast().compactMap { place in
            guard code[place].is("print"), code[place + 1].is("("), place == 0 || !code[place - 1].is("."),
                place == 0 || !code[place - 1].is("func")
            else { return nil }
            return file.finding(code[place].line, "print stands in Sources/gatehouse/Commands alone: use the logger")
        }
    }

    /// Paths of one machine: of the usual places, and of everything beside the project where this runs, which no list
    /// could contain.
    static func machinePaths(_ file: SourceFile, neighbours: Project.Neighbours? = nil) -> [Finding] {
        guard !namesWhatItBans(file) else { return [] }
        return file.lines.enumerated().flatMap { index, line in
            (machinePaths.filter { line.contains($0) } + (neighbours?.paths(in: line) ?? [])).map {
                file.finding(index + 1, "\($0) is a path of one machine: take it from a setting or from the system")
            }
        }
    }

    private static let vendorWords: [(word: String, ours: String)] = [
        ("hook", "say subscription, trigger or observer"),
        ("topic", "say kind"),
        ("endpoint", "say url, receiver or route"),
    ]

    private static let markers: Set = ["TODO", "FIXME", "XXX", "HACK"]

    private static let machinePaths = ["/home/", "/tmp/", "/Users/", "/root/", "/opt/"]

    /// This test must name what it bans.
    private static func namesWhatItBans(_ file: SourceFile) -> Bool { file.isIn("Tests/TidyTests") }

    /// A vendor's own folder, in the product or in its tests.
    private static func isVendors(_ file: SourceFile) -> Bool {
        let homes = ["GatehouseDialects", "GatehouseDialectsTests", "DialectFixtures", "GatewayTests"]
        guard file.components.count > 3, homes.contains(String(file.components[1])) else { return false }
        return !["Standard", "Bodies"].contains(String(file.components[2]))
    }

    private static func pairs(_ tokens: [Token]) -> Zip2Sequence<[Token], ArraySlice<Token>> {
        zip(tokens, tokens.dropFirst())
    }
}
