package import GatehouseCore

/// Old events, owed to a subscription once more.
extension SubscriptionService {
    /// What a replay would owe, where it counts and begins nothing.
    package struct ReplayCount: Sendable {
        /// How many events were found that are owed.
        package let owed: Int64
        /// Whether all events were looked at in the time that there was.
        package let isComplete: Bool
    }

    /// How long a replay is counted at most: as long as a caller is likely to wait.
    private static let countingTime = Duration.seconds(10)
    /// How many events are looked at at once.
    private static let slice = 200

    /// Which events a replay means, judged now.
    ///
    /// - Throws: ``ValidationError/Code/conflict`` where nothing is owed to the subscription,
    ///   ``ValidationError/Code/outOfBounds`` where it wants none of the kinds.
    package func match(
        _ order: Replay.Order, to subscription: Subscription, at now: Instant
    ) throws(ValidationError) -> ReplayMatch {
        guard subscription.isActive, !subscription.hasExpired(at: now) else {
            throw ValidationError(
                .conflict,
                "the subscription \(subscription.id) is inactive, so that nothing is owed to it: "
                    + "make it active first")
        }
        guard let dialect = dialects[subscription.terms.dialect] else {
            throw ValidationError(.notFound, "this gateway does not speak \(subscription.terms.dialect)")
        }
        let match = ReplayMatch(order, to: subscription, in: dialect, directory.directory)
        guard match.isPossible else {
            throw ValidationError(
                .outOfBounds, field: "kinds", "the subscription wants none of these kinds, or its dialect has no words")
        }
        return match
    }

    /// Begins a replay. - Throws: ``StoreError``.
    package func replay(
        _ order: Replay.Order, to subscription: Subscription, naming details: JSONObject, author: Author
    ) async throws(StoreError) -> Replay {
        var entry = author.entry(.replay, subscription)
        for member in details.members { entry.details[member.key] = member.value }
        let replay = try await store.begin(order, at: author.now, audited: entry)
        notifier.post(.replayBegun(subscription.id))
        return replay
    }

    /// Counts what a replay would owe. - Throws: ``StoreError``.
    package func count(_ match: ReplayMatch) async throws(StoreError) -> ReplayCount {
        var owed: Int64 = 0
        var reached = EventPosition(0)
        var isComplete = false
        let deadline = clock.now + Self.countingTime
        while !isComplete, clock.now < deadline {
            let slice = try await store.feed(match.filter(after: reached, limit: Self.slice))
            owed += Int64(slice.events.count { match.owes($0.event) })
            reached = slice.reached
            isComplete = slice.isAtEnd
        }
        return ReplayCount(owed: owed, isComplete: isComplete)
    }

    /// A subscription's replays, newest first. - Throws: ``StoreError``.
    package func replays(
        of subscription: Subscription, before: ReplayID?, limit: Int
    ) async throws(StoreError) -> [Replay] {
        try await store.replays(of: subscription.id, before: before, limit: limit)
    }

    /// One replay of a subscription; nil where it has none of that number. - Throws: ``StoreError``.
    package func replay(_ id: ReplayID, of subscription: Subscription) async throws(StoreError) -> Replay? {
        guard let replay = try await store.replay(id), replay.order.subscription == subscription.id else { return nil }
        return replay
    }

    /// Breaks a replay off; what it has brought to life stays owed. One that is at its end stays as it is.
    ///
    /// - Throws: ``StoreError``.
    package func cancel(
        _ replay: Replay, of subscription: Subscription, author: Author
    ) async throws(StoreError) -> Replay {
        try await store.cancel(replay.id, .requested, audited: author.entry(.cancelReplay, subscription))
    }
}
