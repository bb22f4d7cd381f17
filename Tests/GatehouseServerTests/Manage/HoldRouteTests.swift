import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// The ways to lift a hold: a resumption, a vendor's "be active", another URL if the gateway had set the hold; in one
/// commit with the other fields of the change, and with an audit line.
@Suite struct HoldRouteTests {
    private static let url = "https://receiver.example/in"
    private static let wishes = "/plain/acme/wishes"

    private struct Held {
        let server: TestServer
        let id: String

        func native() async throws -> JSON? { try await server.get("/v1/subscriptions/\(id)").json }

        func patch(_ body: JSON) async throws {
            let answer = try await server.send(TestRequest(.patch, "/v1/subscriptions/\(id)", json: body))
            #expect(answer.status == 200, "\(answer.text)")
        }

        func put(_ body: JSON) async throws {
            let answer = try await server.send(TestRequest(.put, HoldRouteTests.wishes, json: body))
            #expect(answer.status == 204, "\(answer.text)")
        }

        /// The newest audit line about it: the action and the changed fields.
        func audited() async throws -> (action: AuditEntry.Action?, changed: [String]) {
            let entry = try await server.audit().last { $0.id == id }
            return (entry?.action, entry?.details["changed"]?.items?.compactMap(\.text) ?? [])
        }
    }

    private func held(_ hold: Subscription.Hold) async throws -> Held {
        let server = try await TestServer()
        let made = try await server.post(
            "/v1/subscriptions",
            ["name": "Ours", "dialect": "plain", "url": .string(Self.url), "organization": "acme"])
        let id = try #require(made.json?["id"]?.text)
        let present = try #require(server.parts.subscriptions.index[SubscriptionID(id)])
        _ = try await server.change(present, hold: hold)
        return Held(server: server, id: id)
    }

    private static let lifted: [(Subscription.Hold, isVendors: Bool, JSON, lifts: Bool)] = [
        (.disabled, false, ["url": "https://receiver.example/other"], true),
        (.disabled, false, ["url": .string(url)], false),
        (.disabled, false, ["name": "Other"], false),
        (.disabled, false, ["active": true], false),
        (.disabled, false, ["url": "https://receiver.example/other", "active": false], true),
        (.disabled, true, ["url": "https://receiver.example/other"], true),
        (.disabled, true, ["active": true], true),
        (.disabled, true, ["active": false], false),
        (.paused, false, ["url": "https://receiver.example/other"], false),
        (.paused, false, ["active": true], false),
        (.paused, true, ["url": "https://receiver.example/other"], false),
        (.paused, true, ["active": true], true),
        (.paused, true, ["name": "Other", "active": true], true),
        (.paused, true, ["active": false], false),
    ]

    @Test(arguments: lifted.indices)
    func holdIsLifted(row: Int) async throws {
        let (hold, isVendors, body, lifts) = Self.lifted[row]
        let held = try await held(hold)
        if isVendors { try await held.put(body) } else { try await held.patch(body) }
        #expect(try await held.native()?["hold"]?.text == (lifts ? "none" : hold.rawValue), "\(hold) \(body.compact)")
    }

    @Test func liftedHoldIsAudited() async throws {
        let held = try await held(.paused)
        try await held.put(["active": true])
        #expect(try await held.audited().action == .resume)
        try await held.put(["active": true])
        #expect(try await held.server.audit().filter { $0.id == held.id }.count == 2, "made, resumed")
        let disabled = try await self.held(.disabled)
        try await disabled.patch(["url": "https://receiver.example/other"])
        let told = try await disabled.audited()
        #expect(told.action == .change && told.changed == ["url", "hold"])
    }

    @Test func vendorsActivationRemovesAPastEnd() async throws {
        let server = try await TestServer()
        let made = try await server.post(
            "/v1/subscriptions",
            ["name": "Ours", "dialect": "plain", "url": .string(Self.url), "organization": "acme"])
        let held = Held(server: server, id: try #require(made.json?["id"]?.text))
        let present = try #require(server.parts.subscriptions.index[SubscriptionID(held.id)])
        var terms = present.terms
        (terms.expiresAt, terms.isActive) = (server.parts.clock.now + .seconds(-60), false)
        _ = try await server.change(present, terms: terms)
        try await held.put(["name": "Other"])
        #expect(try await held.native()?["active"] == false)
        try await held.put(["active": true])
        let native = try await held.native()
        #expect(native?["active"] == true && native?["expiresAt"] == .null)
    }

    @Test(arguments: [Subscription.Hold.paused, .disabled])
    func storeOutageLiftsNoHold(hold: Subscription.Hold) async throws {
        let held = try await held(hold)
        held.server.gate.goAway()
        let answer = try await held.server.send(
            TestRequest(.put, Self.wishes, json: ["active": true, "name": "Other"]))
        #expect(answer.status == 503)
        held.server.gate.comeBack()
        let native = try await held.native()
        #expect(native?["hold"]?.text == hold.rawValue && native?["name"] == "Ours")
    }
}
