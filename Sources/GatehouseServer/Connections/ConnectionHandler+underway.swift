internal import GatehouseCore
internal import NIOCore

extension ConnectionHandler {
    /// A request that was passed on and has no answer yet.
    struct Pending {
        var endsConnection: Bool
        let isOld: Bool
        let isHead: Bool
    }

    /// A body that is being received.
    struct Body {
        let announced: Int?
        var began: NIODeadline
        var pace: RequestPace
        var received = 0
        /// Whether the caller waits for `100 Continue`. Until it gets that, or sends without it, there is no pace.
        var awaitsLeave: Bool
        /// The bytes that came after the answer, which no handler reads; nil before the answer.
        var unread: Int?
    }
}

extension Duration {
    /// In whole nanoseconds.
    var nanoseconds: Int64 { Int64(self / .nanoseconds(1)) }

    /// In seconds, for a sentence.
    var seconds: String { PrometheusText.number((inSeconds * 100).rounded() / 100) }
}
