/// The names of files, folders and types.
enum NameRules {
    /// A file that does not declare or extend the type of its name.
    static func strayFile(_ file: SourceFile) -> [Finding] {
        let name = String(file.name.prefix { $0 != "+" })
        guard !declared(in: file).contains(where: { $0.name == name }) else { return [] }
        return [
            file.finding(
                1,
                "nothing here is called \(name): name the file for its main type, or Type+aspect.swift for an extension"
            )
        ]
    }

    /// Names that say nothing, of files, folders and types.
    static func emptyNames(_ file: SourceFile) -> [Finding] {
        let path = file.components.map { String($0.prefix { $0 != "." && $0 != "+" }) }.filter(isEmpty)
            .map { file.finding(1, "\"\($0)\" says nothing: name the place for what is in it") }
        let types = declared(in: file).filter { !$0.isExtension && isEmpty($0.name) }
            .map { file.finding($0.line, "\"\($0.name)\" says nothing: name the type for what it is") }
        return path + types
    }

    /// The types that a file declares or extends, by the last part of the name.
    static func declared(in file: SourceFile) -> [(name: String, line: Int, isExtension: Bool)] {
        let sorts: Set = ["struct", "class", "enum", "actor", "protocol", "typealias", "extension"]
        let code = file.code
        return code.indices.dropLast().compactMap { place in
            guard code[place].sort == .word, sorts.contains(code[place].text), code[place + 1].sort == .word else {
                return nil
            }
            var end = place + 1
            while end + 2 < code.count, code[end + 1].is("."), code[end + 2].sort == .word { end += 2 }
            return (code[end].text, code[place].line, code[place].is("extension"))
        }
    }

    private static func isEmpty(_ name: String) -> Bool {
        let words = [
            "Util", "Utils", "Utility", "Utilities", "Helper", "Helpers", "Model", "Models", "Manager", "Managers",
            "Common",
        ]
        return words.contains { name == $0 || name == $0.lowercased() || name.hasSuffix($0) }
            || name.hasPrefix("Common")
    }
}
