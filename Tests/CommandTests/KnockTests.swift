import Testing

@testable import gatehouse

/// The findings of `gatehouse wait`.
@Suite struct KnockTests {
    private typealias Finding = Knock.Finding

    /// A gateway that answers 503 but needs longer than the remaining time is not silent.
    @Test func aRoundThatWasTooShortHidesNothing() {
        for earlier: Finding in [.status(503), .noHTTP, .silence] {
            for found: Finding in [.silence, .nothing] where found != earlier {
                #expect(!found.replaces(earlier, wasTooShort: true), "\(found) after \(earlier)")
                #expect(found.replaces(earlier, wasTooShort: false), "\(found) after \(earlier)")
            }
            for found: Finding in [.status(502), .noHTTP] { #expect(found.replaces(earlier, wasTooShort: true)) }
        }
        // If a later round is accepted, the finding is that something listens.
        #expect(Finding.silence.replaces(.nothing, wasTooShort: true))
    }

    @Test func eachSentenceNamesThePlace() {
        for (host, text) in [("10.1.2.3", "10.1.2.3:8443"), ("::1", "[::1]:8443")] {
            let place = Knock(host: host, port: 8443)
            for finding: Finding in [.nothing, .silence, .noHTTP, .status(503)] {
                let sentence = finding.sentence(of: place, within: .init(.seconds(1)))
                #expect(sentence.contains(text) && sentence.contains(": "), "\(sentence)")
            }
        }
    }
}
