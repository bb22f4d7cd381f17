internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

/// One connection to a gateway's endless stream of events.
struct EventStream {
    /// Why a stream ended that may be opened again.
    struct Broken: Error {
        /// What happened.
        let error: GatehouseError
        /// Whether the gateway had begun to answer.
        let wasOpen: Bool
    }

    /// The id after which to continue, from the last event or sent by itself.
    var lastID: String? { events.lastID }

    private var body: HTTPClientResponse.Body.AsyncIterator
    private let failure: (any Error) -> GatehouseError
    private var events: ServerSentEvents
    private var waiting: [ServerSentEvents.Message] = []

    /// Opens the stream after an id.
    ///
    /// - Throws: ``Broken`` if it may be opened again, ``GatehouseError`` if another try would fail too.
    init(_ client: APIClient, _ call: APIClient.Call, after lastID: String?) async throws {
        let transport = client.transport
        let response: HTTPClientResponse
        do throws(GatehouseError) {
            response = try await transport.open(call, after: lastID)
        } catch {
            switch error {
            case .unreachable, .unanswered: throw Broken(error: error, wasOpen: false)
            case .misuse, .untrusted, .refused, .unreadable, .cancelled: throw error
            }
        }
        guard response.status.code == 200 else { throw try await Self.refusal(response) }
        guard response.headers.first(name: "Content-Type")?.hasPrefix("text/event-stream") ?? false else {
            throw GatehouseError.unreadable("the answer at that address is not a stream of events")
        }
        self.body = response.body.makeAsyncIterator()
        self.events = ServerSentEvents(lastID: lastID)
        self.failure = { transport.failure(of: $0, within: client.settings.silenceTimeout) }
    }

    /// The next event; nil if the gateway ends the stream.
    ///
    /// - Throws: ``Broken`` if it may be opened again, ``GatehouseError`` if another try would fail too.
    mutating func next() async throws -> ServerSentEvents.Message? {
        while waiting.isEmpty {
            let piece: ByteBuffer?
            do {
                piece = try await body.next()
            } catch {
                let error = failure(error)
                if error == .cancelled { throw error }
                throw Broken(error: .unanswered("the connection was lost"), wasOpen: true)
            }
            guard let piece else { return nil }
            guard let messages = events.take(piece.readableBytesView) else {
                throw GatehouseError.unreadable("the answer at that address is not a stream of events")
            }
            waiting = messages
        }
        return waiting.removeFirst()
    }

    /// The error for an answer that is not a stream.
    private static func refusal(_ response: HTTPClientResponse) async throws -> any Error {
        let body = try? await response.body.collect(upTo: 65_536)
        let refusal = APIClient.Answer(response, body ?? ByteBuffer()).refusal
        let error = GatehouseError.refused(refusal)
        return refusal.isPassing ? Broken(error: error, wasOpen: true) : error
    }
}
