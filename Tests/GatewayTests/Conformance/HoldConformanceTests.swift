internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseGateway
internal import GatehouseVerification
internal import HTTPTypes
import Testing

@testable internal import gatehouse

/// A held subscription, in every vendor's API: it is shown as inactive, the vendor's own activation resumes it, and
/// another URL lifts a hold of the gateway but never an owner's own pause. The held events arrive.
@Suite struct HoldConformanceTests {
    /// Why nothing is sent.
    enum Held: String, CaseIterable, Sendable {
        case paused, disabled, expired
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let vendor: VendorClient
        let held: Held

        var testDescription: String { "\(vendor.name) \(held)" }

        /// 410 disables if the contract's promise says so: only at ProdataKey.
        static let all = VendorClient.all.flatMap { vendor in
            Held.allCases.map { Case(vendor: vendor, held: $0) }
        }.filter { $0.held != .disabled || $0.vendor.disables }
    }

    @Test func everyDialectWithAnAPIIsTested() {
        #expect(
            VendorClient.all.map(\.name).sorted()
                == Dialects.all.filter { $0.manage != nil }.map(\.name.text).sorted())
        #expect(Set(Case.all.map(\.held)) == Set(Held.allCases))
    }

    @Test(.timeLimit(.minutes(2)), arguments: Case.all)
    func vendorsActivationLiftsTheHold(_ given: Case) async throws {
        try await run(given.vendor) { bench in
            var owed = try await bench.hold(given.held)
            try await bench.expectHeld(given.held)
            owed.append(try await bench.badge("held", owed: given.held == .expired ? 0 : 1))
            let status = try await given.vendor.wake(bench.gateway, bench.path, given.vendor.body(bench.url))
            #expect((200..<300).contains(status))
            let native = try await bench.native()
            #expect(native["hold"] == "none" && native["active"] == true && native["expiresAt"] == .null)
            #expect(try await bench.isShownActive() != false)
            owed.append(try await bench.badge("after", owed: 1))
            #expect(await bench.arrived(owed.compactMap { $0 }))
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: Case.all)
    func newURLLiftsOnlyADisabling(_ given: Case) async throws {
        try await run(given.vendor) { bench in
            var owed = try await bench.hold(given.held)
            let answer = try await bench.gateway.send(
                .patch, "/v1/subscriptions/\(bench.id)", headers: [.contentType: "application/json"],
                body: (["url": .string(bench.url + "/elsewhere")] as JSON).bytes)
            try #require(answer.status == 200, "\(answer.text)")
            guard given.held == .disabled else { return try await bench.expectHeld(given.held) }
            #expect(answer.json["hold"] == "none")
            #expect(try await bench.isShownActive() != false)
            owed.append(try await bench.badge("after", owed: 1))
            #expect(await bench.arrived(owed.compactMap { $0 }))
        }
    }

    /// A pause that would be answered with success without an effect is refused; the present state is shown unchanged.
    @Test(.timeLimit(.minutes(2)), arguments: Case.all.filter { $0.held == .disabled })
    func disabledSubscriptionCannotBePaused(_ given: Case) async throws {
        try await run(given.vendor) { bench in
            let owed = try await bench.hold(given.held)
            let refused = try await bench.gateway.post("/v1/subscriptions/\(bench.id)/pause", [:])
            #expect(refused.status == 409 && refused.json["detail"]?.text?.contains("is disabled") == true)
            try await bench.expectHeld(given.held)
            let status = try await given.vendor.wake(bench.gateway, bench.path, given.vendor.body(bench.url))
            #expect((200..<300).contains(status))
            #expect(try await bench.native()["hold"] == "none")
            #expect(await bench.arrived(owed.compactMap { $0 }))
        }
    }

    /// A client that reads, changes a field and writes all of it.
    @Test(.timeLimit(.minutes(2)), arguments: Case.all.filter(\.vendor.hasView))
    func updateWithTheShownBodyCancelsNothing(_ given: Case) async throws {
        try await run(given.vendor) { bench in
            var owed = try await bench.hold(given.held)
            owed.append(try await bench.badge("held", owed: given.held == .expired ? 0 : 1))
            let shown = try await bench.gateway.get(bench.path).json
            let status = try await given.vendor.wake(
                bench.gateway, bench.path, given.vendor.sleeping(given.vendor.body(bench.url), as: shown))
            #expect((200..<300).contains(status))
            try await bench.expectHeld(given.held)
            let woken = try await given.vendor.wake(bench.gateway, bench.path, given.vendor.body(bench.url))
            #expect((200..<300).contains(woken))
            owed.append(try await bench.badge("after", owed: 1))
            #expect(await bench.arrived(owed.compactMap { $0 }))
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func changeOfOtherFieldsLeavesAPause() async throws {
        let vendor = try #require(VendorClient.all.first { $0.name == "situator" })
        try await run(vendor) { bench in
            _ = try await bench.hold(.paused)
            var body = try #require(vendor.body(bench.url).object)
            body["active"] = nil
            #expect(try await bench.gateway.put(bench.path, .object(body)).status == 200)
            try await bench.expectHeld(.paused)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func odometerCountsEventsDuringAHold() async throws {
        let vendor = try #require(VendorClient.all.first { $0.name == "prodatakey" })
        try await run(vendor) { bench in
            _ = try await bench.hold(.paused)
            _ = try await bench.badge("held", owed: 1)
            #expect(try await bench.gateway.get(bench.path).json["odometer"] == 1, "it was triggered, and is owed")
        }
    }

    private func run(_ vendor: VendorClient, _ test: (HoldBench) async throws -> Void) async throws {
        let (commitSignal, arrived) = AsyncStream<EventReceiver.Arrival>.makeStream()
        let scheme = try #require(VerificationDialect(rawValue: vendor.name))
        let receiver = EventReceiver(
            verifier: try Verifier(scheme, secret: VendorClient.secret),
            identity: vendor.needsTLS ? try SelfSignedIdentity(host: "localhost") : nil
        ) { arrived.yield($0) }
        let port = try await receiver.start(host: "127.0.0.1", port: 0)
        let url = "\(vendor.needsTLS ? "https" : "http")://127.0.0.1:\(port)/in"
        do {
            try await VendorClient.withGateway { gateway in
                let path = try await vendor.make(gateway, vendor.body(url))
                let all = try await gateway.get("/v1/subscriptions").json["items"]?.items
                let id = try #require(all?.first?["id"]?.text)
                try await test(
                    HoldBench(
                        vendor: vendor, gateway: gateway, receiver: receiver, commitSignal: commitSignal, url: url,
                        path: path,
                        id: id))
            }
        } catch {
            await receiver.stop()
            throw error
        }
        await receiver.stop()
    }
}

extension VendorClient {
    /// The body with the state that the contract shows, under the contract's own name for it.
    fileprivate func sleeping(_ body: JSON, as shown: JSON) -> JSON {
        guard var object = body.object else { return body }
        for key in ["active", "status"] where object[key] != nil { object[key] = shown[key] ?? shown["webhook"]?[key] }
        return .object(object)
    }

    /// Whether 410 disables a subscription of its contract.
    fileprivate var disables: Bool {
        Dialects.all.first { $0.name.text == name }?.defaults.retries.goneDisables ?? false
    }
}

/// One subscription of a vendor's API, its receiver, and the ways to hold it.
private struct HoldBench {
    let vendor: VendorClient
    let gateway: LiveGateway.Client
    let receiver: EventReceiver
    let commitSignal: AsyncStream<EventReceiver.Arrival>
    let url: String
    let path: String
    let id: String

    func native() async throws -> JSON { try await gateway.get("/v1/subscriptions/\(id)").json }

    /// The state in the vendor's view; nil if the contract has none.
    func isShownActive() async throws -> Bool? {
        vendor.hasView ? vendor.isActive(try await gateway.get(path).json) : nil
    }

    func badge(_ name: String, owed: Int64) async throws -> String? {
        let receipt = try await VendorClient.badge(name, gateway)
        #expect(receipt.owed == owed, "\(name)")
        return owed == 0 ? nil : receipt.event
    }

    /// Stops all deliveries. Returns the events that are owed from then on.
    func hold(_ held: HoldConformanceTests.Held) async throws -> [String?] {
        switch held {
        case .paused:
            let answer = try await gateway.post("/v1/subscriptions/\(id)/pause", [:])
            #expect(answer.json["hold"] == "paused")
            return []
        case .expired:
            let end = RFC3339.text(SystemClock().now + .seconds(1))
            try await patch(["expiresAt": .string(end)])
            while try await native()["active"] != false {}
            return []
        case .disabled: return try await goAway()
        }
    }

    /// Its receiver fails until one delivery is dead, then answers 410, then accepts everything.
    private func goAway() async throws -> [String?] {
        try await patch(["retries": [0]])
        receiver.change(ReceiverMood(failure: 500))
        let died = try await badge("died", owed: 1)
        while try await gateway.get("/v1/deliveries?subscription=\(id)&state=dead").json["items"]?.items?.count != 1 {}
        receiver.change(ReceiverMood(failure: 410))
        let gone = try await badge("gone", owed: 1)
        while try await native()["hold"] != "disabled" {}
        receiver.change(ReceiverMood())
        return [died, gone]
    }

    func expectHeld(_ held: HoldConformanceTests.Held) async throws {
        let native = try await native()
        switch held {
        case .paused, .disabled: #expect(native["hold"]?.text == held.rawValue && native["active"] == true)
        case .expired: #expect(native["active"] == false)
        }
        #expect(try await isShownActive() != true, "\(held)")
    }

    /// Whether these events arrive, verified and accepted.
    func arrived(_ events: [String]) async -> Bool {
        var missing = Set(events)
        for await arrival in commitSignal {
            guard arrival.isTaken else { continue }
            missing.subtract(HTTPField.Name("gatehouse-event-id").flatMap { arrival.headers[$0] }.map { [$0] } ?? [])
            if missing.isEmpty { return true }
        }
        return false
    }

    private func patch(_ body: JSON) async throws {
        let answer = try await gateway.send(
            .patch, "/v1/subscriptions/\(id)", headers: [.contentType: "application/json"], body: body.bytes)
        try #require(answer.status == 200, "\(answer.text)")
    }
}
