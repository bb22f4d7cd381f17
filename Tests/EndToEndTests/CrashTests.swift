import GatehouseCore
import GatehouseDelivery
import HTTPTypes
import NIOPosix
import Synchronization
import Testing

/// SIGKILL under load: every event that was answered 202 arrives. The same test must detect a gateway that answers
/// before it commits, otherwise it would prove nothing.
@Suite(.serialized) struct CrashTests {
    @Test func eventAcknowledgedBeforeAKillArrives() async throws {
        let lost = try await lostAfterKills(binary: "gatehouse", kills: 5)
        #expect(lost.isEmpty, "acknowledged and never delivered: \(lost.sorted().prefix(5))")
    }

    @Test func aGatewayThatAnswersBeforeItCommitsIsFoundOut() async throws {
        let lost = try await lostAfterKills(binary: "answers-early", kills: 5)
        #expect(!lost.isEmpty)
    }

    /// Kills a gateway at random instants while it is under load, starts it again each time, and returns the
    /// acknowledged ids that had not arrived when everything else had.
    private func lostAfterKills(binary: String, kills: Int) async throws -> Set<String> {
        let gateway = try GatewayProcess(binary: binary)
        let receiver = Receiver()
        try await receiver.start()
        try await gateway.start()
        var building = try await Building.make(at: gateway, for: receiver, terms: #","retries":[1,1,1,1,1,1]"#)
        let load = Load()
        for round in 1...kills {
            let (url, key) = (gateway.url, building.source.key)
            async let posting: Void = load.post(to: url, key: key, round: round)
            try await Task.sleep(for: .milliseconds(Int.random(in: 100...500)))
            await gateway.kill()
            await posting
            try await gateway.start()
            building = building.moved(to: gateway)
        }
        let acknowledged = load.acknowledged
        #expect(acknowledged.count > kills, "the load reached the gateway")
        // When nothing is owed any more, everything has arrived that will arrive.
        try await eventually(within: .seconds(60), "nothing is owed any more") {
            let waiting = try await building.curl.get("/v1/deliveries?state=waiting&limit=1")
            let leased = try await building.curl.get("/v1/deliveries?state=leased&limit=1")
            return waiting.body["items"] == [] && leased.body["items"] == []
        }
        let lost = acknowledged.subtracting(receiver.sourceIDs.keys)
        #expect(receiver.bad == 0)
        await receiver.stop()
        await gateway.remove()
        return lost
    }
}

/// Posts single events from several connections until the gateway is gone, and keeps the ids that were answered 202.
final class Load: Sendable {
    private let ids = Mutex<Set<String>>([])

    var acknowledged: Set<String> { ids.withLock { $0 } }

    func post(to url: String, key: String, round: Int) async {
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask { await self.post(to: url, key: key, prefix: "r\(round)-w\(worker)") }
            }
        }
    }

    /// At most 5,000 events each: the kill comes long before.
    private func post(to url: String, key: String, prefix: String) async {
        let pool = ConnectionPool(
            group: MultiThreadedEventLoopGroup.singleton,
            egress: EgressGuard(allowed: [try? AddressRange("127.0.0.0/8")].compactMap(\.self)),
            resolver: SystemResolver())
        guard let target = TargetURL(url + "/v1/events") else { return }
        var headers = HTTPFields()
        headers[.contentType] = "application/json"
        headers[.authorization] = "Bearer \(key)"
        for number in 0..<5_000 {
            let id = "\(prefix)-\(number)"
            let request = PreparedRequest(url: target, headers: headers, body: Array(Building.event(id).utf8))
            guard let answer = try? await pool.exchange(request, timeout: .seconds(5), answerBytes: 4_096)
            else { break }
            guard answer.status == 202 else { continue }
            _ = ids.withLock { $0.insert(id) }
        }
        await pool.shutdown()
    }
}
