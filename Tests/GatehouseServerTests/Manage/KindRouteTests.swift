import GatehouseCore
import Testing

@testable import GatehouseServer

/// The catalogue as the API shows it.
@Suite struct KindRouteTests {
    @Test func everyKindIsListedWithTheNamesOfEveryDialect() async throws {
        let server = try await TestServer()
        let answer = try await server.get("/v1/kinds", try await server.credential(.reporter))
        #expect(answer.items.count == Kind.allCases.count)
        let forced = try #require(answer.items.first { $0["kind"] == "door.forced" })
        #expect(forced["lane"] == "urgent")
        #expect(forced["toldBy"] == "source")
        #expect(answer.items.first { $0["kind"] == "permission.created" }?["toldBy"] == "admin")
        #expect(forced["meaning"]?.text?.isEmpty == false)
        #expect(forced["blocks"]?.items?.contains("door") == true)
        #expect(forced["dialects"]?["plain"]?["names"] == ["door.forced"])
        #expect(answer.json == Kinds.page(of: server.parts.dialects))
    }
}
