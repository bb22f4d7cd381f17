import GatehouseCore
import HTTPTypes
import Testing

/// Changes of one subscription at the same time, through each vendor's own API: none is refused and none is lost.
@Suite struct VendorsAtOnceTests {
    private static func statuses(
        of calls: [@Sendable () async throws -> LiveGateway.Client.Answer]
    ) async throws -> [Int] {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for call in calls { group.addTask { try await call().status } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// The whole object by the vendor, beside changes of other fields by the native API.
    @Test(arguments: VendorClient.all.filter(\.hasView))
    func vendorsObjectAndNativeChangesAreAllMade(_ vendor: VendorClient) async throws {
        try await VendorClient.withGateway { gateway in
            let path = try await vendor.make(gateway, vendor.body("https://127.0.0.1:9/in"))
            let listed = try await gateway.get("/v1/subscriptions").json["items"]?.items?.first
            let native = "/v1/subscriptions/\(try #require(listed?["id"]?.text))"
            for round in 1...6 {
                let url = "https://127.0.0.1:9/\(round)"
                let body = vendor.body(url)
                let changes: [JSON] = [
                    ["concurrency": .integer(Int64(round))], ["headers": ["X-\(round)": "a"]],
                    ["extraHeaders": .bool(round % 2 == 0)],
                ]
                var calls: [@Sendable () async throws -> LiveGateway.Client.Answer] = changes.map { change in
                    {
                        try await gateway.send(
                            .patch, native, headers: [.contentType: "application/json"], body: change.bytes)
                    }
                }
                calls.append { try await gateway.put(path, body) }
                let statuses = try await Self.statuses(of: calls)
                #expect(statuses.allSatisfy { (200..<300).contains($0) }, "\(vendor.name) \(statuses)")
                let shown = try await gateway.get(native + "?reveal=true").json
                #expect(shown["url"]?.text == url && shown["concurrency"]?.integer == Int64(round))
                #expect(shown["extraHeaders"]?.bool == (round % 2 == 0))
            }
        }
    }

    /// Registrations that each add to one list, and take from it.
    @Test func situatorsRegistrationsAreAllMade() async throws {
        try await VendorClient.withGateway { gateway in
            let vendor = try #require(VendorClient.all.first { $0.name == "situator" })
            let path = try await vendor.make(gateway, vendor.body("https://127.0.0.1:9/in"))
            for number in 2...8 {
                try await gateway.make(
                    "/v1/doors",
                    ["id": .string("d\(number)"), "panel": "tower", "number": .integer(number), "name": "D"])
            }
            func calls(
                _ method: HTTPRequest.Method, _ rest: [String]
            ) -> [@Sendable () async throws -> LiveGateway.Client.Answer] {
                rest.map { place in { try await gateway.send(method, path + place) } }
            }
            let doors = (1...8).map { "/servers/1001/doors/\($0)" }
            let known = try await gateway.get("/api/events").json["events"]?.items?.compactMap {
                $0["id"]?.integer
            }
            let ids = try #require(known).prefix(4).map { "/events/\($0)" }
            let made = try await Self.statuses(of: calls(.post, doors + ids))
            #expect(made.allSatisfy { $0 == 200 }, "\(made)")
            #expect(try await gateway.get(path + "/doors").json["doors"]?.items?.count == 8)
            #expect(try await gateway.get(path + "/events").json["events"]?.items?.count == ids.count)
            let gone = try await Self.statuses(of: calls(.delete, doors.dropLast() + ids))
            #expect(gone.allSatisfy { $0 == 200 }, "\(gone)")
            #expect(try await gateway.get(path + "/doors").json["doors"]?.items?.count == 1)
            #expect(try await gateway.get(path + "/events").json["events"]?.items?.isEmpty == true)
        }
    }

    /// The same URL, posted by several at once with other secrets: one subscription, and every call is taken.
    @Test func placeOSPostsAreAllTaken() async throws {
        try await VendorClient.withGateway { gateway in
            let vendor = try #require(VendorClient.all.first { $0.name == "placeos" })
            let path = try await vendor.make(gateway, vendor.body("https://127.0.0.1:9/in"))
            let bodies = (0..<8).map { number -> JSON in
                ["webhook": "https://127.0.0.1:9/in", "secret": .string("\(VendorClient.secret)\(number)")]
            }
            let statuses = try await Self.statuses(
                of: bodies.map { body in { try await gateway.call(.post, path, body) } })
            #expect(statuses.allSatisfy { $0 == 201 }, "\(statuses)")
            #expect(try await gateway.get("/v1/subscriptions").json["items"]?.items?.count == 1)
        }
    }

    /// Rotations of the one secret of an organization, asked of different members.
    @Test func rotationsOfIntegrationAreAllMade() async throws {
        try await VendorClient.withGateway { gateway in
            let vendor = try #require(VendorClient.all.first { $0.name == "oneupvision" })
            for number in 1...3 {
                _ = try await vendor.make(gateway, vendor.body("https://127.0.0.1:9/\(number)"))
            }
            let items = try await gateway.get("/v1/subscriptions").json["items"]?.items ?? []
            let ids = items.compactMap { $0["id"]?.text }
            try #require(ids.count == 3)
            var calls: [@Sendable () async throws -> LiveGateway.Client.Answer] = ids.map { id in
                { try await gateway.post("/v1/subscriptions/\(id)/rotate-secret", [:]) }
            }
            let change: JSON = ["timeout": 5000]
            for id in ids {
                calls.append {
                    try await gateway.send(
                        .patch, "/v1/subscriptions/\(id)", headers: [.contentType: "application/json"],
                        body: change.bytes)
                }
            }
            let statuses = try await Self.statuses(of: calls)
            #expect(statuses.allSatisfy { $0 == 200 }, "\(statuses)")
            let shown = try await gateway.get("/v1/subscriptions").json["items"]?.items ?? []
            #expect(shown.allSatisfy { $0["timeout"]?.integer == 5000 })
        }
    }
}
