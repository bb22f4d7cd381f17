internal import GatehouseControl
internal import GatehouseCore
internal import Synchronization

/// Runs replays: it reads old events slice by slice and creates the owed deliveries, never more at a time than a
/// receiver accepts soon, so that new events do not queue behind a month of old ones.
///
/// The progress of a replay is stored in the commit that creates its deliveries, so that the next gateway continues
/// at the same place, and no event is owed twice.
final class Replayer: Sendable {
    static let interval = Duration.milliseconds(200)
    /// How many deliveries of a subscription may wait before a replay adds none.
    static let most = 2000
    /// How many events are read in one step.
    static let slice = 200
    /// How often the store is asked for replays that were not announced here.
    static let backstop = Duration.seconds(5)

    private let store: any EventStore & DeliveryStore
    private let directory: DirectoryRegistry
    private let subscriptions: SubscriptionRegistry
    private let notifier: any Notifier
    private let dialects: DialectTable
    private let clock: any WallClock
    private let state = Mutex(State())

    private struct State {
        var isTold = true
        var running: [Replay] = []
        var looked = Instant(microseconds: 0)
        /// For replays that found no space: how often in a row, and when to try again.
        var stuck: [ReplayID: (times: Int, until: Instant)] = [:]
    }

    init(
        store: any EventStore & DeliveryStore, directory: DirectoryRegistry, subscriptions: SubscriptionRegistry,
        notifier: any Notifier, dialects: DialectTable, clock: any WallClock
    ) {
        self.store = store
        self.directory = directory
        self.subscriptions = subscriptions
        self.notifier = notifier
        self.dialects = dialects
        self.clock = clock
    }

    /// Announces that there may be a new replay.
    func tell() { state.withLock { $0.isTold = true } }

    /// Continues every replay as far as there is space.
    func look() async throws(StoreError) {
        try await refresh()
        let now = clock.now
        let ready = state.withLock { state in
            state.running.filter { replay in state.stuck[replay.id].map { $0.until <= now } ?? true }
        }
        for replay in ready { try await carry(replay) }
    }

    private func refresh() async throws(StoreError) {
        let now = clock.now
        let isTime = state.withLock { state in
            let isTime = state.isTold || now - state.looked >= Self.backstop
            if isTime { state.isTold = false }
            return isTime
        }
        guard isTime else { return }
        do {
            let running = try await store.runningReplays()
            state.withLock { state in
                state.running = running
                state.stuck = state.stuck.filter { stuck in running.contains { $0.id == stuck.key } }
                state.looked = now
            }
        } catch {
            tell()
            throw error
        }
    }

    /// A replay of an inactive subscription is cancelled; one of a held subscription waits.
    private func carry(_ replay: Replay) async throws(StoreError) {
        let subscription = subscriptions.index[replay.order.subscription]
        if let reason = Self.end(of: subscription, at: clock.now) {
            return follow(try await store.cancel(replay.id, reason, audited: nil))
        }
        guard let subscription, subscription.isOpen, let dialect = dialects[subscription.terms.dialect] else { return }
        let match = ReplayMatch(replay.order, to: subscription, in: dialect, directory.directory)
        var replay = replay
        while replay.state == .running, !Task.isCancelled {
            let next = try await step(replay, match, most: min(Self.most, subscription.buffer ?? Self.most))
            follow(next)
            if next.owed > replay.owed { notifier.post(.deliveriesDue(subscription.id)) }
            if next.course.reached == replay.course.reached { return rest(next) }
            replay = next
        }
    }

    /// Tries a replay that found no space again soon, and less and less often while it finds none.
    private func rest(_ replay: Replay) {
        let now = clock.now
        state.withLock { state in
            let times = state.stuck[replay.id]?.times ?? 0
            let pause = min(Self.interval * (1 << min(times, 5)), Self.backstop)
            state.stuck[replay.id] = (times + 1, now + pause)
        }
    }

    private func step(_ replay: Replay, _ match: ReplayMatch, most: Int) async throws(StoreError) -> Replay {
        let slice = try await store.feed(match.filter(after: replay.course.reached, limit: Self.slice))
        let end = replay.course.end
        let owed = slice.events.filter { $0.position <= end && match.owes($0.event) }.map(\.position)
        let reached = slice.isAtEnd ? end : min(slice.reached, end)
        return try await store.advance(ReplayStep(replay, reached: reached, owed: owed, most: most), at: clock.now)
    }

    private func follow(_ replay: Replay) {
        state.withLock { state in
            state.stuck[replay.id] = nil
            state.running.removeAll { $0.id == replay.id }
            if replay.state == .running { state.running.append(replay) }
        }
    }

    private static func end(of subscription: Subscription?, at now: Instant) -> DeliveryState.CancelReason? {
        guard let subscription else { return .subscriptionDeleted }
        if subscription.hasExpired(at: now) { return .subscriptionExpired }
        return subscription.isActive ? nil : .subscriptionInactive
    }
}
