import GatehouseCore
import Testing

@testable import gatehouse

/// What is offered where a command line is not taken.
@Suite struct MeantTests {
    /// Every command of the tree, mistyped.
    @Test func eachMistypedCommandIsRecognized() {
        func visit(_ command: CommandTree) {
            for sub in command.subcommands {
                let words = Array(sub.words.dropFirst())
                let name = words.last ?? ""
                let typo = "\(name.prefix(1))q\(name.dropFirst(name.count > 3 ? 2 : 1))"
                let wrong = Array(words.dropLast()) + [typo]
                if name.count > 2 {
                    let meant = Meant.sentence(for: wrong + ["--limit", "5"])
                    #expect(meant == "Did you mean '\(name)'?", "\(wrong)")
                }
                visit(sub)
            }
        }
        visit(.whole)
    }

    /// Every value of every option that knows its values, mistyped.
    @Test func eachMistypedValueIsRecognized() {
        var count = 0
        func visit(_ command: CommandTree) {
            for argument in command.arguments {
                for value in argument.values {
                    let option = argument.isPositional ? nil : argument.names.first
                    for words in option.map({ [["--\($0)", value + "x"], ["--\($0)=\(value)x"]] }) ?? [[value + "x"]] {
                        let line = Array(command.words.dropFirst()) + words
                        #expect(Meant.sentence(for: line) == "Did you mean '\(value)'?", "\(line)")
                        count += 1
                    }
                }
            }
            command.subcommands.forEach(visit)
        }
        visit(.whole)
        #expect(count > 20)
    }

    @Test(arguments: [
        [], ["--help"], ["deliveries", "list"], ["deliveries", "list", "--state", "dead"], ["xyzzy"],
        ["deliveries", "list", "--state", "xyzzy-plugh"], ["deliveries", "list", "--state"], ["send", "door.forced"],
    ])
    func nothingIsOfferedWhereNothingIsNear(words: [String]) {
        #expect(Meant.sentence(for: words) == nil)
    }
}
