import GatehouseCore
import Testing

@testable import GatehouseServer

/// The window that counts a key's calls.
@Suite struct RateWindowTests {
    private static let rate = ManageAPI.Rate(2, in: .seconds(60))
    private static let start = Instant(seconds: 1000)

    private func take(_ windows: RateWindows, _ key: String, at now: Instant) -> RateLimitStatus {
        windows.take(.init(dialect: DialectName("plain"), key: KeyID(key)), Self.rate, at: now)
    }

    @Test func windowAcceptsItsLimitAndRestartsAfterItsEnd() {
        let windows = RateWindows()
        #expect(take(windows, "a", at: Self.start).remaining == 1)
        #expect(take(windows, "a", at: Self.start + .seconds(30)).remaining == 0)
        let refused = take(windows, "a", at: Self.start + .seconds(59))
        #expect(!refused.isAllowed && refused.remaining == 0)
        #expect(refused.reset == Self.start + .seconds(60), "a refusal does not put the end off")
        let next = take(windows, "a", at: Self.start + .seconds(60))
        #expect(next.isAllowed && next.remaining == 1)
        #expect(next.reset == Self.start + .seconds(120))
    }

    @Test func everyKeyHasItsOwnWindow() {
        let windows = RateWindows()
        for _ in 0..<3 { _ = take(windows, "a", at: Self.start) }
        #expect(take(windows, "b", at: Self.start).remaining == 1)
    }

    @Test func endedWindowsAreRemovedAndTheOthersKept() {
        let windows = RateWindows()
        for _ in 0..<3 { _ = take(windows, "kept", at: Self.start + .seconds(50)) }
        for number in 0..<2000 { _ = take(windows, "\(number)", at: Self.start) }
        _ = take(windows, "new", at: Self.start + .seconds(61))
        #expect(windows.count == 2)
        #expect(!take(windows, "kept", at: Self.start + .seconds(61)).isAllowed)
    }
}
