/// Which declarations other modules see: `public` is for users of a published product, `package` for our own modules.
enum AccessRules {
    /// The modules that are published: the libraries among the products of Package.swift.
    static let products: Set = ["GatehouseClient", "GatehouseCore", "GatehouseVerification"]

    /// Declarations that are public in a module that is not published.
    ///
    /// The compiler judges a `public import`: it refuses one that no public declaration or conformance needs. A type of
    /// a published module can get a conformance elsewhere.
    static func published(_ file: SourceFile) -> [Finding] {
        guard !products.contains(file.room ?? "") else { return [] }
        let code = file.code
        return code.indices.compactMap { place in
            guard isModifier("public", place, code) || isModifier("open", place, code) else { return nil }
            return file.finding(
                code[place].line, "\(code[place].text) where no product is published: other modules see `package`")
        }
    }

    /// Types that other modules see, without a comment for their documentation.
    static func undocumented(_ file: SourceFile) -> [Finding] {
        let code = file.code
        return code.indices.compactMap { place in
            guard isModifier("public", place, code) || isModifier("package", place, code) else { return nil }
            let kind = code[(place + 1)...].first { !modifiers.contains($0.text) }
            guard let kind, types.contains(kind.text) else { return nil }
            let above = file.lines[..<(code[place].line - 1)].map { $0.drop { $0 == " " } }
            guard above.last(where: { !$0.hasPrefix("@") })?.hasPrefix("///") != true else { return nil }
            return file.finding(code[place].line, "a type that other modules see has a comment that says what it is")
        }
    }

    /// The libraries that a text of Package.swift publishes.
    static func libraries(in manifest: SourceFile) -> Set<String> {
        Set(
            manifest.lines.compactMap { line in
                guard line.contains(".library(") else { return nil }
                return line.split(separator: "\"").dropFirst().first.map(String.init)
            })
    }

    private static let types: Set = ["struct", "enum", "class", "protocol", "actor"]
    private static let modifiers: Set = ["final", "indirect", "nonisolated", "distributed"]
    /// What a name follows: after these, `open` and `public` are names.
    private static let beforeNames: Set = [".", "case", "func", "let", "var", ","]

    /// Whether a word at a place is an access modifier, and not a name.
    private static func isModifier(_ word: String, _ place: Int, _ code: [Token]) -> Bool {
        guard code[place].is(word), place + 1 < code.count else { return false }
        if place > 0, beforeNames.contains(code[place - 1].text) { return false }
        let next = code[place + 1]
        if next.is("import") { return false }
        if next.is("(") { return place + 2 < code.count && code[place + 2].is("set") }
        return next.is("@") || next.sort == .word && next.line == code[place].line
    }
}
