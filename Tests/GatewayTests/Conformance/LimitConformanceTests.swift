internal import GatehouseCore
internal import HTTPTypes
import Testing

/// No vendor's API ignores a limit on deliveries: neither a privacy level nor an end.
@Suite(.timeLimit(.minutes(5))) struct LimitConformanceTests {
    private static let limits: [(name: String, value: JSON)] = [
        ("privacyLevel", 2), ("secrecyLevel", 2), ("secrecy.level", 2), ("secrecyLevel ", 2), ("privacy", "2"),
        ("privacyLvl", 2), ("settings", ["privacyLevel": 2]), ("expireAt", "2090-01-01T00:00:00Z"),
        ("expires", 4_000_000_000), ("terms", [["deep": ["secrecy_levels": 1]]]),
    ]

    @Test func limitUnderAnotherNameIsRefusedAndChangesNothing() async throws {
        try await VendorAPIs.each(where: { $0.route.takesBody }) { apis, operation, request in
            let names = try #require(operation.route.body)
            let before = try await VendorAPIs.terms(apis)
            for (name, value) in Self.limits where names.name(spelled: name) == nil {
                var request = request
                request.body?[name] = value
                let answer = try await apis.send(request)
                VendorAPIs.expectRefusal(answer, 400, operation, name)
                #expect(answer.text.contains("is not known here"), "\(operation) \(name): \(answer.text)")
            }
            for name in ["privacyLevel", "secrecy_level", "expiresAt"] {
                var request = request
                request.query.append((name, "2"))
                VendorAPIs.expectRefusal(try await apis.send(request), 400, operation, name)
            }
            #expect(try await VendorAPIs.terms(apis) == before, "\(operation)")
        }
    }

    /// Clients that write every field of a type send null for missing values.
    @Test func nullLimitIsIgnored() async throws {
        try await VendorAPIs.each(where: { $0.route.takesBody }) { apis, operation, request in
            let names = try #require(operation.route.body)
            var request = request
            let limits = ["privacyLevel", "secrecyLevel"].filter { names.name(spelled: $0) == nil }
            for name in limits { request.body?[name] = .null }
            let answer = try await apis.send(request)
            #expect((200..<300).contains(answer.status), "\(operation): \(answer.text)")
            #expect(answer.field("gatehouse-ignored") == limits.joined(separator: ", "), "\(operation)")
        }
    }

    /// An update of ProdataKey's without `expiresAt` removes the end, unless it may be under another name.
    @Test func partlyIgnoredUpdateKeepsTheExpiry() async throws {
        try await VendorAPIs.run { apis in
            let update = try #require(
                VendorAPIs.operations.first { $0.vendor.name == "prodatakey" && $0.route.method == .put })
            let request = try await apis.request(update)
            let end: JSON = "2090-01-01T00:00:00.000Z"
            func send(_ name: String?, _ value: JSON) async throws -> JSON? {
                var request = request
                if let name { request.body?[name] = value }
                let answer = try await apis.send(request)
                #expect(answer.status == 204, "\(answer.text)")
                return try await apis.gateway.get(request.path, key: apis.manager.key).json["expiresAt"]
            }
            #expect(try await send("expiresAt", end) == end)
            #expect(try await send("endDate", end) == end)
            #expect(try await send("expiresAt", nil) == JSON.null)
            #expect(try await send("expiresAt", end) == end)
            #expect(try await send(nil, nil) == JSON.null)
        }
    }
}

extension JSON {
    /// A member of an object; nil for other values.
    fileprivate subscript(name: String) -> JSON? {
        get { object?[name] }
        set {
            guard var object else { return }
            object[name] = newValue
            self = .object(object)
        }
    }
}
