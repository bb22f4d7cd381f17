import Testing

/// A rule that never finds anything proves nothing: each gets what it must find, and what it must let pass.
@Suite struct RulesCanFailTests {
    private func core(_ text: String) -> SourceFile { SourceFile("Sources/GatehouseCore/Sample.swift", text) }

    private func lines(_ findings: [Finding]) -> [Int] { findings.map(\.line) }

    @Test func aWideLineIsFoundOutsideTables() {
        let wide = "row(\"" + String(repeating: "x", count: 120) + "\"),"
        let table = "    // swift-format-ignore\n    static let rows = [\n        \(wide)\n    ]\n"
        #expect(lines(SizeRules.wideLines(core("let a = 1\n\(wide)\n"))) == [2])
        #expect(SizeRules.wideLines(core(table)).isEmpty)
        #expect(lines(SizeRules.wideLines(core(table + wide))) == [5])
        #expect(lines(SizeRules.wideLines(core("// swift-format-ignore\nlet a = 1\n\(wide)"))) == [3])
    }

    @Test func aFileThatHidesFromTheFormatterIsFound() {
        #expect(lines(SizeRules.unformattedFile(core("\n// swift-format-ignore-file\n"))) == [2])
    }

    @Test func aLongFileIsFound() {
        #expect(SizeRules.longFile(core(String(repeating: "\n", count: 500))).isEmpty)
        #expect(SizeRules.longFile(core(String(repeating: "\n", count: 501))).count == 1)
    }

    @Test(arguments: [
        "func f()", "init(a: Int = { 1 }())", "var a: [Int]", "subscript(a: Int) -> Int", "deinit", "init?(_ a: Int)",
        "func f<A>(\n    _ a: A\n) async throws -> [A]\nwhere A: Sendable",
    ])
    func aLongFunctionIsFound(_ head: String) {
        let rest = 70 - head.split(separator: "\n").count - 1
        let fits = "\(head) {\n" + String(repeating: "    a(\"}\") // }\n", count: rest) + "}\n"
        let spills = "\(head) {\n" + String(repeating: "    a(\"}\") // }\n", count: rest + 1) + "}\n"
        #expect(SizeRules.longFunctions(core("struct S {\n\(fits)}")).isEmpty)
        #expect(lines(SizeRules.longFunctions(core("struct S {\n\(spills)}"))) == [2])
    }

