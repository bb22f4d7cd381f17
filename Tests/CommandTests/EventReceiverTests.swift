import GatehouseCore
import GatehouseDelivery
import GatehouseDialects
import GatehouseGateway
import GatehouseVerification
import HTTPTypes
import NIOPosix
import Synchronization
import Testing

@testable import gatehouse

/// The receiver of `listen` and the demo, over real sockets.
@Suite struct EventReceiverTests {
    private static let secret = Secret("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")

    /// The reports of a receiver.
    private final class Notes: Sendable {
        private let state = Mutex<[EventReceiver.Arrival]>([])
        var all: [EventReceiver.Arrival] { state.withLock { $0 } }
        func add(_ arrival: EventReceiver.Arrival) { state.withLock { $0.append(arrival) } }
    }

    private static func status(
        of id: String, to port: Int, secret: Secret = secret
    ) async throws -> Int {
        let loopback = EgressGuard(allowed: [try AddressRange("127.0.0.0/8")])
        let pool = ConnectionPool(group: .singleton, egress: loopback, resolver: SystemResolver())
        let answer = try await pool.exchange(try prepared(id, port, secret), timeout: .seconds(5), answerBytes: 1024)
        return answer.status
    }

    private static func prepared(_ id: String, _ port: Int, _ secret: Secret) throws -> PreparedRequest {
        let body = Array(#"{"type":"door.opened","data":{"door":"lobby"}}"#.utf8)
        let stamp = String(SystemClock().now.seconds)
        let signature = try #require(StandardWebhooks(secret: secret)).signature(id: id, timestamp: stamp, body: body)
        var headers = HTTPFields()
        for (name, value) in [("webhook-id", id), ("webhook-timestamp", stamp), ("webhook-signature", signature)] {
            headers[try #require(HTTPField.Name(name))] = value
        }
        let url = try #require(TargetURL("http://127.0.0.1:\(port)/in"))
        return PreparedRequest(url: url, headers: headers, body: body)
    }

    private static func withReceiver(
        mood: ReceiverMood = ReceiverMood(), _ test: (EventReceiver, Int, Notes) async throws -> Void
    ) async throws {
        let notes = Notes()
        let verifier = try Verifier(.standard, secret: secret.revealed)
        let receiver = EventReceiver(verifier: verifier, mood: mood) { notes.add($0) }
        let port = try await receiver.start(host: "127.0.0.1", port: 0)
        do {
            try await test(receiver, port, notes)
        } catch {
            Issue.record(error)
        }
        await receiver.stop()
    }

    @Test func verifiedDeliveryIsAcceptedAndItsRepetitionMarked() async throws {
        try await Self.withReceiver { _, port, notes in
            let first = try await Self.status(of: "e1", to: port)
            #expect(first == 204)
            let second = try await Self.status(of: "e1", to: port)
            #expect(second == 204)
            #expect(notes.all.map(\.isDuplicate) == [false, true])
            #expect(notes.all.allSatisfy { $0.isTaken })
            #expect(notes.all[0].line(in: StandardDialect()).contains("door.opened"))
            #expect(notes.all[1].line(in: StandardDialect()).hasSuffix("duplicate"))
            #expect(notes.all[0].json["event"]?["data"]?["door"] == "lobby")
        }
    }

    @Test func ofSeveralEventsEachIsTakenOnce() async throws {
        let notes = Notes()
        let receiver = EventReceiver(verifier: try Verifier(.situator, secret: "token")) { notes.add($0) }
        let port = try await receiver.start(host: "127.0.0.1", port: 0)
        let loopback = EgressGuard(allowed: [try AddressRange("127.0.0.0/8")])
        let pool = ConnectionPool(group: .singleton, egress: loopback, resolver: SystemResolver())
        for ids in ["a, b", "b, c", "c, a"] {
            let request = PreparedRequest(
                url: try #require(TargetURL("http://127.0.0.1:\(port)/in")),
                headers: [try #require(HTTPField.Name("gatehouse-event-id")): ids],
                body: Array(#"{"token":"token","events":[{"type":"zone"},{"type":"unit"}]}"#.utf8))
            #expect(try await pool.exchange(request, timeout: .seconds(5), answerBytes: 1024).status == 204)
        }
        await receiver.stop()
        #expect(notes.all.map(\.repeated) == [[], ["b"], ["a", "c"]])
        #expect(notes.all.map(\.isDuplicate) == [false, false, true])
        #expect(notes.all.map(\.count) == [2, 2, 2])
        let lines = notes.all[1].line(in: SituatorDialect()).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0].contains("zone") && lines[0].hasSuffix("b  duplicate"))
        #expect(lines[1].contains("unit") && lines[1].hasSuffix("c"))
        #expect(notes.all[1].json["ids"] == ["b", "c"])
        #expect(notes.all[1].json["duplicates"] == ["b"])
    }

    @Test(arguments: DemoReceiver.all.map(\.title))
    func everyDialectsDeliveryIsPrintedInTheHousesWords(title: String) throws {
        let row = try #require(DemoReceiver.all.first { $0.title == title })
        let site = DemoBuilding.sites[0]
        var simulation = BuildingSimulation(seed: 1, mark: "m")
        let now = Instant(seconds: 1_790_000_000)
        var terms = Terms(
            name: "", dialect: row.dialect.name, url: try #require(TargetURL("http://127.0.0.1/")),
            defaults: row.dialect.defaults)
        terms.settings = row.settings
        var random = SystemRandomNumberGenerator()
        let secret = row.dialect.makeSecret(using: &random)
        terms.secret = secret
        let verifier = try Verifier(row.verification, secret: secret.revealed, tolerance: row.tolerance)
        let identity = Subscription.Identity(id: SubscriptionID("s"), organization: site.organization, created: now)
        let subscription = Subscription(
            identity, terms: terms, hold: .none, revision: 1, sayable: row.dialect.vocabulary.sayable)
        for _ in 0..<200 {
            let draft = simulation.next(at: now)
            let kind = try #require(draft["type"]?.text.flatMap { Kind(named: $0) })
            var parts = Event.Parts(
                id: EventID(high: 1, low: 2), kind: kind, organization: site.organization, received: now)
            parts.data = draft["data"]?.object ?? JSONObject()
            parts.labels.isAttendancePoint = true
            parts.labels.doorNumber = 1
            parts.labels.panelNumber = site.number
            parts.labels.doorName = "Door"
            parts.labels.numbers[.person] = 31
            let event = Event(parts)
            guard !row.dialect.names(of: event, for: subscription).isEmpty else { continue }
            let parcel = Parcel(event: event, subscription: subscription, attempt: 1, isReplay: false)
            let request = row.dialect.prepare(parcel, at: now)
            let received = ReceivedRequest(
                headers: request.headers.map { ($0.name.rawName, $0.value) }, body: request.body)
            let arrival = EventReceiver.Arrival(
                result: .success(try verifier.verify(received, now: now.seconds)), isDuplicate: false, status: 204,
                time: now, headers: request.headers)
            #expect(!arrival.line(in: row.dialect).contains("cannot be read"), "\(kind)")
        }
    }

    @Test func aWrongSignatureIsAnsweredWith401() async throws {
        try await Self.withReceiver { _, port, notes in
            let other = Secret("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
            let refused = try await Self.status(of: "e1", to: port, secret: other)
            #expect(refused == 401)
            #expect(notes.all.map(\.isTaken) == [false])
            #expect(notes.all[0].json["verified"] == false)
            #expect(notes.all[0].line(in: StandardDialect()).contains("refused with 401"))
        }
    }

    @Test func failedDeliveryIsNotAcceptedAndComesAgainAsNew() async throws {
        try await Self.withReceiver(mood: ReceiverMood(failure: 503, failFirst: 2)) { _, port, notes in
            for expected in [503, 503, 204, 204] {
                let status = try await Self.status(of: "e1", to: port)
                #expect(status == expected)
            }
            #expect(notes.all.map(\.isDuplicate) == [false, false, false, true])
        }
    }

    @Test func aReceiverThatGoesAwayRefusesAndComesBackOnItsPort() async throws {
        try await Self.withReceiver { receiver, port, _ in
            let open = try await Self.status(of: "e1", to: port)
            #expect(open == 204)
            await receiver.cut()
            await #expect(throws: ExchangeError.self) { try await Self.status(of: "e2", to: port) }
            let bound = try await receiver.start(host: "127.0.0.1", port: port)
            #expect(bound == port)
            let again = try await Self.status(of: "e2", to: port)
            #expect(again == 204)
        }
    }

    @Test func aPortThatIsTakenIsToldAtTheStart() async throws {
        try await Self.withReceiver { _, port, _ in
            let second = EventReceiver { _ in }
            await #expect(throws: (any Error).self) { _ = try await second.start(host: "127.0.0.1", port: port) }
        }
    }

    @Test func memoryOfWhatWasTakenIsBounded() {
        var ids = RecentIDs(bound: 10)
        for number in 1...100 { ids.insert(String(number)) }
        #expect(ids.contains("100"))
        #expect(ids.contains("96"))
        #expect(!ids.contains("80"))
    }
}
