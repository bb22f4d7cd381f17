import ArgumentParser
import Testing

@testable import gatehouse

/// The help of every command, found by walking the whole tree.
@Suite struct HelpTests {
    /// Commands that print nothing for programs, and why.
    private static let withoutJSON = [
        "serve": "its output is its log, and log.format makes that JSON",
        "demo": "a show for people; --check tells by its exit code",
        "completions": "prints a script",
        "wait": "tells by its exit code",
    ]

    @Test func theTreeIsWhole() {
        #expect(CommandTree.whole.leaves.count > 40)
        #expect(CommandTree.whole.leaves.contains { $0.name == "subscriptions rotate-secret" })
    }

    @Test func everyCommandShowsExamples() {
        for leaf in CommandTree.whole.leaves {
            let own = leaf.examples.filter { Array($0.prefix(leaf.words.count - 1)) == Array(leaf.words.dropFirst()) }
            #expect(!own.isEmpty, "\(leaf.name) shows no example of its own")
        }
        for group in CommandTree.whole.subcommands { #expect(!group.examples.isEmpty, "\(group.name)") }
    }

    @Test func everyExampleIsTaken() {
        let examples = CommandTree.whole.all.flatMap { command in command.examples.map { (command.name, $0) } }
        #expect(examples.count > 60)
        for (name, arguments) in examples {
            #expect(throws: Never.self, "help \(name): gatehouse \(arguments.joined(separator: " "))") {
                _ = try Gatehouse.parseAsRoot(arguments)
            }
        }
    }

    /// In an update, an option that is left out leaves the value as it is: no other value is its default.
    @Test func updateHasNoDefaults() {
        let updates = CommandTree.whole.leaves.filter { $0.words.last == "update" }
        #expect(updates.count >= 6)
        for update in updates {
            for argument in update.arguments where !["url", "give-up-after"].contains(argument.names[0]) {
                #expect(!argument.help.contains("(default"), "\(update.name): \(argument.names)")
            }
        }
    }

    @Test func everyOptionIsExplained() {
        for command in CommandTree.whole.all {
            for argument in command.arguments {
                #expect(!argument.help.isEmpty, "\(command.name): \(argument.names)")
            }
        }
    }

    @Test func everyCommandThatPrintsHasJSONForPrograms() {
        let without = CommandTree.whole.leaves.filter { leaf in !leaf.arguments.contains { $0.names.contains("json") } }
        #expect(Set(without.map(\.name)) == Set(Self.withoutJSON.keys))
    }

    @Test func theRootTellsEveryExitCode() {
        for code in CommandError.Sort.allCases {
            #expect(CommandTree.whole.discussion.contains("\(code.rawValue)  \(code.meaning)"))
        }
    }

    @Test func aLineIsCutAsTheShellWouldCutIt() {
        // The parser of this test must itself be right.
        let list = CommandTree.whole.leaves.first { $0.name == "verify" }
        #expect(list?.examples.first?.last?.hasPrefix("whsec_") == true, "redirections and variables")
        let send = CommandTree.whole.leaves.first { $0.name == "send" }
        #expect(send?.examples.contains(["send", "--file", "-"]) == true, "behind a pipe")
        #expect(send?.examples.contains { $0.last == #"{"access":{"direction":"entry"}}"# } == true, "in quotes")
        let create = CommandTree.whole.subcommands.first { $0.name == "subscriptions" }
        #expect(create?.examples.contains { $0.contains("door.*,panic.raised") } == true, "over two lines")
    }
}
