internal import GatehouseCore
internal import GatehouseTesting
import Testing

@testable internal import DialectFixtures
@testable internal import GatehouseDialects

/// The rest of every example of the contracts at each level, in each dialect: golden files for people to read.
@Suite struct SeedPrivacyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let dialect: any Dialect
        let level: PrivacyLevel

        static let all = Dialects.all.flatMap { dialect in
            PrivacyLevel.allCases.map { Case(dialect: dialect, level: $0) }
        }

        var testDescription: String { "\(dialect.name) at level \(level.rawValue)" }
        /// The vendor's name in the folders.
        var vendor: String { "\(type(of: dialect))".replacing("Dialect", with: "") }
    }

    @Test(arguments: Case.all) func everyExampleEqualsItsGoldenFile(_ one: Case) throws {
        let spoken = Spoken(dialect: one.dialect)
        let subscription = try spoken.subscription([
            "privacyLevel": .integer(one.level.rawValue), "secret": .string(Self.secret(of: one.dialect)),
        ])
        var lines: [String] = []
        for (name, event) in try Seeds.all() where one.dialect.vocabulary.sayable.contains(event.kind) {
            let body = String(decoding: spoken.prepare(event, for: subscription).body, as: UTF8.self)
            if !body.isEmpty { lines.append("\(name) \(body)") }
        }
        #expect(!lines.isEmpty)
        let golden = Golden("../Golden/\(one.vendor)")
        let text = lines.joined(separator: "\n") + "\n"
        #expect(try golden.difference(text, from: "seeds.level-\(one.level.rawValue).txt") == nil)
    }

    private static func secret(of dialect: any Dialect) -> String {
        var random = SeededRandom(seed: 11)
        return dialect.makeSecret(using: &random).revealed
    }
}
