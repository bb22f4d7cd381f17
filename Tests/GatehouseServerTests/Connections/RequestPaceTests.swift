import Testing

@testable import GatehouseServer

/// The least speed of a body, by tables: the announced length, the bytes received after some seconds, and the verdict.
@Suite struct RequestPaceTests {
    private static let bounds = RequestPace.Bounds(
        stretch: .seconds(10), leastRate: 1024, allowance: .seconds(30), unannounced: 8 << 20)

    /// Checks when the pace itself asks for it; `come` returns the bytes received by then.
    private static func end(
        announced: Int?, _ bounds: RequestPace.Bounds = bounds, _ come: (Double) -> Double
    ) -> (RequestPace.Verdict, seconds: Double) {
        var pace = RequestPace(announced: announced, bounds)
        var next = pace.first
        for _ in 0..<100_000 {
            let seconds = next / .seconds(1)
            switch pace.verdict(received: Int(come(seconds)), after: next) {
            case .goesOn(let later): next = later
            case .tooSlow: return (.tooSlow, seconds)
            case .tooLate: return (.tooLate, seconds)
            }
        }
        return (.goesOn(next: next), next / .seconds(1))
    }

    @Test(arguments: [
        // Nothing more comes: noticed after the first stretch.
        (0.0, 10.0), (0.05, 10), (1000, 10),
    ])
    func stalledUploadIsCutAfterAStretch(bytesASecond: Double, seconds: Double) {
        let end = Self.end(announced: 8 << 20) { $0 * bytesASecond }
        #expect(end.0 == .tooSlow && end.seconds == seconds)
    }

    @Test func stalledHalfOfABodyIsCut() {
        let end = Self.end(announced: 8 << 20) { _ in Double(4 << 20) }
        #expect(end.0 == .tooSlow && end.seconds == 20)
    }

    @Test(arguments: [(8 << 20, 30.0 + 8192), (100 << 10, 130), (1, 30)])
    func endlessBodyIsCutAtTheDeadlineOfItsAnnouncedLength(announced: Int, seconds: Double) {
        // Chunks of one byte with extensions can be faster than the least rate, but only the body counts.
        let end = Self.end(announced: announced) { $0 * 1025 }
        #expect(end.0 == .tooLate && end.seconds == seconds)
    }

    @Test func chunkedBodyHasTheTimeOfTheLargestBody() {
        #expect(Self.end(announced: nil) { $0 * 2000 }.seconds == 30 + 8192)
    }

    @Test func slowConnectionCanSendTheLargestBody() {
        var pace = RequestPace(announced: 8 << 20, Self.bounds)
        for second in stride(from: 10, through: 8192, by: 10) {
            let verdict = pace.verdict(received: second * 1030, after: .seconds(second))
            guard case .goesOn = verdict else { return #expect(Bool(false), "\(verdict) at \(second) s") }
        }
    }

    @Test func lateCheckRequiresMoreBytes() {
        var pace = RequestPace(announced: 8 << 20, Self.bounds)
        #expect(pace.verdict(received: 10 << 10, after: .seconds(15)) == .tooSlow)
        pace = RequestPace(announced: 8 << 20, Self.bounds)
        #expect(pace.verdict(received: 15 << 10, after: .seconds(15)) == .goesOn(next: .seconds(25)))
    }
}
