internal import GatehouseCore
internal import GatehouseTesting
import Testing

@testable internal import DialectFixtures

/// The duties of every vendor's dialect: names and promises. A new dialect is tested as soon as it is in the registry.
@Suite struct DialectConformanceTests {
    @Test func everyNameOccursOnce() {
        let names = Spoken.all.map(\.dialect.name)
        #expect(Set(names).count == names.count)
        #expect(names.count > 1)
        for name in names {
            #expect(name.text.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D }, "\(name)")
        }
    }

    @Test func tableFindsEachDialectByItsName() {
        let table = DialectTable(Spoken.all.map(\.dialect))
        for spoken in Spoken.all { #expect(table[spoken.dialect.name]?.name == spoken.dialect.name) }
        #expect(table[DialectName("latin")] == nil)
    }

    @Test(arguments: Spoken.all)
    func everyKindHasANameOrAReason(_ spoken: Spoken) {
        let vocabulary = spoken.dialect.vocabulary
        for kind in Kind.allCases {
            switch vocabulary.entries[kind] {
            case .named(let names):
                #expect(!names.isEmpty && names.allSatisfy { !$0.text.isEmpty }, "\(kind)")
                #expect(Set(names).count == names.count, "\(kind)")
                #expect(vocabulary.sayable.contains(kind))
            case .silent(let reason):
                #expect(reason.count > 10, "\(kind): a reason is a sentence")
                #expect(!vocabulary.sayable.contains(kind))
            case nil: Issue.record("\(kind.name) is neither named nor silent")
            }
        }
        #expect(!vocabulary.sayable.isEmpty)
    }

    @Test(arguments: Spoken.all)
    func eventGetsOnlyNamesOfItsKind(_ spoken: Spoken) throws {
        let subscription = try spoken.subscription()
        var said = 0
        for kind in Kind.allCases {
            for direction: JSON in ["entry", "exit", "none"] {
                let names = spoken.dialect.names(of: Canary.event(kind, access: direction), for: subscription)
                said += names.count
                switch spoken.dialect.vocabulary.entries[kind] {
                case .named(let known): #expect(Set(names).isSubset(of: Set(known)), "\(kind)")
                case .silent, nil: #expect(names.isEmpty, "\(kind)")
                }
            }
        }
        #expect(said > 0)
    }

    @Test(arguments: Spoken.all)
    func namesDependOnlyOnTheirArguments(_ spoken: Spoken) throws {
        let (one, two) = (try spoken.subscription(), try spoken.subscription())
        for kind in Kind.allCases {
            let names = spoken.dialect.names(of: Canary.event(kind), for: one)
            #expect(spoken.dialect.names(of: Canary.event(kind), for: one) == names)
            #expect(spoken.dialect.names(of: Canary.event(kind), for: two) == names)
        }
    }

    @Test(arguments: Spoken.all)
    func namesDoNotDependOnThePrivacyLevel(_ spoken: Spoken) throws {
        let open = try spoken.subscription(["privacyLevel": 0])
        let closed = try spoken.subscription(["privacyLevel": 2])
        for kind in Kind.allCases {
            let event = Canary.event(kind)
            #expect(spoken.dialect.names(of: event, for: open) == spoken.dialect.names(of: event, for: closed))
        }
    }

    @Test(arguments: Spoken.all)
    func defaultsAreWithinTheBoundsOfOwners(_ spoken: Spoken) {
        let defaults = spoken.dialect.defaults
        #expect((Duration.seconds(1)...Duration.seconds(30)).contains(defaults.timeout))
        #expect((0..<1).contains(defaults.retries.jitter))
        for delays in [defaults.retries.delays, defaults.retries.urgentDelays] {
            #expect(delays.count <= 50)
            #expect(delays.allSatisfy { (Duration.zero...Duration.seconds(7 * 86_400)).contains($0) })
        }
    }

    @Test(arguments: Spoken.all)
    func createdSecretIsValidAndRandom(_ spoken: Spoken) throws {
        let dialect = spoken.dialect
        var terms = try spoken.terms()
        #expect((terms.secret != nil) == dialect.defaults.makesSecret)
        var made: Set<Secret> = []
        for seed in UInt64(1)...100 {
            var (one, two) = (SeededRandom(seed: seed), SeededRandom(seed: seed))
            let secret = dialect.makeSecret(using: &one)
            #expect(dialect.makeSecret(using: &two) == secret)
            made.insert(secret)
            terms.secret = secret
            #expect(dialect.faults(in: terms).isEmpty, "seed \(seed)")
        }
        #expect(made.count == 100)
    }

    @Test(arguments: Spoken.all)
    func weakSecretAndAnUnknownSettingAreNamed(_ spoken: Spoken) throws {
        var terms = try spoken.terms()
        if spoken.dialect.defaults.makesSecret {
            terms.secret = Secret(spoken.weakSecret)
            #expect(spoken.dialect.faults(in: terms).map(\.field) == ["secret"])
            #expect(spoken.dialect.faults(in: terms).allSatisfy { !$0.sentence.contains(spoken.weakSecret) })
        }
        terms = try spoken.terms()
        terms.settings = spoken.settings
        terms.settings["no such setting"] = true
        #expect(spoken.dialect.faults(in: terms).map(\.field) == ["settings.no such setting"])
    }
}
