import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// CloudEvents 1.0.2 as its SDKs send them, in the binary mode of the HTTP binding and in the structured one.
@Suite struct CloudEventTests {
    private static let attributes = [
        ("ce-specversion", "1.0"), ("ce-id", "1"), ("ce-source", "/panels/p-acme"), ("ce-type", "access.granted"),
    ]

    private func post(
        _ server: TestServer, _ fields: [(String, String)], _ body: String, type: String? = nil
    ) async throws -> TestAnswer {
        var request = TestRequest(.post, "/v1/events", try await server.credential(.source))
        request.headers[.contentType] = type
        for (name, value) in fields { request.headers[try #require(HTTPField.Name(name))] = value }
        request.body = Array(body.utf8)
        return try await server.send(request)
    }

    @Test(
        arguments: [
            nil, "application/json", "application/json; charset=utf-8", "text/json", "application/vnd.example+json",
        ] as [String?])
    func binaryDataIsJSONWithAnyJSONTypeOrNone(type: String?) async throws {
        let server = try await TestServer()
        let answer = try await post(server, Self.attributes, #"{"door":"d-acme","panel":"p-acme"}"#, type: type)
        #expect(answer.status == 202, "\(answer.text)")
        #expect(try await server.taken().first?.door?.text == "d-acme")
    }

    @Test(arguments: [nil, "application/json"] as [String?])
    func eventWithoutDataIsAccepted(type: String?) async throws {
        let server = try await TestServer()
        let answer = try await post(server, Self.attributes, "", type: type)
        #expect(answer.status == 202, "\(answer.text)")
        let taken = try #require(try await server.taken().first)
        #expect(taken.data.members.map(\.key) == ["access"], "what the kind says by itself")
    }

    @Test(arguments: [
        ("text/plain", "hello"), ("application/xml", "<a/>"), ("application/octet-stream", "{}"),
        ("application/json; charset=latin1", "{}"), ("application/x-www-form-urlencoded", "{}"), ("", "{}"),
    ])
    func binaryDataOfAnotherTypeIsRefused(type: String, body: String) async throws {
        let server = try await TestServer()
        try await post(server, Self.attributes, body, type: type)
            .expectProblem(415, "unsupported-media", field: "content-type")
    }

    @Test func bodyWithoutATypeAndAttributesIsRefused() async throws {
        try await post(try await TestServer(), [], #"{"specversion":"1.0"}"#).expectProblem(415, "unsupported-media")
    }

    @Test func everyAttributeIsReadFromItsHeaderField() async throws {
        let server = try await TestServer()
        let more = [
            ("CE-Subject", "T%C3%BCr%20%22%25%22"), ("ce-dataschema", "https://example.com/s"), ("ce-site", "north"),
            ("ce-traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
            ("ce-quoted", #""a \"b\" %e2%82%AC""#), ("ce-plain", "a+b"), ("ce-empty", ""),
        ]
        let answer = try await post(server, Self.attributes + more, "{}")
        #expect(answer.status == 202, "\(answer.text)")
        let own = try #require(try await server.taken().first?.attributes)
        let wanted: JSONObject = [
            "subject": "Tür \"%\"", "dataschema": "https://example.com/s", "site": "north",
            "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "quoted": "a \"b\" €",
            "plain": "a+b", "empty": "",
        ]
        #expect(Set(own.members) == Set(wanted.members), "\(own)")
    }

    @Test func structuredEventEqualsTheBinaryOne() async throws {
        let server = try await TestServer()
        let structured =
            #"{"specversion":"1.0","id":"1","source":"/panels/p-acme","type":"access.granted","#
            + #""subject":"s","site":"x"}"#
        #expect(
            try await post(server, [], structured, type: "application/cloudevents+json; charset=utf-8").status == 202)
        let binary = try await post(server, Self.attributes + [("ce-subject", "s"), ("ce-site", "x")], "")
        #expect(binary.json?["events"]?.items?.first?["duplicate"] == true, "\(binary.text)")
        let batch = "[\(structured.replacing("\"1\"", with: "\"2\"")),\(structured)]"
        #expect(try await post(server, [], batch, type: "application/cloudevents-batch+json").status == 202)
        #expect(try await server.taken().map { $0.attributes["subject"] } == ["s", "s"])
    }

    /// In binary mode each attribute is text (CloudEvents 1.0.2, 3.1), and the data has the type of the body.
    @Test func sameEventInEveryModeIsOneEvent() async throws {
        let rest = #""source":"/panels/p-acme","type":"access.granted","data":{"door":"d-acme"}"#
        let own = [("ce-sequence", "5"), ("ce-late", "true"), ("ce-early", "false"), ("ce-zero", "0")]
        let typed = #""sequence":5,"late":true,"early":false,"zero":0"#
        let texts = #""sequence":"5","late":"true","early":"false","zero":"0""#
        let forms: [(fields: [(String, String)], body: String, type: String?)] = [
            (Self.attributes + own, #"{"door":"d-acme"}"#, nil),
            (Self.attributes + own, #"{"door":"d-acme"}"#, "application/json"),
            ([], "{\"specversion\":\"1.0\",\"id\":\"1\",\(typed),\(rest)}", "application/cloudevents+json"),
            ([], "{\"specversion\":\"1.0\",\"id\":\"1\",\(texts),\(rest)}", "application/json"),
            (
                [],
                "[{\"specversion\":\"1.0\",\"id\":\"1\",\"datacontenttype\":\"text/json\",\(typed),\(rest)}]",
                "application/cloudevents-batch+json"
            ),
        ]
        for first in forms {
            let server = try await TestServer()
            for (number, form) in ([first] + forms).enumerated() {
                let answer = try await post(server, form.fields, form.body, type: form.type)
                #expect(answer.status == 202, "\(form): \(answer.text)")
                let isDuplicate = answer.json?["events"]?.items?.first?["duplicate"]
                #expect(isDuplicate == .bool(number > 0), "\(first) and \(form): \(answer.text)")
            }
            for other in ["05", "6", "5.0", "%205"] {
                let fields = Self.attributes + [("ce-sequence", other)] + own.dropFirst()
                try await post(server, fields, #"{"door":"d-acme"}"#).expectProblem(409, "conflict")
            }
        }
    }

    /// Names of attributes have only letters and digits (section 3.1); `data_base64` is a member of the JSON format.
    @Test(arguments: ["ce-data_base64", "CE-Data_Base64", "ce-my-site", "ce-data.door", "ce-"])
    func invalidAttributeFieldIsRefusedByItsName(name: String) async throws {
        for body in ["", #"{"door":"d-acme"}"#] {
            let answer = try await post(try await TestServer(), Self.attributes + [(name, "e30=")], body)
            answer.expectProblem(422, "unknown-field", field: String(name.lowercased().dropFirst(3)))
            #expect(answer.text.contains("\(name.lowercased()) is no attribute"), "\(answer.text)")
        }
    }

    @Test(arguments: [
        ("ce-my_site", "x", "my_site"), ("ce-door", "d-acme", "door"), ("ce-gatehouseid", "x", "gatehouseid"),
        ("ce-subject", "", "subject"), ("ce-dataschema", "none", "dataschema"),
    ])
    func forbiddenAttributeIsNamedAsInTheStructuredMode(name: String, value: String, field: String) async throws {
        let answer = try await post(try await TestServer(), Self.attributes + [(name, value)], "{}")
        #expect(answer.status == 422, "\(answer.text)")
        #expect(answer.json?["field"]?.text == field)
    }

    @Test func attributesAreShownByTheRightsOfTheKey() async throws {
        let server = try await TestServer()
        let own = [("ce-subject", "Ana"), ("ce-site", "north"), ("ce-cardnumber", "4711"), ("ce-sequence", "7")]
        #expect(try await post(server, Self.attributes + own, "{}").status == 202)
        let event = try #require(try await server.taken().first)
        let shown = try await server.get("/v1/events/\(event.id)", try await server.credential(.reporter))
        let told = try #require(shown.json?["event"])
        #expect(told["subject"] == "Ana" && told["site"] == "north" && told["sequence"] == "7")
        #expect(told["cardnumber"] == nil && !shown.text.contains("4711"))
    }
}
