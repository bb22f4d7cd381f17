import ArgumentParser
import GatehouseCore

@testable import gatehouse

/// Every command as its own help describes it.
struct CommandTree {
    /// One argument, option or flag.
    struct Argument {
        let names: [String]
        let help: String
        let values: [String]
        var isPositional = false
    }

    /// The words that call it, `["gatehouse", "doors", "list"]`.
    let words: [String]
    let discussion: String
    let arguments: [Argument]
    let subcommands: [CommandTree]

    /// The whole tree, without the `help` that the parser adds to every group.
    static let whole: CommandTree = {
        let dump = (try? JSONParser.parse(Array(Gatehouse._dumpHelp().utf8), depthLimit: 64)) ?? .null
        return CommandTree(dump["command"] ?? .null, below: [])
    }()

    private init(_ json: JSON, below: [String]) {
        let words = below + [json["commandName"]?.text ?? "?"]
        self.words = words
        discussion = json["discussion"]?.text ?? ""
        arguments = (json["arguments"]?.items ?? []).map { argument in
            let names = (argument["names"]?.items ?? []).compactMap { $0["name"]?.text }
            return Argument(
                names: names.isEmpty ? [argument["valueName"]?.text ?? "?"] : names,
                help: argument["abstract"]?.text ?? "", values: argument["allValues"]?.items?.compactMap(\.text) ?? [],
                isPositional: argument["kind"] == "positional")
        }
        subcommands = (json["subcommands"]?.items ?? []).filter { $0["commandName"] != "help" }
            .map { CommandTree($0, below: words) }
    }

    /// `doors list`.
    var name: String { words.dropFirst().joined(separator: " ") }

    /// It and everything below it.
    var all: [CommandTree] { [self] + subcommands.flatMap(\.all) }

    /// The commands that do something.
    var leaves: [CommandTree] { all.filter(\.subcommands.isEmpty) }

    /// The command lines in the discussion that call this program, split as the shell would split them.
    var examples: [[String]] {
        let lines = discussion.replacing("\\\n", with: " ").split(separator: "\n")
        return lines.flatMap { Self.pipeline(String($0)) }.filter { $0.first == "gatehouse" }
            .map { Array($0.dropFirst()) }
    }

    /// The values that the examples leave to the reader.
    private static let variables = [
        "$SECRET": "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "$HEAD": String(repeating: "5f", count: 32),
    ]

    /// The programs of a line with their words: without quotes and redirections.
    private static func pipeline(_ line: String) -> [[String]] {
        var programs: [[String]] = [[]]
        var word: String?
        var quote: Character?
        var isRedirected = false
        func endWord() {
            guard let finished = word else { return }
            word = nil
            if isRedirected { isRedirected = false } else { programs[programs.count - 1].append(finished) }
        }
        for character in line {
            switch (character, quote) {
            case (let character, let open?):
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            case ("'", nil), ("\"", nil): (quote, word) = (character, word ?? "")
            case (" ", nil): endWord()
            case ("|", nil):
                endWord()
                programs.append([])
            case (">", nil), ("<", nil):
                endWord()
                isRedirected = true
            default: word = (word ?? "") + String(character)
            }
        }
        endWord()
        return programs.map { $0.map { variables[$0] ?? $0 } }
    }
}
