import ArgumentParser
import Foundation
import GatehouseCore
import GatehouseDelivery
import HTTPTypes
import Hummingbird
import Logging
import NIOPosix
import Synchronization

/// Posts single events at a fixed pace to a gateway whose one subscription leads back here, and prints how long each
/// took from the beginning of its post to its receipt.
struct Latency: AsyncParsableCommand {
    @Option var gateway: String
    @Option var key: String
    @Option var port: Int
    @Option var rate: Int = 1000
    @Option var seconds: Int = 10
    /// The beginning of the events' ids: each run on a store needs its own, because a repeated id is no new event.
    @Option var ids = "l"

    func run() async throws {
        let arrivals = Arrivals()
        // No event is posted before the receiver listens: a refused connection is tried again after 5 s, and would be
        // measured.
        let (listening, isListening) = AsyncStream<Void>.makeStream()
        let receiver = Task { try await self.receive(arrivals) { isListening.finish() } }
        for await _ in listening {}
        let pool = ConnectionPool(
            group: MultiThreadedEventLoopGroup.singleton,
            egress: EgressGuard(allowed: [try AddressRange("127.0.0.0/8")]), resolver: SystemResolver())
        let clock = ContinuousClock()
        let start = clock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<(rate * seconds) {
                try await clock.sleep(until: start + .microseconds(number * 1_000_000 / rate), tolerance: .zero)
                group.addTask { try await self.post(number, pool, arrivals) }
            }
            try await group.waitForAll()
        }
        try await Task.sleep(for: .seconds(2))
        receiver.cancel()
        arrivals.report(expected: rate * seconds)
    }

    private func post(_ number: Int, _ pool: ConnectionPool, _ arrivals: Arrivals) async throws {
        let body =
            #"{"specversion":"1.0","id":"\#(ids)\#(number)","source":"/panels/1070000","type":"door.opened","#
            + #""data":{"panel":"1070000","door":"lobby"}}"#
        guard let url = TargetURL(gateway + "/v1/events") else { throw ValidationError("--gateway must be a URL") }
        var headers = HTTPFields()
        headers[.contentType] = "application/json"
        headers[.authorization] = "Bearer \(key)"
        arrivals.began("\(ids)\(number)")
        _ = try await pool.exchange(
            PreparedRequest(url: url, headers: headers, body: Array(body.utf8)), timeout: .seconds(10),
            answerBytes: 4096)
    }

    private func receive(_ arrivals: Arrivals, onBound: @escaping @Sendable () -> Void) async throws {
        let router = Router()
        router.post("/") { request, _ in
            let body = try await request.body.collect(upTo: 1 << 20)
            if let id = (try? JSONParser.parse(Array(body.readableBytesView)))?["id"]?.text { arrivals.came(id) }
            return HTTPResponse.Status.noContent
        }
        let app = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { _ in onBound() }, logger: Logger(label: "latency") { _ in SwiftLogNoOpLogHandler() })
        try await app.run()
    }
}

/// When each event was posted and when it came.
final class Arrivals: Sendable {
    private let state = Mutex((began: [String: ContinuousClock.Instant](), taken: [Duration]()))

    func began(_ id: String) { state.withLock { $0.began[id] = ContinuousClock.now } }

    func came(_ id: String) {
        let now = ContinuousClock.now
        state.withLock { state in
            guard let began = state.began.removeValue(forKey: id) else { return }
            state.taken.append(now - began)
        }
    }

    func report(expected: Int) {
        let taken = state.withLock { $0.taken }.sorted()
        guard !taken.isEmpty else { return print("received 0 of \(expected)") }
        func part(_ share: Double) -> String {
            let place = min(taken.count - 1, Int(Double(taken.count) * share))
            return String(format: "%.2f", Double(taken[place].microseconds) / 1000)
        }
        print("received \(taken.count) of \(expected) p50 \(part(0.5)) p99 \(part(0.99)) p999 \(part(0.999))")
    }
}
