import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// A body may have any number of faults: its answer lists the first hundred, and the number of the others.
@Suite struct ManyFaultsTests {
    private static let strangers = 3_000

    private static let routes: [(method: HTTPRequest.Method, path: String, told: Int)] = [
        (.post, "/v1/organizations", 100), (.patch, "/v1/organizations/acme", 100), (.post, "/v1/panels", 100),
        (.patch, "/v1/panels/p-acme", 100), (.post, "/v1/doors", 100), (.patch, "/v1/doors/d-acme", 100),
        (.post, "/v1/doors/d-acme/unlock", 100), (.post, "/v1/keys", 100), (.post, "/v1/triggers", 100),
        (.post, "/v1/deliveries/retry", 100), (.post, "/v1/deliveries/cancel", 100),
        (.post, "/v1/subscriptions", 14),
    ]

    private static func strange() -> JSONObject {
        JSONObject((0..<strangers).map { JSONObject.Member("no\($0)", 0) })
    }

    @Test(arguments: routes)
    func answerIsBoundedAndCountsTheRest(method: HTTPRequest.Method, path: String, told: Int) async throws {
        let server = try await TestServer()
        var body = Self.strange()
        body["organization"] = "acme"
        let answer = try await server.send(TestRequest(method, path, json: .object(body)))
        answer.expectProblem(422)
        let faults = answer.json?["faults"]?.items ?? []
        #expect(faults.count <= told && faults.count > 1, "\(faults.count)")
        #expect(answer.json?["moreFaults"]?.integer ?? 0 >= Int64(Self.strangers - told), "\(path)")
        #expect(Int64(faults.count) + (answer.json?["moreFaults"]?.integer ?? 0) >= Int64(Self.strangers))
        #expect(answer.text.utf8.count < 64 * 1024, "\(answer.text.utf8.count) bytes")
    }

    @Test func nestedFieldIsCountedToo() async throws {
        let server = try await TestServer()
        let key: JSON = ["name": "K", "role": "reporter", "organization": "acme", "owner": .object(Self.strange())]
        let answer = try await server.post("/v1/keys", key)
        answer.expectProblem(422, "unknown-field", field: "owner.no0")
        #expect(answer.json?["faults"]?.items?.count == 100)
        #expect(answer.json?["moreFaults"]?.integer ?? 0 >= Int64(Self.strangers - 100), "\(answer.text.suffix(200))")
    }

    /// For a list, the first wrong members are reported, because each one needs a search in the directory.
    @Test(arguments: ["scope", "kinds", "doors"])
    func restOfALongListIsCounted(field: String) async throws {
        let server = try await TestServer()
        let subscription: JSONObject = [
            "name": "Ours", "dialect": "plain", "url": "https://receiver.example/in", "organization": "acme",
        ]
        var json = subscription
        json[field] = .array((0..<300).map { .string("never-\($0)") })
        let answer = try await server.post("/v1/subscriptions", .object(json))
        answer.expectProblem(422, field: field)
        #expect(answer.json?["faults"]?.items?.count == 10 && answer.json?["moreFaults"] == 290, "\(answer.text)")
    }

    @Test func fewFaultsAreListedWithoutACount() async throws {
        let answer = try await TestServer().post("/v1/panels", ["one": 1, "two": 2])
        answer.expectProblem(422)
        #expect(answer.json?["faults"]?.items?.count ?? 0 > 2 && answer.json?["moreFaults"] == nil)
    }
}
