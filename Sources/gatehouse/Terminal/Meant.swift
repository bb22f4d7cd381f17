import ArgumentParser
import GatehouseCore

/// The command or value that a caller probably meant, for a command line that is not taken. The parser itself knows
/// near options alone.
///
/// The commands, their options and the values of those are read from the parser's own description of itself.
enum Meant {
    /// The sentence; nil where nothing is near.
    static func sentence(for words: [String]) -> String? {
        guard let dump = try? JSONParser.parse(Array(Gatehouse._dumpHelp().utf8), depthLimit: 64) else { return nil }
        return sentence(for: words[...], below: dump["command"] ?? .null)
    }

    private static func sentence(for words: ArraySlice<String>, below command: JSON) -> String? {
        let commands = command["subcommands"]?.items ?? []
        guard let word = words.first else { return nil }
        if let next = commands.first(where: { $0["commandName"]?.text == word }) {
            return sentence(for: words.dropFirst(), below: next)
        }
        let names = commands.compactMap { $0["commandName"]?.text }
        guard names.isEmpty else {
            return word.hasPrefix("-") ? nil : Nearest.word(to: word, among: names).map { "Did you mean '\($0)'?" }
        }
        return value(in: words, of: command["arguments"]?.items ?? [])
    }

    /// Looks at the values of options that know their values, then at those that stand alone.
    private static func value(in words: ArraySlice<String>, of arguments: [JSON]) -> String? {
        var rest = words
        while let word = rest.popFirst() {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            let isOption = word.hasPrefix("--")
            let argument = arguments.first { argument in
                isOption
                    ? (argument["names"]?.items ?? []).contains { "--" + ($0["name"]?.text ?? "") == parts[0] }
                    : argument["kind"] == "positional"
            }
            let known = (argument?["allValues"]?.items ?? []).compactMap(\.text)
            guard let value = isOption ? parts.dropFirst().first ?? rest.first : word, !known.isEmpty,
                !known.contains(value), let near = Nearest.word(to: value, among: known)
            else { continue }
            return "Did you mean '\(near)'?"
        }
        return nil
    }
}
