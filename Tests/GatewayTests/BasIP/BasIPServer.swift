internal import GatehouseVerification
internal import HTTPTypes

/// A receiver on a free port that answers an attempt by its number, and shows each.
struct BasIPServer {
    let messages: AsyncStream<ReceivedRequest>
    private let receiver: AnsweringReceiver

    /// - Parameter answer: the answer to a request, by its `X-Webhook-Attempt`.
    init(answer: @escaping @Sendable (String) -> (HTTPResponse.Status, String)) {
        let (messages, arrived) = AsyncStream<ReceivedRequest>.makeStream()
        self.messages = messages
        self.receiver = AnsweringReceiver(at: "/in") { _, request in
            arrived.yield(request)
            return answer(request.field("X-Webhook-Attempt") ?? "")
        }
    }

    /// Runs it for as long as the test takes.
    func serving(_ test: (_ url: String) async throws -> Void) async throws { try await receiver.serving(test) }

    /// The next received requests.
    func next(_ count: Int) async -> [ReceivedRequest] {
        var requests: [ReceivedRequest] = []
        for await message in messages {
            requests.append(message)
            if requests.count == count { break }
        }
        return requests
    }
}
