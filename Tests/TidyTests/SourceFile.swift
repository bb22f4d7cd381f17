/// A file as the rules see it: its path and its contents.
struct SourceFile: Sendable {
    /// From the project's root, with `/` between folders.
    let path: String
    /// The lines without their ends.
    let lines: [Substring]
    /// The whole file in tokens.
    let tokens: [Token]

    /// Cuts a text; only Swift has tokens.
    init(_ path: String, _ text: String) {
        self.path = path
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        self.lines = lines
        tokens = path.hasSuffix(".swift") ? Lexer.tokens(of: text) : []
    }

    /// The tokens that do something: no comments.
    var code: [Token] { tokens.filter { $0.sort != .comment } }

    /// The folders of its path, then its name: `["Sources", "GatehouseCore", "Keys", "Key.swift"]`.
    var components: [Substring] { path.split(separator: "/") }

    /// The name without folders and ending: `Store+events`.
    var name: Substring { components.last?.prefix { $0 != "." } ?? "" }

    /// The module of the product that it belongs to: `GatehouseCore`; nil outside `Sources`.
    var room: String? {
        guard components.count > 2, components[0] == "Sources" else { return nil }
        return String(components[1])
    }

    /// Whether it stands in a folder, given from the root on.
    func isIn(_ folder: String) -> Bool { path.hasPrefix(folder + "/") }

    /// A finding about this file.
    func finding(_ line: Int, _ advice: String) -> Finding { Finding(path: path, line: line, advice: advice) }
}
