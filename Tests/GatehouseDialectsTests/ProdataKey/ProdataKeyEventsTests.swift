internal import GatehouseCore
import Testing

@testable import GatehouseDialects

/// The table of topics, held against the vendor's page and our catalogue.
@Suite struct ProdataKeyEventsTests {
    @Test func theTopicsAreThoseOfTheVendorsPage() throws {
        let examples = try ProdataKeyExamples.all()
        #expect(examples.count == 70)
        for (name, body) in examples { #expect(body["topic"]?.text == name) }
        #expect(Set(examples.map(\.topic)) == Set(ProdataKeyEvents.rows.map(\.topic)))
        #expect(ProdataKeyEvents.rows.count == 70)
    }

    @Test func tenTopicsAreOfOrganizationsAndSixtyOfPanels() throws {
        #expect(ProdataKeyEvents.organizationTopics.count == 10)
        #expect(ProdataKeyEvents.panelTopics.count == 60)
        #expect(ProdataKeyEvents.organizationTopics.isDisjoint(with: ProdataKeyEvents.panelTopics))
        for (topic, body) in try ProdataKeyExamples.all() {
            #expect(ProdataKeyEvents.panelTopics.contains(topic) == (body["panelId"] != nil), "\(topic)")
        }
    }

    @Test func aKindStandsOnce() {
        #expect(Set(ProdataKeyEvents.rows.map(\.kind)).count == 70)
    }

    @Test func whatIsNotSaidIsSilentForAReason() {
        let entries = ProdataKeyEvents.vocabulary.entries
        var silent: [Kind: String] = [:]
        for kind in Kind.allCases {
            switch entries[kind] {
            case .named(let names):
                #expect(names.map(\.text) == [ProdataKeyEvents.topic(of: kind)])
                #expect(names.count == 1)
            case .silent(let reason):
                #expect(reason.count > 20)
                #expect(ProdataKeyEvents.topic(of: kind) == nil)
                silent[kind] = reason
            case nil: Issue.record("\(kind.name) is neither named nor silent")
            }
        }
        #expect(silent.count == Kind.allCases.count - 70)
        for kind: Kind in [.personBulkCreated, .personBulkUpdated, .personBulkDeleted] {
            #expect(silent[kind]?.contains("one person per request") == true)
        }
    }

    @Test func kindAndTopicFindEachOther() {
        for row in ProdataKeyEvents.rows {
            #expect(ProdataKeyEvents.topic(of: row.kind) == row.topic)
            #expect(ProdataKeyEvents.row(ofTopic: row.topic)?.kind == row.kind)
        }
        #expect(ProdataKeyEvents.row(ofTopic: "door.request") == nil)
        #expect(ProdataKeyEvents.row(ofTopic: "") == nil)
        #expect(ProdataKeyEvents.topic(of: .gatewayTest) == nil)
    }

    @Test func theShippedEventsHaveTheSameKinds() throws {
        let shipped = try ProdataKeyExamples.shipped()
        #expect(shipped.count == 70)
        for row in ProdataKeyEvents.rows { #expect(shipped[row.topic]?["type"]?.text == row.kind.name) }
    }
}
