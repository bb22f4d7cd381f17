import GatehouseCore
import Testing

@testable import GatehouseServer

/// How long the answer to a wrong credential waits.
@Suite struct GuessBrakeTests {
    private static let start = Instant(seconds: 1_773_216_930)

    private func waits(_ brake: inout GuessBrake, _ count: Int, at now: Instant = start) -> [GuessBrake.Decision] {
        (0..<count).map { _ in
            let decision = brake.fail("192.0.2.7", at: now)
            if case .wait(let duration) = decision, duration > .zero { brake.end("192.0.2.7") }
            return decision
        }
    }

    @Test func firstFailureIsFreeAndEachNextOneWaitsTwiceAsLong() {
        var brake = GuessBrake(GuessSettings())
        let wanted = [0, 250, 500, 1000, 2000, 4000, 8000, 8000].map { GuessBrake.Decision.wait(.milliseconds($0)) }
        #expect(waits(&brake, 8) == wanted)
        #expect(waits(&brake, 200).allSatisfy { $0 == .wait(.seconds(8)) }, "and no longer, however many come")
    }

    @Test func addressIsForgottenTenMinutesAfterItsLastFailure() {
        var brake = GuessBrake(GuessSettings())
        _ = waits(&brake, 4)
        let still = Self.start + .seconds(599)
        #expect(waits(&brake, 1, at: still) == [.wait(.seconds(2))])
        #expect(waits(&brake, 2, at: still + .seconds(600)) == [.wait(.zero), .wait(.milliseconds(250))])
    }

    @Test func failuresOfOneAddressDoNotDelayAnother() {
        var brake = GuessBrake(GuessSettings())
        _ = waits(&brake, 10)
        #expect(brake.fail("192.0.2.8", at: Self.start) == .wait(.zero))
    }

    @Test func clockSetBackForgetsNothingAndWaitsNoLonger() {
        var brake = GuessBrake(GuessSettings())
        _ = waits(&brake, 2)
        #expect(waits(&brake, 1, at: Self.start - .seconds(3600)) == [.wait(.milliseconds(500))])
    }

    @Test func waitingAnswersAreBoundedByAddressAndInAll() {
        var settings = GuessSettings()
        settings.waitingPerAddress = 3
        settings.waiting = 4
        var brake = GuessBrake(settings)
        for address in ["a", "b"] { #expect(brake.fail(address, at: Self.start) == .wait(.zero)) }
        for _ in 0..<3 { #expect(brake.fail("a", at: Self.start) != .refuse) }
        #expect(brake.fail("a", at: Self.start) == .refuse)
        #expect(brake.fail("b", at: Self.start) != .refuse)
        #expect(brake.fail("b", at: Self.start) == .refuse && brake.waiting == 4)
        brake.end("a")
        #expect(brake.fail("b", at: Self.start) != .refuse)
    }

    @Test func zeroWaitHoldsNoAnswerBack() {
        var settings = GuessSettings()
        settings.firstWait = .zero
        var brake = GuessBrake(settings)
        #expect(waits(&brake, 500).allSatisfy { $0 == .wait(.zero) } && brake.waiting == 0)
    }

    @Test func addressesAreBoundedAndTheOldestAreForgotten() {
        var settings = GuessSettings()
        settings.addresses = 100
        var brake = GuessBrake(settings)
        for _ in 0..<3 { _ = brake.fail("waits", at: Self.start) }
        for number in 0..<10_000 {
            _ = brake.fail("\(number)", at: Self.start + .milliseconds(number))
            #expect(brake.addresses <= 100)
        }
        let now = Self.start + .seconds(10)
        #expect(brake.fail("9999", at: now) == .wait(.milliseconds(250)), "the newest is remembered")
        #expect(brake.fail("0", at: now) == .wait(.zero))
        #expect(brake.fail("waits", at: now) == .wait(.seconds(1)), "one whose answer waits is not forgotten")
    }

    @Test func addressesWithTheSame64BitsCountAsOne() {
        for (address, origin) in [
            ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("::FFFF:c000:0207", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:DB8:1:2::1", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::1", "2001:db8:1:3::/64"), ("::1", "0:0:0:0::/64"), ("no:address", "no:address"),
        ] {
            #expect(GuessOrigin.text(of: address) == origin)
        }
        #expect(GuessOrigin.text(of: nil) == "unknown")
    }
}
