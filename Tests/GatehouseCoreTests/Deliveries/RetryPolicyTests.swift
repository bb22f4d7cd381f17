import GatehouseCore
import Testing

@Suite struct RetryPolicyTests {
    private let now = Instant(seconds: 784_111_777)  // Sun, 06 Nov 1994 08:49:37 GMT

    @Test(arguments: [200, 201, 204, 299])
    func successIsDelivered(status: Int) {
        #expect(verdict(.answered(.init(status: status))) == .delivered)
    }

    @Test(arguments: [100, 199, 300, 301, 400, 404, 410, 429, 500, 503])
    func otherOutcomeIsRetried(status: Int) {
        guard case .dueAgain(let at) = verdict(.answered(.init(status: status)), gone: false) else {
            Issue.record("\(status)")
            return
        }
        #expect(at - now >= .seconds(4) && at - now <= .seconds(6))
    }

    @Test func goneDisablesIfTheContractSaysSo() {
        #expect(verdict(.answered(.init(status: 410))) == .gone(at: now))
    }

    @Test func theScheduleEnds() {
        let refused = Outcome.unreachable(reason: "refused")
        #expect(RetryPromise.standard.delays.count == 12)
        guard case .dueAgain = verdict(refused, attempt: 12) else {
            Issue.record("the 13th try is owed")
            return
        }
        #expect(verdict(refused, attempt: 13) == .dead(.exhausted))
    }

    @Test func urgentDeliveryIsRetriedSooner() {
        guard case .dueAgain(let at) = verdict(.timedOut(.answer), lane: .urgent) else {
            Issue.record("due again")
            return
        }
        #expect(at - now <= .milliseconds(1_200))
    }

    @Test(arguments: [
        ("120", 120), ("0", 1), ("1", 1), ("99999999", 86_400), ("Sun, 06 Nov 1994 08:51:37 GMT", 120),
        ("Sunday, 06-Nov-94 08:51:37 GMT", 120), ("Sun Nov  6 08:51:37 1994", 120),
        ("Sun, 06 Nov 1994 08:00:00 GMT", 1),
    ])
    func retryAfterIsFollowedWithinBounds(text: String, seconds: Int) {
        let outcome = Outcome.answered(.init(status: 503, retryAfter: text))
        #expect(verdict(outcome) == .dueAgain(at: now + .seconds(seconds)))
    }

    @Test(arguments: ["soon", "-5", "Sun, 06 Foo 1994 08:49:37 GMT", "1.5", ""])
    func valueThatIsNoDelayIsIgnored(text: String) {
        guard case .dueAgain(let at) = verdict(.answered(.init(status: 503, retryAfter: text))) else {
            Issue.record("due again")
            return
        }
        #expect(at - now <= .seconds(6))
    }

    private func verdict(
        _ outcome: Outcome, attempt: Int = 1, lane: Lane = .normal, gone: Bool = true
    ) -> Verdict {
        var random = SeededRandom(seed: 3)
        let standard = RetryPromise.standard
        let promise = RetryPromise(
            delays: standard.delays, urgentDelays: standard.urgentDelays, jitter: 0.2, goneDisables: gone)
        let defaults = DialectDefaults(
            privacyLevel: .everything, timeout: .seconds(10), retries: promise, makesSecret: false)
        guard let url = TargetURL("https://receiver.example/") else { preconditionFailure("the URL is well formed") }
        let terms = Terms(name: "one", dialect: DialectName("standard"), url: url, defaults: defaults)
        return RetryPolicy(of: promise, terms: terms)
            .verdict(on: outcome, attempt: attempt, lane: lane, now: now, using: &random)
    }
}
