import GatehouseCore
import Testing

@testable import gatehouse

/// The suggestions for a command line that is refused.
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

    /// Every value of every option with a list of values, mistyped.
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

    /// A user who leaves out the group is told the whole command.
    @Test(arguments: [
        (["backup", "x.db"], "gatehouse store backup"), (["rotate-secret"], "gatehouse subscriptions rotate-secret"),
        (["bakup"], "gatehouse store backup"), (["tail"], "gatehouse events tail"),
    ])
    func aCommandOfAGroupIsFoundWithoutItsGroup(words: [String], meant: String) {
        #expect(Meant.sentence(for: words) == "Did you mean '\(meant)'?")
    }

    @Test func helpForACommandThatThereIsNoneOfIsAFault() {
        #expect(Meant.faultOfHelp(["help", "bogus"])?.contains("there is no command 'bogus'") == true)
        #expect(Meant.faultOfHelp(["help", "backup"])?.contains("'gatehouse store backup'") == true)
        #expect(Meant.faultOfHelp(["help", "store", "bakup"])?.contains("Did you mean 'backup'?") == true)
        for right in [["help"], ["help", "store"], ["help", "store", "backup"], ["store"], ["help", "--version"]] {
            #expect(Meant.faultOfHelp(right) == nil, "\(right)")
        }
    }

    @Test(arguments: [
        [], ["--help"], ["deliveries", "list"], ["deliveries", "list", "--state", "dead"], ["xyzzy"],
        ["deliveries", "list", "--state", "xyzzy-plugh"], ["deliveries", "list", "--state"], ["send", "door.forced"],
    ])
    func nothingIsOfferedWhereNothingIsNear(words: [String]) {
        #expect(Meant.sentence(for: words) == nil)
    }
}
