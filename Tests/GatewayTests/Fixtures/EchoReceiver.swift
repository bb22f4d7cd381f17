internal import GatehouseVerification
internal import HTTPTypes

/// A receiver on a free port that accepts everything, and repeats the request in its answer.
struct EchoReceiver {
    /// What it repeats; of an answer only the beginning is stored.
    enum Part: Sendable {
        case body, head
    }

    private let receiver: AnsweringReceiver

    init(repeating part: Part, answering status: HTTPResponse.Status = .ok) {
        receiver = AnsweringReceiver(at: "/in/{rest}") { path, request in
            switch part {
            case .body: return (status, String(decoding: request.body, as: UTF8.self))
            case .head:
                let fields = request.headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
                return (status, "\(path)\n\(fields)")
            }
        }
    }

    /// Runs it for as long as the test takes.
    func serving(_ test: (_ url: String) async throws -> Void) async throws { try await receiver.serving(test) }
}
