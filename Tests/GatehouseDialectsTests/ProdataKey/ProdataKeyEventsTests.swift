internal import GatehouseCore
import Testing

@testable internal import DialectFixtures
@testable import GatehouseDialects

/// The table of topics, compared with the vendor's page and our catalogue.
@Suite struct ProdataKeyEventsTests {
    @Test func topicsAreThoseOfTheVendorsPage() throws {
        let examples = try ProdataKeyExamples.all()
        #expect(examples.count == 70)
        for (name, body) in examples { #expect(body["topic"]?.text == name) }
        #expect(Set(examples.map(\.topic)) == Set(ProdataKeyEvents.table.rows.map(\.name)))
        #expect(ProdataKeyEvents.table.rows.count == 70)
    }

    @Test func tenTopicsAreOfOrganizationsAndSixtyOfPanels() throws {
        #expect(ProdataKeyEvents.organizationTopics.count == 10)
        #expect(Set(ProdataKeyEvents.panelRows.map(\.name)).count == 60)
        #expect(ProdataKeyEvents.organizationTopics.isDisjoint(with: Set(ProdataKeyEvents.panelRows.map(\.name))))
        for (topic, body) in try ProdataKeyExamples.all() {
            #expect(Set(ProdataKeyEvents.panelRows.map(\.name)).contains(topic) == (body["panelId"] != nil), "\(topic)")
        }
    }

    @Test func everyKindOccursOnce() {
        #expect(Set(ProdataKeyEvents.table.rows.map(\.kind)).count == 70)
    }

    @Test func silentKindHasAReason() {
        let entries = ProdataKeyEvents.table.vocabulary.entries
        var silent: [Kind: String] = [:]
        for kind in Kind.allCases {
            switch entries[kind] {
            case .named(let names):
                #expect(names.map(\.text) == [ProdataKeyEvents.table.row(of: kind)?.name])
                #expect(names.count == 1)
            case .silent(let reason):
                #expect(reason.count > 20)
                #expect(ProdataKeyEvents.table.row(of: kind)?.name == nil)
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
        for row in ProdataKeyEvents.table.rows {
            #expect(ProdataKeyEvents.table.row(of: row.kind)?.name == row.name)
            #expect(ProdataKeyEvents.table.row(named: row.name)?.kind == row.kind)
        }
        #expect(ProdataKeyEvents.table.row(named: "door.request") == nil)
        #expect(ProdataKeyEvents.table.row(named: "") == nil)
        #expect(ProdataKeyEvents.table.row(of: .gatewayTest)?.name == nil)
    }

    @Test func shippedEventsHaveTheSameKinds() throws {
        let shipped = try ProdataKeyExamples.shipped()
        #expect(shipped.count == 70)
        for row in ProdataKeyEvents.table.rows { #expect(shipped[row.name]?["type"]?.text == row.kind.name) }
    }
}
