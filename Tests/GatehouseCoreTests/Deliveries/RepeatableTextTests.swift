import Testing

@testable import GatehouseCore

/// A request's secrets that a receiver repeats are stored as dots.
@Suite struct RepeatableTextTests {
    private static let terms: Terms = {
        let defaults = DialectDefaults(
            privacyLevel: .noCredentials, timeout: .seconds(10), retries: .standard,
            makesSecret: true)
        guard let url = TargetURL("https://a.example/paths/T0123456789?k=aVeryLongToken&x=ab") else {
            preconditionFailure("it is a URL")
        }
        var terms = Terms(name: "t", dialect: DialectName("standard"), url: url, defaults: defaults)
        terms.headers = [.init("X-Site", "north/\"7\""), .init("X-Short", "abc")]
        terms.authentication = .basic(user: "robot", password: Secret("open sesame"))
        terms.secret = Secret("signing-secret")
        return terms
    }()

    private func kept(_ text: String) -> String {
        String(decoding: RepeatableTexts(Self.terms).hidden(in: Array(text.utf8)), as: UTF8.self)
    }

    @Test(
        arguments: [
            ("no such path T0123456789!", "no such path •••!"), ("key aVeryLongToken", "key •••"),
            ("POST /paths/T0123456789?k=aVeryLongToken&x=ab done", "POST ••• done"),
            (#"{"path":"\/paths\/T0123456789?k=aVeryLongToken&x=ab"}"#, #"{"path":"•••"}"#),
            (#"x: north/"7"."#, "x: •••."), (#"{"x":"north/\"7\""}"#, #"{"x":"•••"}"#),
            ("open sesame, robot", "•••, •••"), ("Basic cm9ib3Q6b3BlbiBzZXNhbWU=", "Basic •••"),
            ("signing-secret", "•••"), ("cut: open ses", "cut: •••"), ("cut: ope", "cut: ope"),
            ("abc and paths", "abc and paths"), ("", ""), ("ok", "ok"),
        ])
    func everySecretIsDots(_ answer: String, _ kept: String) {
        #expect(self.kept(answer) == kept)
    }

    @Test func statusAndOtherTextsStay() {
        let outcome = Outcome.answered(
            .init(status: 503, retryAfter: "5", excerpt: Array("come back, robot".utf8)))
        #expect(
            outcome.hiding(RepeatableTexts(Self.terms))
                == .answered(.init(status: 503, retryAfter: "5", excerpt: Array("come back, •••".utf8))))
        #expect(Outcome.timedOut(.answer).hiding(RepeatableTexts(Self.terms)) == .timedOut(.answer))
    }
}
