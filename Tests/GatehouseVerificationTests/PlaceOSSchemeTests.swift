internal import GatehouseVerification
import Testing

/// PlaceOS's posts: the vector, the bounds of time, and every way in which a body's signature can be broken.
@Suite struct PlaceOSSchemeTests {
    private static let signature = "a276988a8dbd35627d09708b23ca699947114a6f2ab6b38465f0e632fe264342"
    /// 2022-04-03T23:59:25Z.
    private static let signed: UnixSeconds = 1_649_030_365

    private static func body(_ signature: String = signature, time: String = "2022-04-03T23:59:25Z") -> String {
        #"{"door_id":"123456","timestamp":"\#(time)","signature":"\#(signature)","action":"granted"}"#
    }

    private func verify(
        _ body: String, secret: String = "123456", now: UnixSeconds = Self.signed
    ) throws(VerificationError) -> VerifiedEvent {
        let verifier = try Verifier(.placeos, secret: secret)
        return try verifier.verify(ReceivedRequest(headers: [], body: Array(body.utf8)), now: now)
    }

    @Test func theVectorVerifies() throws {
        let event = try verify(Self.body())
        #expect(event.timestamp == Self.signed && event.id == nil && event.body == Array(Self.body().utf8))
    }

    @Test func theEventIsNamedByTheOneHeaderBesideTheBody() throws {
        let verifier = try Verifier(.placeos, secret: "123456")
        for (headers, id) in [([], nil), (["7"], "7"), (["7", "8"], nil)] as [([String], String?)] {
            let request = ReceivedRequest(
                headers: headers.map { ("Gatehouse-Event-Id", $0) }, body: Array(Self.body().utf8))
            #expect(try verifier.verify(request, now: Self.signed).id == id)
        }
    }

    @Test func theTimeMustBeFresh() throws {
        for now in [Self.signed - 300, Self.signed + 300] { _ = try verify(Self.body(), now: now) }
        #expect(throws: VerificationError.stale(age: .seconds(301))) { try verify(Self.body(), now: Self.signed + 301) }
        #expect(throws: VerificationError.ahead(by: .seconds(301))) { try verify(Self.body(), now: Self.signed - 301) }
    }

    @Test func anotherSecretOrTimeIsWrong() {
        #expect(throws: VerificationError.wrongSignature) { try verify(Self.body(), secret: "123457") }
        #expect(throws: VerificationError.wrongSignature) { try verify(Self.body(time: "2022-04-03T23:59:26Z")) }
    }

    @Test(arguments: [
        "", "a276", String(signature.dropLast()), signature + "0", signature.uppercased(), "\(signature) ",
    ])
    func aSignatureOfAnotherFormIsRefused(_ text: String) {
        #expect(throws: VerificationError.malformedHexadecimal) { try verify(Self.body(text)) }
    }

    @Test func aFieldThatStandsTwiceIsRefused() {
        for name in ["signature", "timestamp"] {
            let doubled = Self.body().dropLast() + #","\#(name)":"x"}"#
            #expect(throws: VerificationError.repeatedField(name)) { try verify(String(doubled)) }
        }
    }

    @Test func aFieldThatIsMissingIsNamed() {
        #expect(throws: VerificationError.missingField("signature")) { try verify(#"{"timestamp":"x"}"#) }
        #expect(throws: VerificationError.missingField("timestamp")) { try verify(#"{"signature":"x"}"#) }
        let deeper = #"{"a":{"signature":"x"},"timestamp":"x"}"#
        #expect(throws: VerificationError.missingField("signature")) { try verify(deeper) }
    }

    @Test(arguments: [
        "", "{", "[]", "null", "{}x", #"{"a"}"#, #"{"a":}"#, #"{"a":"b"#, #"{"a":[}"#, #"{"a":1,}"#,
        #"{"signature":5,"timestamp":"x"}"#, #"{"signat\u0075re":"x","timestamp":"x"}"#,
        #"{"signature":"\u0061","timestamp":"x"}"#,
    ])
    func ambiguousBodyIsRefused(_ body: String) {
        #expect(throws: VerificationError.malformedBody) { try verify(body) }
    }

    @Test(arguments: [
        "2022-04-03T23:59:25+00:00", "2022-04-03 23:59:25Z", "2022-13-03T23:59:25Z", "2022-02-30T23:59:25Z",
        "2022-04-03T23:59:25.0Z",
        "2022-04-03T23:59:25z", "x", "",
    ])
    func aTimeOfAnotherSpellingIsRefused(_ time: String) {
        #expect(throws: VerificationError.malformedTime) { try verify(Self.body(time: time)) }
    }

    @Test func fieldsThatTheContractDoesNotNameArePassedOver() throws {
        let more = Self.body().dropLast() + #", "more" : {"a":[1,{"b":"}\""}],"c":null}, "n":1.5e3 , "t":true}"#
        _ = try verify(String(more))
    }

    @Test func aSecretOfNoOrEndlessLengthIsRefused() {
        for secret in ["", String(repeating: "s", count: 4097)] {
            #expect(throws: VerificationError.secretOutOfBounds) { try Verifier(.placeos, secret: secret) }
        }
    }
}
