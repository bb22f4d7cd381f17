import Foundation
import GatehouseCore
import GatehouseVerification
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// A receiver that verifies every delivery with the receivers' library, and can be stopped and started on its port.
final class Receiver: Sendable {
    private struct State {
        var secret: String?
        var verified: [String: Int] = [:]
        var sourceIDs: [String: Int] = [:]
        var bad = 0
        var answer = 204
        var port = 0
    }

    private let state = Mutex(State())
    private let task = Mutex<Task<Void, any Error>?>(nil)

    /// The secret that the subscription was given.
    func trust(_ secret: String) { state.withLock { $0.secret = secret } }

    /// The answer to verified deliveries.
    func answer(_ status: Int) { state.withLock { $0.answer = status } }

    var port: Int { state.withLock { $0.port } }
    var url: String { "http://127.0.0.1:\(port)/events" }
    /// How often each `webhook-id` came, verified.
    var verified: [String: Int] { state.withLock { $0.verified } }
    /// How often each id of the caller came, verified and answered 2xx.
    var sourceIDs: [String: Int] { state.withLock { $0.sourceIDs } }
    var bad: Int { state.withLock { $0.bad } }

    func start() async throws {
        let router = Router()
        router.post("/events") { [self] request, _ in
            let body = try await request.body.collect(upTo: 1 << 20)
            return Response(status: HTTPResponse.Status(code: take(request.headers, Array(body.readableBytesView))))
        }
        let (bound, ready) = AsyncStream<Int>.makeStream()
        let app = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in ready.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "receiver") { _ in SwiftLogNoOpLogHandler() })
        let running = Task { try await app.run() }
        task.withLock { $0 = running }
        for await port in bound {
            state.withLock { $0.port = port }
            return
        }
    }

    /// Closes the socket for good: later connections are refused.
    func stop() async {
        let running = task.withLock { task in
            defer { task = nil }
            return task
        }
        running?.cancel()
        _ = await running?.result
    }

    private func take(_ headers: HTTPFields, _ body: [UInt8]) -> Int {
        state.withLock { state in
            let pairs = headers.map { (name: $0.name.rawName, value: $0.value) }
            guard let secret = state.secret, let id = verifiedID(pairs, body, secret) else {
                state.bad += 1
                return 401
            }
            state.verified[id, default: 0] += 1
            if (200..<300).contains(state.answer), let sourceID = sourceID(body) {
                state.sourceIDs[sourceID, default: 0] += 1
            }
            return state.answer
        }
    }
}

extension Receiver {
    /// Verifies as a receiver would, without the signer's code, and returns the `webhook-id`.
    private func verifiedID(_ headers: [(name: String, value: String)], _ body: [UInt8], _ secret: String) -> String? {
        let now = Int64(Date().timeIntervalSince1970)
        let request = ReceivedRequest(headers: headers, body: body)
        return try? Verifier(.standard, secret: secret).verify(request, now: now).id
    }

    private func sourceID(_ body: [UInt8]) -> String? {
        (try? JSONParser.parse(body))?["id"]?.text
    }
}
