internal import GatehouseCore
internal import GatehouseDialects
internal import HTTPTypes
import Testing

@testable internal import DialectFixtures

/// A caller of a vendor's API whose login has ended gets a refusal in the vendor's form, at every route that needs a
/// login, and nothing changes.
@Suite struct ExpiredSessionTests {
    private static let spoken = Spoken.all.filter { $0.dialect.manage != nil && !($0.dialect is MadeUpDialect) }

    @Test(arguments: spoken)
    func endedLoginIsRefusedAtEveryRouteAndChangesNothing(_ spoken: Spoken) async throws {
        let api = try #require(spoken.dialect.manage)
        try await LiveGateway.with(Dialects.all) { gateway in
            try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
            let made = try await gateway.make(
                "/v1/keys", ["name": "K", "role": "manager", "organization": "acme"])
            let key = KeyID(try #require(made["id"]?.text))
            try await gateway.make(
                "/v1/subscriptions",
                [
                    "organization": "acme", "dialect": .string(spoken.dialect.name.text), "name": "N",
                    "url": "https://receiver.example/in", "settings": .object(spoken.settings),
                ])
            let before = try await gateway.get("/v1/subscriptions").text
            let (past, future) = (Instant(seconds: 1_700_000_000), Instant(seconds: 4_000_000_000))
            let (ended, living) = (
                "0b0c5f0e-6f0a-4f0e-9c65-0d9f6f3f1a01", "0b0c5f0e-6f0a-4f0e-9c65-0d9f6f3f1a02"
            )
            for (token, end) in [(ended, past), (living, future)] {
                try await gateway.store.add(
                    StoredSession(hash: Credential.hash(token), key: key, expires: end), at: past + .seconds(-60))
            }
            let wanted = api.answer(ManageAPI.Problem(.unauthorized, "no"))
            for route in api.routes {
                guard case .keyed = route.access else { continue }
                let path = route.pattern.replacing(#/\{[A-Za-z]+\}/#, with: "1")
                let answer = try await call(gateway, route.method, path, ended)
                #expect(answer.status == wanted.status.code, "\(route.method) \(path): \(answer.text)")
                if case .json(let body) = wanted.body {
                    #expect(answer.json.object?.members.map(\.key) == body.object?.members.map(\.key), "\(path)")
                }
                // Otherwise the token's form might be the reason for the refusal.
                guard route.method == .get else { continue }
                #expect(try await call(gateway, .get, path, living).status != 401, "\(path)")
            }
            #expect(try await gateway.get("/v1/subscriptions").text == before)
        }
    }

    private func call(
        _ gateway: LiveGateway.Client, _ method: HTTPRequest.Method, _ path: String, _ token: String
    ) async throws -> LiveGateway.Client.Answer {
        let brings = [HTTPRequest.Method.post, .put, .patch].contains(method)
        return try await gateway.send(
            method, path, key: token, headers: brings ? [.contentType: "application/json"] : [:],
            body: brings ? Array("{}".utf8) : [])
    }
}
