import GatehouseVerification
import Testing

/// Situator's token: in `Authorization` beside a bare event, or in the envelope.
@Suite struct SituatorSchemeTests {
    private static let token = "6R7zvBFrjAheqw5L"
    private static let bare = #"{"type":"person","dateTime":"...","subtype":1,"accountId":1000,"personId":31}"#
    private static let envelope = #"{"name":"N","token":"6R7zvBFrjAheqw5L","events":[\#(bare)]}"#

    private func verified(
        _ headers: [(String, String)], _ body: String, token: String = token
    ) throws -> VerifiedEvent {
        let request = ReceivedRequest(headers: headers.map { (name: $0.0, value: $0.1) }, body: Array(body.utf8))
        return try Verifier(.situator, secret: token).verify(request, now: 0)
    }

    @Test(arguments: ["Authorization", "authorization", "AUTHORIZATION"])
    func theBearersTokenIsTaken(_ name: String) throws {
        for scheme in ["Bearer", "bearer", "BEARER"] {
            let event = try verified([(name, "\(scheme) \(Self.token)")], Self.bare)
            #expect(event.body == Array(Self.bare.utf8))
            #expect(event.timestamp == nil && event.id == nil)
        }
    }

    @Test func theEnvelopesTokenCountsWithAnyAuthorization() throws {
        #expect(throws: Never.self) { try verified([], Self.envelope) }
        #expect(throws: Never.self) { try verified([("Authorization", "Basic abc")], Self.envelope) }
        #expect(throws: VerificationError.wrongToken) {
            try verified([("Authorization", "Bearer other")], Self.envelope, token: "other")
        }
    }

    @Test func theEventIsNamedByItsHeader() throws {
        let named = try verified(
            [("Authorization", "Bearer \(Self.token)"), ("Gatehouse-Event-Id", "0199-1")], Self.bare)
        #expect(named.id == "0199-1")
        let doubled = [
            ("authorization", "Bearer \(Self.token)"), ("gatehouse-event-id", "1"), ("gatehouse-event-id", "2"),
        ]
        #expect(try verified(doubled, Self.bare).id == nil, "which of the two?")
    }

    @Test(
        arguments: [
            ("1, 2", ["1", "2"]), ("2,1", ["2", "1"]), (" 1 ,  2 ", ["1", "2"]), ("1", []), ("1, 2, 3", []),
            ("1,", []), (", 2", []), ("", []),
        ])
    func theEventsOfAnEnvelopeAreNamedOneByOneOrNotAtAll(_ line: String, _ ids: [String]) throws {
        let envelope = #"{"name":"N","token":"6R7zvBFrjAheqw5L","events":[\#(Self.bare),\#(Self.bare)]}"#
        let event = try verified([("gatehouse-event-id", line)], envelope)
        #expect(event.ids == ids)
        #expect(event.id == nil)
    }

    @Test(
        arguments: [
            (nil, .missingToken), ("", .missingToken), ("Bearer", .missingToken), ("Bearer ", .missingToken),
            ("Basic 6R7zvBFrjAheqw5L", .missingToken), ("6R7zvBFrjAheqw5L", .missingToken),
            ("Bearer 6R7zvBFrjAheqw5", .wrongToken), ("Bearer 6R7zvBFrjAheqw5L ", .wrongToken),
            ("Bearer  6R7zvBFrjAheqw5L", .wrongToken), ("Bearer 6r7zvbfrjaheqw5l", .wrongToken),
            ("Bearer 6R7zvBFrjAheqw5M", .wrongToken),
        ] as [(String?, VerificationError)])
    func anyTokenButTheOneIsRefused(_ value: String?, _ reason: VerificationError) {
        #expect(throws: reason) { try verified(value.map { [("Authorization", $0)] } ?? [], Self.bare) }
    }

    @Test func twoTokensAreRefused() {
        let value = "Bearer \(Self.token)"
        #expect(throws: VerificationError.repeatedHeader("authorization")) {
            try verified([("Authorization", value), ("authorization", value)], Self.bare)
        }
    }

    @Test(arguments: [#"{"token":"other","events":[]}"#, #"{"token":"","events":[{}]}"#])
    func anEnvelopeWithAnotherTokenIsRefused(_ body: String) {
        #expect(throws: VerificationError.wrongToken) { try verified([], body) }
    }

    @Test(arguments: ["", "[]", #"{"token":"6R7zvBFrjAheqw5L"}"#, #"{"token":5,"events":[]}"#])
    func bodyThatIsNoEnvelopeHasNoToken(_ body: String) {
        #expect(throws: VerificationError.missingToken) { try verified([], body) }
    }

    @Test func aTokenHas1To4096Characters() {
        for token in ["", String(repeating: "t", count: 4097)] {
            #expect(throws: VerificationError.secretOutOfBounds) { try Verifier(.situator, secret: token) }
        }
    }
}
