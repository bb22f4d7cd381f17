import GatehouseCore
import Testing

@testable import GatehouseServer

/// Repeated events get a log line only from time to time, and each line counts the ones before it.
@Suite struct LinePaceTests {
    private static let start = Instant(seconds: 1_700_000_000)

    @Test func lineIsDueOncePerIntervalAndCountsTheRest() {
        var pace = LinePace()
        let told = [0, 1, 9, 10, 11, 30].map { pace.count(at: Self.start + .seconds($0)) }
        #expect(told == [1, nil, nil, 3, nil, 2])
    }

    @Test func intervalCanBeChosen() {
        var pace = LinePace()
        let told = [0, 10, 59, 60].map { pace.count(at: Self.start + .seconds($0), every: .seconds(60)) }
        #expect(told == [1, nil, nil, 3])
    }

    @Test func clockSetBackDoesNotSilenceTheLog() {
        var pace = LinePace()
        _ = pace.count(at: Self.start)
        #expect(pace.count(at: Self.start + .seconds(-3600)) == 1)
        #expect(pace.count(at: Self.start + .seconds(-3599)) == nil)
    }
}
