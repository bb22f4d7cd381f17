import GatehouseCore
import Testing

@Suite struct SubscriptionHealthTests {
    private static let now = Instant(seconds: 1_700_000_000)

    private func subscription(
        hold: Subscription.Hold = .none, kinds: [String]? = nil, _ change: (inout Terms) -> Void = { _ in }
    ) throws -> Subscription {
        let defaults = DialectDefaults(
            privacyLevel: .noCredentials, timeout: .seconds(10), retries: .standard, makesSecret: false)
        var terms = Terms(
            name: "s", dialect: DialectName("standard"), url: try #require(TargetURL("https://s.example/")),
            defaults: defaults)
        terms.kinds = kinds
        change(&terms)
        let identity = Subscription.Identity(
            id: SubscriptionID("s"), organization: OrganizationID("acme"), created: Self.now)
        return Subscription(identity, terms: terms, hold: hold, revision: 1, sayable: .all)
    }

    private func health(_ change: (inout SubscriptionHealth) -> Void = { _ in }) -> SubscriptionHealth {
        var health = SubscriptionHealth()
        change(&health)
        return health
    }

    @Test func eachStateHasItsReason() throws {
        let plain = try subscription()
        let failing = health { $0.isFailing = true }
        let resting = health {
            $0.consecutiveFailures = 2
            $0.lastOutcome = "rejected"
        }
        #expect(health().state(of: plain, at: Self.now) == .idle)
        #expect(health { $0.waiting = [.normal: 1] }.state(of: plain, at: Self.now) == .ok)
        #expect(health { $0.lastOutcome = "accepted" }.state(of: plain, at: Self.now) == .ok)
        #expect(resting.state(of: plain, at: Self.now) == .resting)
        #expect(failing.state(of: plain, at: Self.now) == .failing)
        for hold in [Subscription.Hold.paused, .disabled] {
            #expect(failing.state(of: try subscription(hold: hold), at: Self.now) == .held)
        }
        #expect(failing.state(of: try subscription { $0.isActive = false }, at: Self.now) == .idle)
        #expect(failing.state(of: try subscription { $0.expiresAt = Self.now }, at: Self.now) == .idle)
    }

    /// An alert stays on although the subscription is held or the gateway has given up.
    @Test func deathAndFailureNeedAttention() {
        #expect(!health { $0.waiting = [.normal: 9] }.hasFailed)
        #expect(health { $0.dead = [.urgent: 1] }.hasFailed)
        #expect(health { $0.ended = 1 }.hasFailed)
        #expect(health { $0.isFailing = true }.hasFailed)
    }

    @Test(
        arguments: [
            (nil, false), (["*"], false), (["**"], false), (["*.*"], false), (["s*"], false),
            (["subscription*"], false),
            (["*.failing"], false), (["*dead*"], false), (["subscription.*", "delivery.*"], true),
            (Catalogue.raised.kinds.map(\.name), true), (["subscription.f*"], nil),
        ] as [([String]?, Bool?)])
    func whatTellsOfDeliveriesIsAskedForByName(globs: [String]?, named: Bool?) throws {
        let kinds = try subscription(kinds: globs).kinds
        for kind in Catalogue.raised.kinds {
            let expected = named ?? (kind == .subscriptionFailing)
            #expect(kinds.contains(kind) == expected, "\(kind.name) by \(globs ?? [])")
        }
        if globs == nil || globs == ["*"] {
            let others = Kind.allCases.filter { !Catalogue.raised.contains($0) }
            #expect(kinds == KindSet(others), "everything else")
        }
    }

    @Test func kindsAboutHealthAreTheGatewaysOwn() {
        for kind in Catalogue.raised.kinds {
            #expect(Catalogue.row(of: kind).teller == .gateway)
            #expect(Catalogue.row(of: kind).lane == .normal, "a report never precedes an alarm")
        }
    }
}
