import GatehouseCore
import Testing

/// The attributes of CloudEvents 1.0.2 that are the reporter's own: accepted, stored, delivered, and withheld by their
/// names.
@Suite struct EventAttributesTests {
    private static let minimal = #""specversion":"1.0","id":"1","source":"/p","type":"door.opened""#

    private static func admit(_ more: String) throws -> AdmittedEvent {
        let draft = try JSONParser.parse(Array("{\(minimal)\(more.isEmpty ? "" : ",")\(more)}".utf8))
        var random = SeededRandom(seed: 1)
        return try AdmissionTests.admission.admit(draft, using: &random)
    }

    private static func fault(_ more: String) throws -> ValidationError {
        try #require(throws: ValidationError.self) { _ = try admit(more) }
    }

    // MARK: Accepted attributes

    @Test(arguments: [
        #""subject":"doors/12""#, #""subject":"Tür é 🚪""#, #""dataschema":"https://example.com/schema?v=1#x""#,
        #""dataschema":"urn:example:schema""#, #""dataschema":"HTTP://x""#,
        #""traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01""#, #""tracestate":"a=b,c=d""#,
        #""partitionkey":"north""#, #""sampledrate":30"#, #""sampledrate":-2147483648"#, #""isok":true"#,
        #""empty":"""#, #""x":"y""#, #""a1b2c3d4e5f6g7h8i9j0":"z""#, #""site":"north","deck":3,"open":false"#,
    ])
    func theReportersOwnAttributesAreKeptAsTheyCame(more: String) throws {
        let event = try Self.admit(more).event
        let own = try #require(JSONParser.parse(Array("{\(more)}".utf8)).object)
        #expect(event.attributes == own)
        #expect(Event(stored: event.stored)?.attributes == own)
        let told = event.cloudEvent(at: .everything)
        for member in own.members { #expect(told[member.key] == member.value) }
        #expect(told.object?.members.last?.key == "data")
    }

    @Test(arguments: [
        "application/json", "application/json; charset=utf-8", "application/json;charset=\\\"UTF-8\\\"",
        "APPLICATION/JSON", "text/json", "application/vnd.example+json", "application/cloud.x+json; a=b",
    ])
    func everyTypeOfJSONIsOne(type: String) throws {
        let admitted = try Self.admit(#""datacontenttype":"\#(type)""#)
        #expect(try admitted.digest == Self.admit(#""datacontenttype":"application/json""#).digest)
    }

    @Test(arguments: [
        "text/plain", "application/xml", "json", "", "/json", "application/json; charset=latin1", "a/b/json",
    ])
    func everyOtherTypeIsRefused(type: String) throws {
        let fault = try Self.fault(#""datacontenttype":"\#(type)""#)
        #expect(fault.code == .outOfBounds && fault.field == "datacontenttype")
    }

    @Test func nullCountsAsMissing() throws {
        let event = try Self.admit(#""subject":null,"dataschema":null,"time":null,"data":null,"site":null,"My":null"#)
            .event
        #expect(event.attributes.isEmpty && event.data.isEmpty)
        #expect(try Self.admit(#""site":null"#).digest == Self.admit("").digest)
    }

    @Test func base64DataIsOrdinaryData() throws {
        // {"details":{"a":1}}
        let encoded = #""data_base64":"eyJkZXRhaWxzIjp7ImEiOjF9fQ==""#
        let plain = try Self.admit(#""data":{"details":{"a":1}}"#)
        #expect(try Self.admit(encoded).event.data == plain.event.data)
        #expect(try Self.admit(encoded).digest == plain.digest, "all spellings are one event")
        // null
        for none in [#""data_base64":"bnVsbA==""#, #""data":null"#, #""data_base64":null"#] {
            #expect(try Self.admit(none).digest == Self.admit("").digest, "\(none)")
        }
        #expect(try Self.admit(#""data_base64":"","datacontenttype":"application/x+json""#).event.data.isEmpty)
    }

    @Test(arguments: [
        (#""data_base64":"%%%""#, ValidationError.Code.wrongType), (#""data_base64":7"#, .wrongType),
        (#""data_base64":"aGVsbG8=""#, .malformed), (#""data_base64":"e30=","data":{}"#, .contradiction),
        // [7]
        (#""data_base64":"Wzdd""#, .wrongType),
    ])
    func dataInBase64ThatIsNoneIsNamed(more: String, code: ValidationError.Code) throws {
        let fault = try Self.fault(more)
        #expect(fault.code == code && fault.field?.hasPrefix("data") == true, "\(fault)")
    }

    @Test func bytesOtherThanJSONAreRefusedByTheirType() throws {
        let fault = try Self.fault(#""datacontenttype":"image/png","data_base64":"iVBORw0KGgo=""#)
        #expect(fault.code == .outOfBounds && fault.field == "datacontenttype")
    }

    // MARK: Refused attributes

    @Test(arguments: [
        (#""Site":"north""#, ValidationError.Code.unknownField, "Site"), (#""my_site":"x""#, .unknownField, "my_site"),
        (#""my-site":"x""#, .unknownField, "my-site"), (#""sité":"x""#, .unknownField, "sité"),
        (#""":"x""#, .unknownField, ""), (#""a1b2c3d4e5f6g7h8i9j0k":"x""#, .unknownField, "a1b2c3d4e5f6g7h8i9j0k"),
        (#""gatehouseid":"x""#, .unknownField, "gatehouseid"),
        (#""gatehousedrill":true"#, .unknownField, "gatehousedrill"),
        (#""receivedtime":"x""#, .unknownField, "receivedtime"), (#""door":"lobby""#, .unknownField, "door"),
        (#""panel":"1070000""#, .unknownField, "panel"), (#""site":{}"#, .wrongType, "site"),
        (#""site":[1]"#, .wrongType, "site"), (#""site":1.5"#, .outOfBounds, "site"),
        (#""site":2147483648"#, .outOfBounds, "site"), (#""site":"a\u0000""#, .outOfBounds, "site"),
        (#""site":"a\u0085""#, .outOfBounds, "site"), (#""subject":"""#, .outOfBounds, "subject"),
        (#""subject":7"#, .wrongType, "subject"), (#""dataschema":"schema""#, .outOfBounds, "dataschema"),
        (#""dataschema":"https://a b""#, .outOfBounds, "dataschema"), (#""dataschema":true"#, .wrongType, "dataschema"),
    ])
    func forbiddenValueIsNamed(more: String, code: ValidationError.Code, field: String) throws {
        let fault = try Self.fault(more)
        #expect(fault.code == code && fault.field == field, "\(fault)")
    }

    @Test func attributesHaveLimits() throws {
        let long = String(repeating: "x", count: EventAttributes.longestText)
        #expect(throws: Never.self) { try Self.admit(#""site":"\#(long)","subject":"\#(long)""#) }
        #expect(try Self.fault(#""site":"\#(long)x""#).field == "site")
        #expect(try Self.fault(#""subject":"\#(long)x""#).field == "subject")
        let many = (0..<EventAttributes.most).map { "\"a\($0)\":\($0)" }.joined(separator: ",")
        #expect(throws: Never.self) { try Self.admit(many + #","subject":"s""#) }
        #expect(try Self.fault(many + #","more":1"#).code == .outOfBounds)
    }

    // MARK: Once

    @Test func eventWithAnotherTraceIsARepetition() throws {
        let first = try Self.admit(#""traceparent":"00-a-b-01","tracestate":"a=b","site":"north""#)
        let again = try Self.admit(#""traceparent":"00-c-d-01","site":"north""#)
        #expect(first.digest == again.digest)
        #expect(try Self.admit(#""site":"south""#).digest != first.digest)
        #expect(try Self.admit(#""site":"north","subject":"s""#).digest != first.digest)
    }

    // MARK: Who may see them

    @Test(
        arguments: [
            // name, value, at level 1, at level 2
            ("subject", "doors/lobby", true, false), ("subject", "card of Ana", false, false),
            ("dataschema", "https://example.com/s", true, true), ("traceparent", "00-0af7-b7ad-01", true, true),
            ("tracestate", "a=b", true, true), ("tracestate", "pin=1234", false, false), ("sequence", "7", true, true),
            ("site", "north", true, false), ("employee", "Ana", true, false),
            ("cardnumber", "4711", false, false), ("employeecard", "4711", false, false),
            ("userpin", "1234", false, false),
            ("pinofuser", "1234", false, false), ("mybadge2", "4711", false, false), ("accesscode", "1", false, false),
            ("holderfaceimage", "x", false, false), ("thesecretofana", "x", false, false), ("token", "x", false, false),
            ("shippingid", "7", true, false), ("opinion", "good", true, false), ("comment", "PIN 1234", false, false),
            ("uuid", "a1", true, true), ("guestpass", "x", false, false),
        ] as [(String, String, Bool, Bool)])
    func theyAreWithheldByTheirNames(name: String, value: String, atOne: Bool, atTwo: Bool) throws {
        let event = try Self.admit(#""\#(name)":"\#(value)""#).event
        for (level, isShown) in [(PrivacyLevel.everything, true), (.noCredentials, atOne), (.noPersons, atTwo)] {
            #expect((event.attributes(at: level)[name] != nil) == isShown, "\(name) at \(level)")
            #expect((event.cloudEvent(at: level)[name] != nil) == isShown, "\(name) at \(level)")
            #expect((event.readable(at: level).attributes[name] != nil) == isShown, "\(name) at \(level)")
        }
    }

    @Test func booleanUnderACredentialNameIsShown() throws {
        let event = try Self.admit(#""hascard":true,"cardcount":2"#).event
        #expect(event.attributes(at: .noCredentials).members.map(\.key) == ["hascard"])
    }

    @Test func erasedPersonIsRemovedFromAttributes() throws {
        let more = #""subject":"Ana","site":"north","sequence":"7","data":{"details":{"personId":"31"}}"#
        let event = try #require(Self.admit(more).event.erased("31"))
        #expect(event.attributes.members.map(\.key) == ["sequence"])
        #expect(Event(stored: event.stored)?.attributes == event.attributes)
    }
}
