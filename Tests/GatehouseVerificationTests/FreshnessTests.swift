import GatehouseVerification
import Testing

/// A captured request is worthless after a while, and clocks may differ a little.
@Suite struct FreshnessTests {
    @Test(arguments: [-300, -1, 0, 1, 299, 300] as [UnixSeconds])
    func withinFiveMinutesEitherWayItVerifies(_ age: UnixSeconds) throws {
        let vector = Vector.rotated
        #expect(try vector.verifier().verify(vector.request, now: vector.timestamp + age).timestamp == vector.timestamp)
    }

    @Test(arguments: [301, 3600, 1_000_000_000] as [UnixSeconds])
    func anOlderOneIsRefusedWithItsAge(_ age: UnixSeconds) throws {
        let vector = Vector.rotated
        #expect(throws: VerificationError.stale(age: .seconds(age))) {
            try vector.verifier().verify(vector.request, now: vector.timestamp + age)
        }
    }

    @Test(arguments: [301, 3600, 1_000_000_000] as [UnixSeconds])
    func oneFromTheFutureIsRefusedWithItsLead(_ lead: UnixSeconds) throws {
        let vector = Vector.rotated
        #expect(throws: VerificationError.ahead(by: .seconds(lead))) {
            try vector.verifier().verify(vector.request, now: vector.timestamp - lead)
        }
    }

    @Test(arguments: [UnixSeconds.min, .max])
    func aClockAtTheEndOfItsRangeRefusesAndDoesNotOverflow(_ now: UnixSeconds) throws {
        for vector in [Vector.empty, Vector.rotated, Vector.binary] {
            let reason = #expect(throws: VerificationError.self) {
                try vector.verifier().verify(vector.request, now: now)
            }
            #expect(reason?.description.contains("signed 9") ?? false)
        }
    }

    @Test func theToleranceIsTheCallersToChoose() throws {
        let vector = Vector.rotated
        let exact = try vector.verifier(tolerance: .zero)
        #expect(try exact.verify(vector.request, now: vector.timestamp).id == vector.id)
        #expect(throws: VerificationError.stale(age: .seconds(1))) {
            try exact.verify(vector.request, now: vector.timestamp + 1)
        }
        let wide = try vector.verifier(tolerance: .seconds(86_400))
        #expect(try wide.verify(vector.request, now: vector.timestamp + 86_400).id == vector.id)
        #expect(throws: VerificationError.negativeTolerance) { try vector.verifier(tolerance: .seconds(-1)) }
    }
}
