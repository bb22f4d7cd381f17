import ArgumentParser
import GatehouseCore

/// The command or value that a user probably meant when the command line is refused. The parser itself only knows
/// similar options.
///
/// The commands, their options and the values of those come from the parser's own description.
enum Meant {
    /// The sentence; nil if nothing is similar.
    static func sentence(for words: [String]) -> String? {
        sentence(for: words[...], below: root)
    }

    /// The sentence for `help` with an unknown command, for which the parser shows the help of the group; nil for
    /// everything else.
    static func faultOfHelp(_ words: [String]) -> String? {
        guard words.first == "help" else { return nil }
        var command = root
        for word in words.dropFirst() where !word.hasPrefix("-") {
            let next = (command["subcommands"]?.items ?? []).first { $0["commandName"]?.text == word }
            guard let next else {
                let meant = sentence(for: Array(words.dropFirst())).map { "\n\($0)" } ?? ""
                return "Error: there is no command '\(words.dropFirst().joined(separator: " "))'\(meant)"
            }
            command = next
        }
        return nil
    }

    private static var root: JSON {
        let dump = try? JSONParser.parse(Array(Gatehouse._dumpHelp().utf8), depthLimit: 64)
        return dump?["command"] ?? .null
    }

    private static func sentence(for words: ArraySlice<String>, below command: JSON) -> String? {
        let commands = command["subcommands"]?.items ?? []
        guard let word = words.first else { return nil }
        if let next = commands.first(where: { $0["commandName"]?.text == word }) {
            return sentence(for: words.dropFirst(), below: next)
        }
        let names = commands.compactMap { $0["commandName"]?.text }
        guard names.isEmpty else {
            guard !word.hasPrefix("-") else { return nil }
            return nested(word, below: command)
                ?? Nearest.word(to: word, among: names).map { "Did you mean '\($0)'?" }
                ?? Nearest.word(to: word, among: deeper(command)).flatMap { nested($0, below: command) }
        }
        return value(in: words, of: command["arguments"]?.items ?? [])
    }

    /// Commands with exactly that name in deeper groups: a user who types `backup` means `gatehouse store backup`.
    private static func nested(_ word: String, below command: JSON, mostOffers: Int = 3) -> String? {
        let found = paths(of: word, below: command, "gatehouse")
        guard !found.isEmpty, found.count <= mostOffers else { return nil }
        return "Did you mean \(found.map { "'\($0)'" }.joined(separator: " or "))?"
    }

    /// The names of all commands below those of a group.
    private static func deeper(_ command: JSON) -> [String] {
        (command["subcommands"]?.items ?? []).flatMap { sub in
            (sub["subcommands"]?.items ?? []).compactMap { $0["commandName"]?.text } + deeper(sub)
        }
    }

    private static func paths(of word: String, below command: JSON, _ path: String) -> [String] {
        (command["subcommands"]?.items ?? []).flatMap { sub -> [String] in
            let name = sub["commandName"]?.text ?? ""
            let here = "\(path) \(name)"
            return (name == word ? [here] : []) + paths(of: word, below: sub, here)
        }
    }

    /// Checks the values of options with a list of values, then positional values.
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
