internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

/// One connection to a gateway's stream of events, which has no end of its own.
struct EventStream {
    /// Why a stream broke off that may be taken up again.
    struct Broken: Error {
        /// What happened.
        let error: GatehouseError
        /// Whether the gateway had begun to answer.
        let wasOpen: Bool
    }

    /// The id to go on behind, told with an event or by itself.
    var lastID: String? { events.lastID }

    private var body: HTTPClientResponse.Body.AsyncIterator
    private let failure: (any Error) -> GatehouseError
    private var events: ServerSentEvents
    private var waiting: [ServerSentEvents.Message] = []

    /// Asks for the stream behind an id.
    ///
    /// - Throws: ``Broken`` where it may be asked for again, ``GatehouseError`` where that would be in vain.
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
            throw GatehouseError.unreadable("what answers at that address is no stream of events")
        }
        self.body = response.body.makeAsyncIterator()
        self.events = ServerSentEvents(lastID: lastID)
        self.failure = { transport.failure(of: $0, within: client.settings.silenceTimeout) }
    }

    /// The next event; nil where the gateway ends the stream.
    ///
    /// - Throws: ``Broken`` where it may be asked for again, ``GatehouseError`` where that would be in vain.
    mutating func next() async throws -> ServerSentEvents.Message? {
        while waiting.isEmpty {
            let piece: ByteBuffer?
            do {
                piece = try await body.next()
            } catch {
                let error = failure(error)
                if error == .cancelled { throw error }
                throw Broken(error: .unanswered("the connection broke off"), wasOpen: true)
            }
            guard let piece else { return nil }
            guard let messages = events.take(piece.readableBytesView) else {
                throw GatehouseError.unreadable("what answers at that address is no stream of events")
            }
            waiting = messages
        }
        return waiting.removeFirst()
    }

    /// What an answer means that is no stream.
    private static func refusal(_ response: HTTPClientResponse) async throws -> any Error {
        let body = try? await response.body.collect(upTo: 65_536)
        let refusal = APIClient.Answer(response, body ?? ByteBuffer()).refusal
        let error = GatehouseError.refused(refusal)
        return refusal.isPassing ? Broken(error: error, wasOpen: true) : error
    }
}
