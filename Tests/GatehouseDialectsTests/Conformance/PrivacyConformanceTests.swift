internal import Foundation
internal import GatehouseCore
internal import GatehouseTesting
internal import HTTPTypes
import Testing

@testable internal import DialectFixtures
@testable internal import GatehouseDialects

/// With any contents of open fields, at any depth and in any spelling: no classified byte leaves, and harmless values
/// do.
@Suite struct PrivacyConformanceTests {
    /// The gateway's dialects, each at each level.
    private static let all = Spoken.all.flatMap { spoken in PrivacyLevel.allCases.map { (spoken, $0) } }

    @Test(arguments: all)
    func credentialInAnySpellingIsWithheldByTheLevel(_ spoken: Spoken, _ level: PrivacyLevel) throws {
        let subscription = try spoken.subscription(["privacyLevel": .integer(level.rawValue)])
        let kinds = Kind.allCases.filter { spoken.dialect.vocabulary.sayable.contains($0) }
        var told = 0
        for kind in kinds {
            let seed = UInt64.random(in: .min ... .max)
            var building = Wilderness(seed: seed)
            let event = building.event(kind)
            let request = spoken.prepare(event, for: subscription)
            let sent =
                String(decoding: request.body, as: UTF8.self)
                + request.headers.map { "\($0.name.rawName): \($0.value)" }.joined(separator: "\n")
            let leaked = Canary.banned(at: level).filter { sent.contains($0) }
            #expect(leaked.isEmpty, "of \(kind.name), seed \(seed)")
            if sent.contains(Canary.credential) || sent.contains(Canary.person) { told += 1 }
        }
        // Without this, a dialect that leaves all open fields out would pass.
        if spoken.dialect is StandardDialect { #expect((told > 0) == (level < .noPersons)) }
    }

    @Test(arguments: PrivacyLevel.allCases)
    func harmlessTestIsSentAtEveryLevel(_ level: PrivacyLevel) throws {
        let spoken = Spoken(dialect: StandardDialect())
        let subscription = try spoken.subscription(["privacyLevel": .integer(level.rawValue)])
        for _ in 0..<200 {
            let seed = UInt64.random(in: .min ... .max)
            var building = Wilderness(seed: seed)
            let event = building.event(.deviceUpdated)
            let body = String(decoding: spoken.prepare(event, for: subscription).body, as: UTF8.self)
            #expect(body.ranges(of: Wilderness.harmless).count == building.planted, "seed \(seed)")
        }
    }
}

/// Makes events whose open fields are full of unforeseen names.
struct Wilderness {
    /// A value that must leave at every level.
    static let harmless = "harmless-value"

    private var random: SeededRandom
    /// How many harmless values are where every level shows them.
    private(set) var planted = 0

    init(seed: UInt64) {
        self.random = SeededRandom(seed: seed)
    }

    /// An event of a kind with everything that it may carry, and random contents in its open blocks.
    mutating func event(_ kind: Kind) -> Event {
        var data = Canary.event(kind).data
        let blocks = Catalogue.row(of: kind).blocks
        for block in Block.allCases where blocks.contains(block) {
            guard case .open = BlockTable.shape(of: block) else { continue }
            var object = data[block.rawValue]?.object ?? JSONObject()
            for member in grown(depth: 3, isTold: block == .details).members { object[member.key] = member.value }
            data[block.rawValue] = .object(object)
        }
        return Building.event(kind, data)
    }

    private mutating func grown(depth: Int, isTold: Bool) -> JSONObject {
        var object = JSONObject()
        for _ in 0..<6 {
            let isObject = depth > 0 && random.next() % 2 == 0
            let (name, sort) = named()
            guard object[name] == nil else { continue }
            switch sort {
            case .credential: object[name] = filled(Canary.credential, Canary.credentialNumber, depth)
            case .person: object[name] = filled(Canary.person, Canary.personNumber, depth)
            case .harmless:
                object[name] = .string(Self.harmless)
                if isTold { planted += 1 }
            }
            guard isObject else { continue }
            let holder = pick(["metadata", "details", "prevState", "newState", "body"])
            if object[holder] == nil {
                // In a list of objects, or as one.
                let inner = JSON.object(grown(depth: depth - 1, isTold: isTold))
                object[holder] = random.next() % 2 == 0 ? inner : .array([inner])
            }
        }
        return object
    }

    private enum Sort {
        case credential, person, harmless
    }

    private mutating func named() -> (String, Sort) {
        switch random.next() % 3 {
        case 0: (credentialName(), .credential)
        case 1:
            (
                spelled([pick(["neverHeardOf", "firstName", "nick", "holder", "homeTown", "shipping", "opinion"])]),
                .person
            )
        default:
            (pick(["groupName", "panelId", "readerType", "state", "publicIcon", "ioLinkName", "door_name"]), .harmless)
        }
    }

    /// A credential word, perhaps with words around it.
    private mutating func credentialName() -> String {
        let word = pick([
            "card", "pin", "badge", "credential", "password", "passcode", "token", "secret", "qr", "fingerprint",
            "wiegand", "plate", "cards", "pins", "tokens",
        ])
        let around = ["user", "new", "old", "main", "raw", "26", "content", "number", "code", "value", "data", "x"]
        var words = [word]
        if random.next() % 2 == 0 { words.insert(pick(around), at: 0) }
        if random.next() % 2 == 0 { words.append(pick(around)) }
        return spelled(words)
    }

    private mutating func spelled(_ words: [String]) -> String {
        switch random.next() % 7 {
        case 0: words.joined(separator: "_")
        case 1: words.joined(separator: "-").uppercased()
        case 2: words.joined(separator: ".")
        case 3: words.joined(separator: " ").capitalized
        case 4: words.map(\.capitalized).joined()
        case 5: words[0] + words.dropFirst().map { $0.uppercased() }.joined(separator: "_")
        default: words[0] + words.dropFirst().map(\.capitalized).joined()
        }
    }

    private mutating func filled(_ text: String, _ number: Int, _ depth: Int) -> JSON {
        switch random.next() % 5 {
        case 0: .integer(number)
        case 1: .array([.string(text), .integer(number)])
        case 2: ["any": .string(text), "id": ["thing": .integer(number)]]
        case 3: .array([["state": ["name": .string(text)]]])
        default: .string(text)
        }
    }

    private mutating func pick<Value>(_ choices: [Value]) -> Value {
        choices[Int(random.next() % UInt64(choices.count))]
    }
}