    @Test func aRequirementHasNoLength() {
        let body = String(repeating: "    func g()\n", count: 80)
        #expect(
            SizeRules.longFunctions(core("protocol P {\n    func f() async -> Int\n\(body)}\nstruct S {\n\(body)}"))
                .isEmpty)
    }

    @Test(arguments: [
        "static var cache: [String: Int] = [:]", "private static let turns = Turns()", "let a = Mutex(0)",
        "static var last\n    = 1", "actor Keeper {}", "nonisolated(unsafe) static var a = 1",
    ])
    func aDialectThatRemembersIsFound(_ line: String) {
        let file = SourceFile("Sources/GatehouseDialects/Situator/SituatorManage.swift", "enum A {\n    \(line)\n}")
        #expect(!VendorFolderRules.memory(file).isEmpty)
        #expect(VendorFolderRules.memory(core(line)).isEmpty)
    }

    @Test func aDialectMayComputeWhatItLikes() {
        let text = "enum A {\n    static var a: Int { 1 }\n    static let b = 1\n    // Mutex\n    var c = \"Turns\"\n}"
        let file = SourceFile("Sources/GatehouseDialects/Situator/SituatorManage.swift", text)
        #expect(VendorFolderRules.memory(file).isEmpty)
    }

    @Test(arguments: [
        "private let state = Mutex(0)", "static var cache: [String: Int] = [:]", "var count = Atomic(0)",
        "var random = SystemRandomNumberGenerator()", "let now = ContinuousClock.now", "let id = UUID()",
        "let now = Date()", "actor Keeper {}", "let number = Int.random(in: 0..<9)", "nonisolated(unsafe) var a = 1",
        "list.shuffled()", "let live = Snapshot(0)",
    ])
    func aCoreThatDoesMoreThanComputeIsFound(_ line: String) {
        let text = "enum Sample {\n    \(line)\n}"
        #expect(lines(PureRules.impurities(core(text))) == [2])
        #expect(PureRules.impurities(SourceFile("Sources/GatehouseControl/Sample.swift", text)).isEmpty)
    }

    @Test(arguments: [
        "static var empty: Sample { Sample() }", "let number = Int.random(in: 0..<9, using: &random)",
        "protocol WallClock { var now: Instant { get } }", "// Mutex", "let text = \"UUID()\"",
        "list.shuffled(using: &random)", "static let words = [1]",
    ])
    func whatComputesPasses(_ line: String) {
        #expect(PureRules.impurities(core("enum Sample {\n    \(line)\n}")).isEmpty)
    }

    @Test func aVendorsWordIsFoundOutsideItsFolder() {
        for word in ["let myHook = 1", "// the Topic\n", "let a = \"no such endpoint\"", "func endpoints() {}"] {
            #expect(WordRules.vendorWords(core(word)).count == 1, "\(word)")
            let vendors = SourceFile("Sources/GatehouseDialects/Situator/SituatorManage.swift", word)
            #expect(WordRules.vendorWords(vendors).isEmpty, "\(word)")
            let ours = SourceFile("Sources/GatehouseDialects/Standard/StandardDialect.swift", word)
            #expect(WordRules.vendorWords(ours).count == 1, "\(word)")
        }
        #expect(WordRules.vendorWords(core("let webhookID = \"webhook-id\" // Standard Webhooks")).isEmpty)
        #expect(WordRules.vendorWords(core("let fields = [\"topic\"]")).isEmpty)
    }

    @Test func aHardWordIsFound() {
        for word in ["He is told of it", "Somebody", "nobody's", "whoever", "one of which"] {
            #expect(PlainWordRules.literals(core("let a = \"\(word)\"")).count == 1, "\(word)")
            #expect(PlainWordRules.documents(SourceFile("docs/a.md", "\n\(word)")).map(\.line) == [2], "\(word)")
            #expect(PlainWordRules.documents(SourceFile("docs/a.md", "`\(word)` [a](b-\(word).md)")).isEmpty)
        }
        for text in PlainWordRules.exceptions { #expect(PlainWordRules.literals(core("let a = \"\(text)\"")).isEmpty) }
    }

    @Test(arguments: ["Somebody", "anybody's", "Nobody", "whoever", "whatever", "one of which"])
    func aHardWordIsFoundInCommentsAndTestNames(_ word: String) {
        let letters = word.filter(\.isLetter)
        let name = letters.prefix(1).uppercased() + letters.dropFirst()
        let (product, test) = ("Sources/GatehouseStores/A.swift", "Tests/ATests/B.swift")
        #expect(lines(PlainWordRules.prose(SourceFile(product, "\n/// A \(word) b.\nlet a = 1 // \(word)"))) == [2, 3])
        #expect(lines(PlainWordRules.literals(SourceFile(product, "let a = \"a \(word)\""))) == [1])
        #expect(lines(PlainWordRules.prose(SourceFile(test, "let a = \"a \(word)\""))) == [1])
        #expect(PlainWordRules.prose(SourceFile(test, "let a = \"/v1/keys/\(name)\"; func \(name)() {}")).isEmpty)
        if !word.contains(" "), !word.contains("'") {
            let source = "@Test(arguments: [1])\nfunc aKeyOf\(name)IsFound(a: Int) {}"
            #expect(lines(PlainWordRules.prose(SourceFile(test, source))) == [2])
        }
    }

    @Test(arguments: ["held against it", "is not to be had", "speaks for a panel", "what comes of it"])
    func aHardPhraseIsFoundInProseAlone(_ phrase: String) {
        #expect(lines(PlainWordRules.prose(core("let a = 1\n// It \(phrase)."))) == [2])
        #expect(lines(PlainWordRules.prose(SourceFile("Tests/ATests/B.swift", "let a = \"it \(phrase)\""))) == [1])
        #expect(PlainWordRules.literals(core("let a = \"it \(phrase)\"")).isEmpty)
    }

    @Test(arguments: [
        "if key.hash == presented {}", "guard given != session.token else {}", "a.hash(b) == c", "x == y.revealed",
        "let a = left.password==right", "signatures.contains(given.signature)", "a?.md5 == b", "list[0].token != other",
        "a.elementsEqual(b.digest)", "x == request.cookie!",
    ])
    func aHastyComparisonIsFound(_ line: String) {
        #expect(lines(SecretRules.hastyComparisons(core("\n\(line)"))) == [2])
        #expect(SecretRules.hastyComparisons(SourceFile("Tests/ATests/B.swift", line)).isEmpty)
    }

    @Test(arguments: [
        "key.hash == nil", "a.token.count == 3", "sort == .cookie", "token == \"a\"", "let hash = other.hash",
        "ConstantTime.equal(hash, other)", "tokens.contains { $0.isOld }", "a >= hash", "hash.isEmpty != b.isEmpty",
        "static func == (left: A, right: A) -> Bool", "terms.secret == present.secret",
    ])
    func harmlessComparisonPasses(_ line: String) {
        #expect(SecretRules.hastyComparisons(core(line)).isEmpty)
    }

    @Test(arguments: [
        "public struct A {}", "public final class A {}", "enum A {\n    public static let b = 1\n}", "open class A {}",
        "struct A {\n    package public(set) var b = 1\n}", "public @MainActor func a() {}",
    ])
    func publicDeclarationOutsideProductsIsFound(_ text: String) {
        #expect(AccessRules.published(SourceFile("Sources/GatehouseStores/A.swift", text)).count == 1)
        #expect(AccessRules.published(SourceFile("Tests/ATests/B.swift", text)).count == 1)
        for room in AccessRules.products {
            #expect(AccessRules.published(SourceFile("Sources/\(room)/A.swift", text)).isEmpty)
        }
    }

    @Test(arguments: [
        "package struct A {}", "public import NIOCore", "enum A {\n    case public\n    case open\n}",
        "let a = b.public", "f(public: 1)", "// public struct A {}", "let text = \"public struct A {}\"",
    ])
    func declarationForOwnModulesPasses(_ text: String) {
        #expect(AccessRules.published(SourceFile("Sources/GatehouseStores/A.swift", text)).isEmpty)
    }

    @Test(arguments: [
        "public struct", "package enum", "package final class", "public protocol", "package indirect enum",
    ])
    func undocumentedTypeIsFound(_ head: String) {
        #expect(lines(AccessRules.undocumented(core("// a\n\(head) A {}"))) == [2])
        #expect(lines(AccessRules.undocumented(core("\(head) A {}"))) == [1])
        #expect(AccessRules.undocumented(core("/// a\n@frozen\n\(head) A {}")).isEmpty)
    }

    @Test func undocumentedTypeOfOneModulePasses() {
        #expect(AccessRules.undocumented(core("struct A {}\npackage init() {}\npackage extension A {}")).isEmpty)
    }

    @Test func aMarkerIsFound() {
        #expect(lines(WordRules.markers(core("a\n// TODO: b\nlet c = \"FIXME\" // XXX"))) == [2, 3, 3])
        #expect(WordRules.markers(core("let todo = \"mXXXn\"")).isEmpty)
    }

    @Test func aTrapdoorIsFound() {
        #expect(lines(WordRules.trapdoors(core("let a = try! b()\nfatalError(\"c\")"))) == [1, 2])
        #expect(WordRules.trapdoors(core("let a = try? b() // try! fatalError(\nlet c = \"try! fatalError(\"")).isEmpty)
    }

    @Test func aForcedUnwrapIsFound() {
        #expect(lines(WordRules.forcedUnwraps(core("a!.b\nc()!\nd[1]!\ne as! F\nvar g: H!"))) == [1, 2, 3, 4, 5])
        #expect(WordRules.forcedUnwraps(core("if !a, b != c, (!d) { \"e!\" } // f!")).isEmpty)
        #expect(lines(WordRules.forcedUnwraps(core("\"\"\"\nwow!\n\\(a!)\n\"\"\""))) == [3])
        #expect(WordRules.forcedUnwraps(SourceFile("Tests/ATests/B.swift", "a!.b")).isEmpty)
    }

    @Test func aPrintIsFoundOutsideCommands() {
        #expect(lines(WordRules.prints(core("\nprint(\"a\")"))) == [2])
        #expect(WordRules.prints(core("table.print(a)\nfunc print(_ a: Int) {}\nlet print = 1")).isEmpty)
        #expect(WordRules.prints(SourceFile("Sources/gatehouse/Commands/Send.swift", "print(1)")).isEmpty)
    }

    @Test func aMachinesPathIsFound() {
        #expect(lines(WordRules.machinePaths(core("let a = \"b\"\nlet c = \"/home/ana/d\""))) == [2])
        #expect(WordRules.machinePaths(SourceFile("README.md", "see /etc/ssl/certs")).isEmpty)
        let beside = core("let a = \"b\"\n// as in /builds/other/notes")
        #expect(WordRules.machinePaths(beside).isEmpty)
        #expect(
            lines(
                WordRules.machinePaths(
                    beside, neighbours: Project.Neighbours(parent: "/builds", names: ["mine", "other"]))) == [2])
        if let here = Project.here.neighbours {
            #expect(here.parent.hasPrefix("/") && here.parent.count > 1)
            #expect(here.names.allSatisfy { !$0.isEmpty && !$0.contains("/") })
        }
    }

    @Test(arguments: [
        ("GatehouseCore", "Foundation"), ("GatehouseCore", "GRDB"), ("GatehouseDialects", "GatehouseStores"),
        ("GatehouseDialects", "NIOCore"), ("GatehouseServer", "GatehouseDelivery"), ("GatehouseServer", "GRDB"),
        ("GatehouseStores", "NIOPosix"), ("GatehouseDelivery", "Hummingbird"), ("GatehouseServer", "GatehouseGateway"),
        ("GatehouseDelivery", "Yams"), ("gatehouse", "GRDB"), ("GatehouseVerification", "GatehouseCore"),
        ("gatehouse", "Testing"), ("GatehouseStores", "GatehouseControl"), ("GatehouseDialects", "GatehouseControl"),
        ("GatehouseDelivery", "HummingbirdCore"), ("gatehouse", "AsyncHTTPClient"),
    ])
    func aStrangerIsFound(room: String, module: String) {
        func file(_ module: String) -> SourceFile {
            SourceFile("Sources/\(room)/Sample.swift", "// a\n@preconcurrency internal import \(module)")
        }
        #expect(lines(ImportRules.strangers(file(module))) == [2])
        #expect(lines(ImportRules.strangers(file("struct \(module).Thing"))) == [2])
        #expect(ImportRules.strangers(file("Crypto")).isEmpty)
    }

    @Test func controlStandsOnCoreAlone() {
        for module in ["GatehouseStores", "GatehouseServer", "HTTPTypes", "Hummingbird", "NIOCore", "Crypto"] {
            let file = SourceFile("Sources/GatehouseControl/Sample.swift", "package import \(module)")
            #expect(lines(ImportRules.strangers(file)) == [1], "\(module)")
        }
        for room in ["GatehouseServer", "GatehouseDelivery", "GatehouseGateway"] {
            let file = SourceFile("Sources/\(room)/Sample.swift", "internal import GatehouseControl")
            #expect(ImportRules.strangers(file).isEmpty, "\(room)")
        }
    }

    @Test func aTableThatSaysOtherThanTheCodeIsFound() {
        func page(_ cell: String, _ sentence: String = "Beside these, a room may import `Logging`.") -> ImportTable {
            let table = "| room | is for | may import |\n|---|---|---|\n| `GatehouseCore` | a | Crypto |\n"
            return ImportTable(in: SourceFile("A.md", table + "| `Top` | b | \(cell) |\n\n\(sentence)"))
        }
        let core = SourceFile("Sources/GatehouseCore/A.swift", "import Crypto")
        let top = SourceFile("Sources/Top/A.swift", "import GatehouseCore\ninternal import NIOPosix\nimport Logging")
        for cell in ["Core, NIO", "all of the above, NIO", "NIO, Core"] {
            #expect(page(cell).findings([core, top]).isEmpty, "\(cell)")
        }
        #expect(lines(page("Core").findings([core, top])) == [2], "the code has more")
        #expect(page("all of the above").findings([core, top]).map(\.path) == ["Sources/Top/A.swift"])
        #expect(lines(page("Core, NIO, GRDB").findings([core, top])) == [4], "the table has more")
        #expect(page("Core, NIO").findings([top]).map(\.line) == [3], "no file of the room has it")
        #expect(page("Core, NIO", "").findings([core, top]).count == 1)
        #expect(ImportTable(in: SourceFile("A.md", "no table")).findings([core, top]).count == 1)
    }

    @Test func aStrayFileIsFound() {
        #expect(NameRules.strayFile(core("struct Other { let a = \"struct Sample\" }")).count == 1)
        #expect(NameRules.strayFile(core("struct Other {}\nextension A.Sample {}")).isEmpty)
        #expect(NameRules.strayFile(SourceFile("Sources/A/B+c.swift", "extension B {}")).isEmpty)
        #expect(NameRules.strayFile(SourceFile("Sources/A/B+c.swift", "extension C {}")).count == 1)
    }

    @Test func anEmptyNameIsFound() {
        #expect(NameRules.emptyNames(SourceFile("Sources/A/Utils/B.swift", "struct B {}")).count == 1)
        #expect(NameRules.emptyNames(SourceFile("Sources/A/StringHelpers.swift", "")).count == 1)
        #expect(lines(NameRules.emptyNames(core("\nfinal class LinkManager {}\nextension FileManager {}"))) == [2])
        #expect(NameRules.emptyNames(SourceFile("Sources/GatehouseServer/Manage/Keys.swift", "enum Keys {}")).isEmpty)
    }

    @Test func anIncompleteVendorIsFound() {
        let home = "Sources/GatehouseDialects/Acme/Acme"
        let whole = [
            "\(home)Dialect.swift", "\(home)Events.swift", "\(home)Payload.swift", "\(home)Manage.swift",
            "docs/dialects/acme.md", "Tests/GatehouseDialectsTests/Golden/Acme/door.json",
        ]
        let registry = SourceFile(VendorFolderRules.registry, "enum Dialects { static let all = [AcmeDialect()] }")
        #expect(VendorFolderRules.incomplete(whole, registry: registry).isEmpty)
        for place in whole.indices.dropFirst() {
            var part = whole
            part.remove(at: place)
            #expect(VendorFolderRules.incomplete(part, registry: registry).count == 1, "\(whole[place])")
        }
        let empty = SourceFile(VendorFolderRules.registry, "enum Dialects { static let all = [] /* AcmeDialect() */ }")
        #expect(VendorFolderRules.incomplete(whole, registry: empty).count == 1)
        #expect(VendorFolderRules.incomplete(whole, registry: nil).count == 1)
    }

    @Test func theLexerTellsCodeFromTheRest() {
        let text = #"""
            a /* b /* c */ d */ e // f
            let g = "h \(i("j")) k" + #"l "m" \(n)"# ), /o"p\/q/, s / 2, r / 3
            """#
        let tokens = Lexer.tokens(of: text)
        #expect(tokens.filter { $0.sort == .word }.map(\.text) == ["a", "e", "let", "g", "i", "s", "2", "r", "3"])
        #expect(tokens.filter { $0.sort == .literal }.map(\.text) == ["j", "h  k", #"l "m" \(n)"#, #"o"p\/q"#])
    }
}
