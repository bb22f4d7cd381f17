import GatehouseCore
import Testing

/// The sentence about a redirect names the location, and quotes no path and no query: they may be secrets.
@Suite struct RedirectTests {
    private static let called = "http://ops.example/in/s3cret?token=t0ken"

    @Test(arguments: [
        ("https://ops.example/in/s3cret?token=t0ken", "https://ops.example (the same path)"),
        ("https://ops.example:8443/in/s3cret/", "https://ops.example:8443 (the same path with a / at its end)"),
        ("/in/s3cret/", "http://ops.example (the same path with a / at its end)"),
        ("/login?next=s3cret", "http://ops.example (another path)"), ("login", "http://ops.example (another path)"),
        ("//new.example/in/s3cret", "http://new.example (the same path)"),
        ("https://user:t0ken@new.example/s3cret#t0ken", "https://new.example (another path)"),
        ("?token=t0ken", "http://ops.example (another path)"),
        ("ftp://ops.example/s3cret", "a place that is no http or https address"),
        ("https://", "a place that is no http or https address"),
        ("https://a\u{1B}[2J.example/", "a place that is no http or https address"),
        ("/" + String(repeating: "s3cret", count: 1000), "a place that is no http or https address"),
    ])
    func thePlaceIsToldWithoutPathAndQuery(location: String, words: String) throws {
        let told = Redirect.words(of: location, from: try #require(TargetURL(Self.called)))
        #expect(told == words)
        #expect(told?.contains("s3cret") == false && told?.contains("t0ken") == false)
    }

    @Test func sentenceNamesThePlaceAndTheRemedy() {
        var answer = Outcome.Answer(status: 308)
        #expect(
            Outcome.answered(answer).sentence
                == "the receiver answered 308, a redirect, which is not followed: set the url of the subscription to "
                + "where the receiver is now")
        answer.redirect = "https://ops.example (the same path)"
        for outcome in [Outcome.answered(answer), Outcome.answered(answer).withoutExcerpt] {
            #expect(outcome.sentence.contains("a redirect to https://ops.example (the same path), which"))
        }
    }
}
