internal import GatehouseCore
internal import GatehouseDialects
import Testing

/// Two ids that differ only in their bytes are two ids, in a whole gateway.
@Suite struct ExactIdentityTests {
    private static func event(_ id: String, person: String = "31") -> JSON {
        [
            "specversion": "1.0", "id": .string(id), "source": "/panels/1", "type": "person.updated",
            "organization": "acme", "data": ["person": ["id": .string(person)]],
        ]
    }

    @Test func differentIDsInABatchAreTwoEvents() async throws {
        try await LiveGateway.with(Dialects.all) { gateway in
            try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
            let batch: JSON = .array(["caf\u{e9}", "cafe\u{301}"].map { Self.event($0) })
            for isDuplicate in [false, true] {
                let answer = try await gateway.post("/v1/events", batch)
                #expect(answer.status == 202, "\(answer.text)")
                let receipts = answer.json["events"]?.items ?? []
                #expect(receipts.map { $0["duplicate"]?.bool } == [isDuplicate, isDuplicate])
                #expect(Set(receipts.compactMap { $0["event"]?.text }).count == 2)
            }
        }
    }

    @Test func idIsNotFoundByAnEquivalentSpelling() async throws {
        try await LiveGateway.with(Dialects.all) { gateway in
            try await gateway.make("/v1/organizations", ["id": "K", "name": "Acme"])
            try await gateway.make("/v1/panels", ["id": "K", "name": "Panel", "organization": "K"])
            try await gateway.make("/v1/doors", ["id": "K", "name": "Door", "panel": "K", "number": 1])
            for path in ["organizations", "panels", "doors"] {
                #expect(try await gateway.get("/v1/\(path)/K").status == 200)
                #expect(try await gateway.get("/v1/\(path)/%E2%84%AA").status == 404, "the Kelvin sign")
            }
        }
    }

    @Test func feedKeepsTwoPersonsApart() async throws {
        try await LiveGateway.with(Dialects.all) { gateway in
            try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
            let batch: JSON = [Self.event("1", person: "jos\u{e9}"), Self.event("2", person: "jose\u{301}")]
            #expect(try await gateway.post("/v1/events", batch).status == 202)
            let page = try await gateway.get("/v1/events?organization=acme").json["events"]?.items ?? []
            let events = page.compactMap { $0["data"]?["person"]?["id"]?.text }.filter { $0.hasPrefix("jos") }
            #expect(events.count == 2 && events.map(\.utf8.count).sorted() == [5, 6])
        }
    }
}
