internal import GatehouseCore
internal import GatehouseTesting
import Testing

@testable internal import DialectFixtures

/// The replacement of a secret, in every dialect.
@Suite struct RotationConformanceTests {
    private static let end = Building.now + .seconds(60)

    private struct Rotated {
        let subscription: Subscription
        let (old, new): (Secret, Secret)
    }

    private func rotated(_ spoken: Spoken, isBeside: Bool) throws -> Rotated {
        var random = SeededRandom(seed: 11)
        let (old, new) = (
            spoken.dialect.makeSecret(using: &random), spoken.dialect.makeSecret(using: &random)
        )
        let present = try spoken.subscription()
        var terms = present.terms
        terms.secret = new
        terms.outgoing = Terms.Outgoing(secret: old, until: Self.end, isBeside: isBeside)
        #expect(old != new && spoken.dialect.faults(in: terms).isEmpty)
        let subscription = Subscription(
            present.identity, terms: terms, hold: .none, revision: 2, sayable: spoken.dialect.vocabulary.sayable)
        return Rotated(subscription: subscription, old: old, new: new)
    }

    /// Which of the two secrets verifies a request of that instant.
    private func accepting(_ spoken: Spoken, _ rotated: Rotated, at now: Instant) throws -> (old: Bool?, new: Bool?) {
        let kind = try #require(spoken.dialect.vocabulary.sayable.kinds.first)
        let parcel = Parcel(
            event: Canary.event(kind), subscription: rotated.subscription.signing(at: now), attempt: 1, isReplay: false)
        let request = spoken.dialect.prepare(parcel, at: now)
        return (
            try spoken.accepts(request, secret: rotated.old, at: now),
            try spoken.accepts(request, secret: rotated.new, at: now)
        )
    }

    @Test(arguments: Spoken.all)
    func laterSecretSignsAloneFromItsTime(_ spoken: Spoken) throws {
        let rotated = try rotated(spoken, isBeside: false)
        let before = try accepting(spoken, rotated, at: Self.end - .seconds(1))
        #expect(before.old != false && before.new != true)
        let after = try accepting(spoken, rotated, at: Self.end)
        #expect(after.old != true && after.new != false)
        #expect(before.old == after.new, "the receiver's own way of telling is there or not")
    }

    @Test(arguments: Spoken.all.filter { $0.dialect.defaults.overlap != nil })
    func bothSecretsSignIfTheContractAllowsTwo(_ spoken: Spoken) throws {
        let rotated = try rotated(spoken, isBeside: true)
        let before = try accepting(spoken, rotated, at: Self.end - .seconds(1))
        #expect(before.old == true && before.new == true)
        let after = try accepting(spoken, rotated, at: Self.end)
        #expect(after.old == false && after.new == true)
    }

    @Test func onlyStandardAllowsTwoSignatures() {
        let overlaps = Spoken.all.filter { $0.dialect.defaults.overlap != nil }
        #expect(overlaps.map(\.dialect.name.text) == ["standard"])
        #expect(overlaps.first?.dialect.defaults.overlap == .seconds(24 * 3600))
    }
}
