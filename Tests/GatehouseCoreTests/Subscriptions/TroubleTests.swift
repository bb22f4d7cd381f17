import GatehouseCore
import Testing

/// The state of a subscription that needs attention: one rule for the status and the probes.
@Suite struct TroubleTests {
    private static let now = Instant(seconds: 1_773_216_930)
    private static let acme = OrganizationID("acme")

    private static func subscription(
        _ hold: Subscription.Hold = .none, _ change: (inout Terms) -> Void = { _ in }
    ) throws -> Subscription {
        let defaults = DialectDefaults(
            privacyLevel: .noCredentials, timeout: .seconds(10), retries: .standard, makesSecret: false)
        var terms = Terms(
            name: "S", dialect: DialectName("standard"), url: try #require(TargetURL("https://s.example/")),
            defaults: defaults)
        change(&terms)
        let identity = Subscription.Identity(id: SubscriptionID("s"), organization: acme, created: now)
        return Subscription(identity, terms: terms, hold: hold, revision: 1, sayable: .all)
    }

    private static func troubles(
        _ subscription: Subscription, untold: [UntoldAlarms] = [], _ change: (inout SubscriptionHealth) -> Void
    ) -> [Trouble] {
        var health = SubscriptionHealth()
        change(&health)
        return subscription.troubles(health, untold: untold, in: Directory(), at: now)
    }

    @Test func healthySubscriptionHasNoTrouble() throws {
        let plain = try Self.subscription()
        #expect(Self.troubles(plain) { _ in } == [])
        #expect(
            Self.troubles(plain) { ($0.waiting, $0.oldest, $0.lastOutcome) = ([.urgent: 9], Self.now, "accepted") }
                == [])
        #expect(plain.troubles(nil, untold: [], in: Directory(), at: Self.now) == [])
        let paused = try Self.subscription(.paused)
        #expect(Self.troubles(paused) { $0.waiting = [.normal: 9] } == [])
    }

    @Test func eachTroubleIsFound() throws {
        let plain = try Self.subscription()
        let old = Self.now - Trouble.patience
        #expect(Self.troubles(plain) { $0.isFailing = true } == [.failing])
        #expect(
            Self.troubles(plain) { ($0.waiting, $0.oldest, $0.lastOutcome) = ([.normal: 1], old, "accepted") }
                == [.slow])
        #expect(
            Self.troubles(plain) {
                ($0.waiting, $0.oldest, $0.lastOutcome, $0.dead) = ([.normal: 1], old, "accepted", [.normal: 1])
            } == [.gaveUp], "the oldest may be the dead one")
        #expect(
            Self.troubles(plain) { ($0.isFailing, $0.dead, $0.ended) = (true, [.urgent: 1], 2) }
                == [.failing, .gaveUp, .ended])
        let paused = try Self.subscription(.paused)
        #expect(Self.troubles(paused) { $0.waiting = [.urgent: 1] } == [.pausedWithAlarms])
        let disabled = try Self.subscription(.disabled)
        #expect(Self.troubles(disabled) { $0.isFailing = true } == [.disabled])
        let untold = UntoldAlarms(.doorForced, lacking: ["door_id"], first: old, last: Self.now, count: 1)
        #expect(Self.troubles(plain, untold: [untold]) { _ in } == [.untold(untold)])
    }

    /// Its failures stay counted, and there is nothing left to repair.
    @Test func inactiveOrExpiredSubscriptionDoesNotFail() throws {
        for subscription in [
            try Self.subscription { $0.isActive = false }, try Self.subscription { $0.expiresAt = Self.now },
            try Self.subscription(.disabled) { $0.isActive = false },
        ] {
            #expect(Self.troubles(subscription) { $0.isFailing = true } == [])
            #expect(Self.troubles(subscription) { $0.dead = [.normal: 1] } == [.gaveUp])
        }
    }

    @Test func subscriptionToDeletedDoorsNeedsAttentionWhileActive() throws {
        let asking = try Self.subscription { $0.doors = [DoorID("gone")] }
        let troubles = asking.troubles(nil, untold: [], in: Directory(), at: Self.now)
        guard case .missing(let missing) = troubles.first else {
            Issue.record("\(troubles)")
            return
        }
        #expect(missing.doors == [DoorID("gone")] && missing.isAll)
        let resting = try Self.subscription { ($0.doors, $0.isActive) = ([DoorID("gone")], false) }
        #expect(resting.troubles(nil, untold: [], in: Directory(), at: Self.now) == [])
    }
}
