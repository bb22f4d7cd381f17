internal import GatehouseCore
internal import HTTPTypes
internal import Synchronization

/// The state of a rate limit after a request.
struct RateLimitStatus: Hashable, Sendable {
    /// Whether the request may go on.
    let isAllowed: Bool
    /// How many requests the window takes.
    let limit: Int
    /// How many it still takes after this one.
    let remaining: Int
    /// When the window ends.
    let reset: Instant

    /// The header fields of every answer, with the end of the window in seconds since 1970.
    func fields(at now: Instant) -> HTTPFields {
        var fields = HTTPFields()
        fields[.rateLimit] = String(limit)
        fields[.rateRemaining] = String(remaining)
        fields[.rateReset] = String(reset.seconds)
        if !isAllowed { fields[.retryAfter] = String(max(1, (reset - now).microseconds / 1_000_000 + 1)) }
        return fields
    }

    /// The status with fewer remaining requests.
    static func nearest(_ statuses: RateLimitStatus?...) -> RateLimitStatus? {
        statuses.compactMap { $0 }.min { $0.remaining < $1.remaining }
    }
}

/// Counts the calls of each key, in all or at a vendor's manage API: so many requests in a window that begins with the
/// first one.
final class RateWindows: Sendable {
    private struct Window {
        var reset: Instant
        var count: Int
    }

    /// The caller of a window.
    struct Caller: Hashable, Sendable {
        /// The vendor whose rate it is; nil for the key's own rate.
        let dialect: DialectName?
        let key: KeyID
    }

    private let windows = Mutex<[Caller: Window]>([:])

    /// How many windows are kept before the ended ones are removed.
    private static let kept = 1000

    /// How many windows there are.
    var count: Int { windows.withLock { $0.count } }

    /// Counts a request.
    func take(_ caller: Caller, _ rate: ManageAPI.Rate, at now: Instant) -> RateLimitStatus {
        windows.withLock { windows in
            if windows.count > Self.kept { windows = windows.filter { $0.value.reset > now } }
            var window = windows[caller] ?? Window(reset: now + rate.window, count: 0)
            if window.reset <= now { window = Window(reset: now + rate.window, count: 0) }
            let isAllowed = window.count < rate.requests
            if isAllowed { window.count += 1 }
            windows[caller] = window
            return RateLimitStatus(
                isAllowed: isAllowed, limit: rate.requests, remaining: rate.requests - window.count,
                reset: window.reset)
        }
    }
}

extension HTTPField.Name {
    static let rateLimit = constant("X-RateLimit-Limit")
    fileprivate static let rateRemaining = constant("X-RateLimit-Remaining")
    fileprivate static let rateReset = constant("X-RateLimit-Reset")
}
