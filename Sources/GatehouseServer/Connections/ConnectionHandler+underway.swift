internal import GatehouseCore
internal import NIOCore

extension ConnectionHandler {
    /// A request that was passed on and is not answered yet.
    struct Pending {
        var endsConnection: Bool
        let isOld: Bool
        let isHead: Bool
    }

    /// A body that is under way.
    struct Body {
        let announced: Int?
        var began: NIODeadline
        var pace: RequestPace
        var received = 0
        /// Whether the caller waits for leave to send it. Until it has that, or sends without, there is no pace.
        var awaitsLeave: Bool
        /// What came after the answer, which no action reads; nil before it.
        var unread: Int?
    }
}

extension Duration {
    /// In whole nanoseconds.
    var nanoseconds: Int64 { Int64(self / .nanoseconds(1)) }

    /// In seconds, for a sentence.
    var seconds: String { PrometheusText.number((inSeconds * 100).rounded() / 100) }
}
