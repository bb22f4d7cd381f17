import GatehouseCore
import HTTPTypes
import Testing

@testable import GatehouseServer

/// A rule for every list of the native API: a filter that is unknown, or that names a missing resource, is refused. An
/// empty list would mean that there is nothing.
@Suite struct ListRouteTests {
    /// Every native route that answers a list, with the values for its places.
    static let lists: [(path: String, query: Set<String>)] = Routes.built.compactMap { route in
        guard route.method == .get, let query = route.query, query.contains("limit") else { return nil }
        return (route.pattern.replacing("{subscription}", with: "ours"), query)
    }

    /// Values that are read and refused; and ids of missing resources.
    static let wrong: [String: [(value: String, status: Int)]] = [
        "limit": [("0", 422), ("x", 422), ("501", 422)],
        "organization": [("never", 404), ("", 404)], "panel": [("never", 404)], "door": [("never", 404)],
        "subscription": [("never", 404)], "event": [("never", 422), ("019248f0-1c2d-7abc-8def-0123456789ac", 404)],
        "state": [("ded", 422), ("", 422)], "outcome": [("rejectd", 422)], "kind": [("door.forcd", 422)],
        "since": [("yesterday", 422), ("", 422)], "until": [("2026-13-01", 422)],
        "after": [("x", 422), ("4711", 422)], "cursor": [("", 422)], "wait": [("5", 422)],
    ]

    @Test func everyListIsTested() {
        let paths = Set(Self.lists.map(\.path))
        for list in [
            "events", "organizations", "panels", "doors", "keys", "subscriptions", "triggers", "deliveries", "audit",
            "subscriptions/ours/replays",
        ] {
            #expect(paths.contains("/v1/\(list)"), "\(list)")
        }
        #expect(Self.lists.flatMap(\.query).allSatisfy { Self.wrong[$0] != nil }, "each filter has wrong values here")
    }

    @Test(arguments: lists.map(\.path)) func unknownFilterIsRefusedWithASuggestion(_ path: String)
        async throws
    {
        let server = try await TestServer()
        for name in ["organisation", "q", "limt", "Limit"] {
            let refused = try await server.get("\(path)?\(name)=1")
            refused.expectProblem(422, "unknown-field", field: name)
            #expect(refused.text.contains("known: "), "\(refused.text)")
        }
        #expect(try await server.get("\(path)?limt=1").text.contains(#"did you mean \"limit\"?"#))
        try await server.get("\(path)?limit=1&limit=2").expectProblem(400)
    }

    @Test(arguments: lists.map(\.path)) func filterForAMissingResourceIsRefused(_ path: String) async throws {
        let server = try await TestServer()
        let made = try await server.post(
            "/v1/subscriptions",
            ["id": "ours", "name": "Ours", "dialect": "plain", "url": "https://a.example/in", "organization": "acme"])
        try #require(made.status == 201, "\(made.text)")
        let known = try #require(Self.lists.first { $0.path == path }).query
        for name in known.sorted() {
            for (value, status) in Self.wrong[name] ?? [] {
                let refused = try await server.get("\(path)?\(name)=\(value)")
                #expect(refused.status == status, "\(name)=\(value): \(refused.text)")
            }
        }
    }

    @Test(arguments: lists.filter { $0.query.contains("until") }.map(\.path))
    func emptyPeriodIsRefused(_ path: String) async throws {
        let server = try await TestServer()
        for hours in ["since=2026-03-11&until=2026-03-10", "since=2026-03-11T08:00:00Z&until=2026-03-11T08:00:00Z"] {
            try await server.get("\(path)?\(hours)").expectProblem(422, field: "until")
        }
    }

    @Test func streamOfAMissingDoorIsRefused() async throws {
        let server = try await TestServer()
        let refused = try await server.get("/v1/events/stream?door=never")
        refused.expectProblem(404, "not-found", field: "door")
    }
}
