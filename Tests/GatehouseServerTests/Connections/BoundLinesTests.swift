import GatehouseCore
import GatehouseTesting
import Logging
import Testing

@testable import GatehouseServer

/// Log lines about bounds that callers can reach as often as they like.
@Suite struct BoundLinesTests {
    @Test func eachKindHasOneCountedLineInTenSeconds() {
        let (lines, log) = (BoundLines(), RecordingLog())
        let slow = Problem(.slowRequest, "slow")
        let start = Instant(seconds: 1000)
        for second in 0..<25 {
            for _ in 0..<3 { lines.tell(slow, at: start + .seconds(second), to: log.logger) }
        }
        #expect(log.lines.map { $0.metadata["times"] } == ["1", "30", "30"])
        lines.tell(Problem(.manyWaits, "many"), at: start + .seconds(24), to: log.logger)
        #expect(log.lines.last?.metadata["problem"] == "many-waits" && log.lines.count == 4)
        lines.tell(slow, at: start, to: log.logger)
        #expect(log.lines.count == 5, "a clock that was set back silences nothing")
    }
}
