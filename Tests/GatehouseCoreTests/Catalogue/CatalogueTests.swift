import Foundation
import GatehouseCore
import Testing

@Suite struct CatalogueTests {
    @Test func everyKindHasOneRow() {
        #expect(Catalogue.rows.map(\.kind).count == Kind.allCases.count)
        #expect(Set(Catalogue.rows.map(\.kind)).count == Kind.allCases.count)
        for kind in Kind.allCases { #expect(Catalogue.row(of: kind).kind == kind) }
    }

    @Test func kindIsFoundByItsName() {
        for kind in Kind.allCases { #expect(Kind(named: kind.name) == kind) }
        #expect(Kind(named: "door.forcedd") == nil)
    }

    /// Compared with the facts from which the catalogue was written: kind, lane, blocks, reporters.
    @Test func tableMatchesTheAgreedFacts() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/kinds.csv")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst()
        #expect(lines.count == Kind.allCases.count)
        for line in lines {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            let kind = try #require(Kind(named: cells[0]), "\(cells[0])")
            let row = Catalogue.row(of: kind)
            #expect(row.lane.name == cells[1], "\(kind)")
            #expect(row.teller.rawValue == cells[3], "\(kind)")
            let blocks = Set(try cells[2].split(separator: " ").map { try #require(Block(rawValue: String($0))) })
            #expect(row.blocks == blocks.union([.zone, .visitor, .occurrence, .details]), "\(kind)")
        }
    }

    /// A device at a door may not report changes of the directory or the keys, nor what only the gateway knows.
    @Test func kindAboutTheGatewayItselfIsNotForEveryReporter() {
        for row in Catalogue.rows {
            let subject = row.name.split(separator: ".").first.map(String.init) ?? ""
            let expected: Teller =
                if ["subscription", "delivery", "source", "gateway"].contains(subject) { .gateway } else {
                    switch row.name {
                    case "door.unlock_commanded": .gateway
                    case "panel.created", "panel.updated", "panel.deleted": .admin
                    default: ["organization", "permission"].contains(subject) ? .admin : .source
                    }
                }
            #expect(row.teller == expected, "\(row.name)")
        }
    }

    @Test func duressIsUrgentInEveryKind() {
        #expect(Catalogue.lane(of: .accessGranted, duress: false) == .normal)
        #expect(Catalogue.lane(of: .accessGranted, duress: true) == .urgent)
        #expect(Catalogue.lane(of: .doorForced, duress: false) == .urgent)
    }

    @Test(arguments: [
        ("door.*", Kind.doorForced, true), ("door.*", .accessGranted, false), ("*", .gatewayTest, true),
        ("*.forced", .doorForced, true), ("d*r.f*d", .doorForced, true), ("door.forced", .doorForcedCleared, false),
        ("door.forced*", .doorForcedCleared, true), ("", .doorForced, false), ("**", .doorForced, true),
    ])
    func globsFitNames(glob: String, kind: Kind, fits: Bool) {
        #expect(KindGlob.expand([glob]).contains(kind) == fits)
    }

    @Test func kindSetHoldsExactlyItsKinds() {
        for kind in Kind.allCases {
            let set = KindSet([kind])
            #expect(set.kinds == [kind])
        }
        #expect(KindSet.all.kinds == Kind.allCases)
        #expect(KindSet([]).isEmpty)
        #expect(KindSet([.doorForced, .gatewayTest]).intersection(KindSet([.gatewayTest])).kinds == [.gatewayTest])
    }
}
