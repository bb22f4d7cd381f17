internal import GatehouseCore
internal import GatehouseTesting
internal import HTTPTypes
import Testing

@testable internal import GatehouseDialects

/// The contract's webhook entities over real sockets: the seed's fields, bounds and sentences, each violated in turn.
@Suite struct BasIPManageTests {
    private static let whole: JSON = [
        "url": "https://api.yourcompany.com/webhooks/test", "secret": "de35f883b0d91c78fc8f27b8cb827a7a",
        "status": "disabled", "timeout": 30_000, "headers": #"{"X-Site": "north", "x-empty": "", "X.Tab": "a\tb"}"#,
        "description": "Front door", "event_types": ["log.tamper_event", "log.bond_lift_request"], "max_retries": 0,
    ]

    private static let shown = """
        {"url":"https://api.yourcompany.com/webhooks/test","secret":"de35f883b0d91c78fc8f27b8cb827a7a",\
        "status":"disabled","timeout":30000,\
        "headers":"{\\"X-Site\\":\\"north\\",\\"x-empty\\":\\"\\",\\"X.Tab\\":\\"a\\\\tb\\"}",\
        "description":"Front door","event_types":["log.tamper_event","log.bond_lift_request"],"max_retries":0}
        """

    // MARK: The five routes

    @Test(arguments: ["/api/v1/webhooks", "/webhooks"])
    func webhookIsCreatedRetrievedUpdatedListedAndDeleted(_ path: String) async throws {
        try await BasIPGateway.run { gateway in
            let made = try await gateway.post(path, Self.whole)
            #expect(made.status == 200)
            #expect(made.text == #"{"item_uid":1}"#)
            let shown = try await gateway.get("\(path)/1")
            #expect(shown.status == 200 && shown.text == Self.shown)
            let changed = try await gateway.put("\(path)/1", BasIPGateway.least)
            #expect(changed.status == 200 && changed.text == #"{"item_uid":1}"#)
            let listed = try await gateway.get(path)
            #expect(listed.json["list_items"]?.items?.count == 1)
            #expect(listed.json["list_items"]?.items?.first?["item_uid"] == 1)
            #expect(listed.json["list_items"]?.items?.first?["status"] == "active")
            let gone = try await gateway.send(.delete, "\(path)/1")
            #expect(gone.status == 200 && gone.text == "{}")
            BasIPGateway.expect(try await gateway.get("\(path)/1"), 400, "Wrong webhook uid")
            #expect(try await gateway.post(path, Self.whole).text == #"{"item_uid":2}"#, "a uid is given once")
        }
    }

    @Test func missingFieldHasItsDefault() async throws {
        try await BasIPGateway.run { gateway in
            let uid = try await BasIPGateway.make(gateway)
            #expect(
                try await gateway.get("\(BasIPGateway.webhooks)/\(uid)").text == """
                    {"url":"http://127.0.0.1:9/in","secret":null,"status":"active","timeout":10000,"headers":"{}",\
                    "description":"","event_types":["log.access_granted_by_valid_identifier"],"max_retries":5}
                    """)
        }
    }

    @Test func shownBodyMayBeSentBackAndAnUpdateKeepsMissingFields() async throws {
        try await BasIPGateway.run { gateway in
            for body in [Self.whole, BasIPGateway.least] {
                let uid = try #require(try await gateway.post(BasIPGateway.webhooks, body).json["item_uid"]?.integer)
                let path = "\(BasIPGateway.webhooks)/\(uid)"
                let shown = try await gateway.get(path)
                #expect(try await gateway.put(path, shown.json).status == 200)
                #expect(try await gateway.get(path).text == shown.text)
                var least = shown.json
                for name in ["secret", "timeout", "headers", "description"] {
                    least = BasIPGateway.without(least, name)
                }
                #expect(try await gateway.put(path, least).status == 200)
                #expect(try await gateway.get(path).text == shown.text)
            }
        }
    }

    @Test func updateReplacesTheHeaders() async throws {
        try await BasIPGateway.run { gateway in
            let many = (0..<20).map { #""X-\#($0)":"old""# }.joined(separator: ",")
            let others = (20..<40).map { #""X-\#($0)":"new""# }.joined(separator: ",")
            let uid = try await BasIPGateway.make(gateway, ["headers": .string("{\(many)}")])
            let path = "\(BasIPGateway.webhooks)/\(uid)"
            for headers in ["{\(others)}", #"{"x-20":"lower"}"#, "{}"] {
                let body = BasIPGateway.with(BasIPGateway.least, ["headers": .string(headers)])
                #expect(try await gateway.put(path, body).status == 200)
                #expect(try await gateway.get(path).json["headers"]?.text == headers)
            }
        }
    }

    // MARK: Every sentence

    /// A wrong body, and the contract's sentence about it.
    private static let broken: [(JSON, String)] = [
        (["url": "ftp://example.com"], "Invalid URL format. Must be HTTP URL"),
        (["url": "example.com"], "Invalid URL format. Must be HTTP URL"),
        (["url": "abc"], "Invalid URL format. Must be HTTP URL"), (["url": ""], "Invalid URL format. Must be HTTP URL"),
        (
            ["url": .string("http://example.com/" + String(repeating: "a", count: 1982))],
            "Invalid URL format. Must be HTTP URL"
        ),
        (["url": 5], "Wrong JSON body: value url was of the wrong type"),
        (["url": nil], "Wrong JSON body: value url was of the wrong type"),
        (["secret": "fifteen letters"], "Wrong value for secret"), (["secret": ""], "Wrong value for secret"),
        (["secret": .string(String(repeating: "s", count: 129))], "Wrong value for secret"),
        (["secret": 5], "Wrong JSON body: value secret was of the wrong type"),
        (["status": "Active"], "Status must be 'active' or 'disabled'"),
        (["status": ""], "Status must be 'active' or 'disabled'"),
        (["status": true], "Wrong JSON body: value status was of the wrong type"),
        (["timeout": 999], "Wrong value for timeout"), (["timeout": 30_001], "Wrong value for timeout"),
        (["timeout": "1000"], "Wrong JSON body: value timeout was of the wrong type"),
        (["description": .string(String(repeating: "d", count: 1001))], "Wrong value for description"),
        (["description": []], "Wrong JSON body: value description was of the wrong type"),
        (["event_types": []], "Invalid event types"), (["event_types": ["log.nothing"]], "Invalid event types"),
        (["event_types": ["log.tamper_event", "tamper_event"]], "Invalid event types"),
        (["event_types": "log.tamper_event"], "Wrong JSON body: value event_types was of the wrong type"),
        (["event_types": [5]], "Wrong JSON body: value event_types was of the wrong type"),
        (["max_retries": 6], "Max retries must be between 1 and 5"),
        (["max_retries": -1], "Max retries must be between 1 and 5"),
        (["max_retries": 4_294_967_297], "Max retries must be between 1 and 5"),
        (["max_retries": "5"], "Wrong JSON body: value max_retries was of the wrong type"),
        (["max_retries": .fraction(1.5)], "Wrong JSON body: value max_retries was of the wrong type"),
    ]

    private static let brokenHeaders: [(JSON, String)] = [
        (["X-Site": "north"], "Wrong JSON body: value headers was of the wrong type"),
        ("not JSON", "Wrong value for headers"), ("[]", "Wrong value for headers"),
        (#"{"X-A":"1","X-A":"2"}"#, "Wrong value for headers"), (#"{"X-A":"1","x-a":"2"}"#, "Wrong value for headers"),
        (#"{"X-A":5}"#, "Wrong value for headers"), (#"{"X-A":"é"}"#, "Wrong value for headers"),
        (#"{"X-A":"a\nb"}"#, "Wrong value for headers"), (#"{"X-A":"a\u007f"}"#, "Wrong value for headers"),
        (.string("{" + (0..<21).map { #""X-\#($0)":"""# }.joined(separator: ",") + "}"), "Wrong value for headers"),
        (#"{"":"a"}"#, "Invalid header name"), (#"{"X A":"a"}"#, "Invalid header name"),
        (#"{"X,A":"a"}"#, "Invalid header name"), (#"{"X:":"a"}"#, "Invalid header name"),
        (#"{"é":"a"}"#, "Invalid header name"), (#"{"X-Webhook-Signature":"a"}"#, "Invalid header name"),
        (#"{"x-webhook-attempt":"1"}"#, "Invalid header name"), (#"{"Cookie":"a"}"#, "Invalid header name"),
        (#"{"gatehouse-event-id":"a"}"#, "Invalid header name"),
    ]

    @Test func brokenRuleHasItsSentenceAndChangesNothing() async throws {
        try await BasIPGateway.run { gateway in
            let uid = try await BasIPGateway.make(gateway)
            let before = try await gateway.get(BasIPGateway.webhooks).body
            for (change, sentence) in Self.broken + Self.brokenHeaders.map({ (["headers": $0.0], $0.1) }) {
                let body = BasIPGateway.with(
                    BasIPGateway.with(BasIPGateway.least, ["url": "http://127.0.0.1:9/b"]), change)
                BasIPGateway.expect(try await gateway.post(BasIPGateway.webhooks, body), 400, sentence)
                BasIPGateway.expect(try await gateway.put("\(BasIPGateway.webhooks)/\(uid)", body), 400, sentence)
            }
            #expect(try await gateway.get(BasIPGateway.webhooks).body == before)
        }
    }

    /// The seed's 33, in the seed's order.
    private static let system = """
        host connection keep-alive transfer-encoding upgrade via te trailer content-length content-type authorization \
        origin permissions-policy user-agent accept accept-encoding accept-language x-forwarded-for x-forwarded-host \
        x-forwarded-proto x-real-ip forwarded date expires last-modified cache-control etag if-match if-none-match \
        access-control-allow-origin access-control-allow-methods access-control-allow-headers \
        access-control-expose-headers
        """

    @Test func systemHeadersCannotBeOverriddenInAnyCase() async throws {
        let names = Self.system.split(separator: " ").map(String.init)
        #expect(names.count == 33)
        try await BasIPGateway.run { gateway in
            for name in names {
                for spelling in [name, name.uppercased(), name.prefix(1).uppercased() + name.dropFirst()] {
                    let body = BasIPGateway.with(BasIPGateway.least, ["headers": .string(#"{"\#(spelling)":"a"}"#)])
                    BasIPGateway.expect(try await gateway.post(BasIPGateway.webhooks, body), 400, "Invalid header name")
                }
            }
        }
    }

    @Test func requiredFieldIsRequired() async throws {
        try await BasIPGateway.run { gateway in
            let uid = try await BasIPGateway.make(gateway)
            for name in ["url", "status", "event_types", "max_retries"] {
                let (body, sentence) = (
                    BasIPGateway.without(BasIPGateway.least, name), "Wrong JSON body: no value for \(name)"
                )
                BasIPGateway.expect(try await gateway.post(BasIPGateway.webhooks, body), 400, sentence)
                BasIPGateway.expect(try await gateway.put("\(BasIPGateway.webhooks)/\(uid)", body), 400, sentence)
            }
        }
    }

    @Test func bodyThatIsNotAJSONObjectIsWrong() async throws {
        try await BasIPGateway.run { gateway in
            for (type, body) in [
                ("application/json", "{\"url\":"), ("application/json", "[]"), ("application/json", ""),
                ("application/json", #"{"url":"a","url":"b"}"#), ("text/plain", "{}"),
                ("application/json", "{\"a\":\"\(String(repeating: "a", count: 1 << 21))\"}"),
            ] {
                let answer = try await gateway.send(
                    .post, BasIPGateway.webhooks, headers: [.contentType: type], body: Array(body.utf8))
                BasIPGateway.expect(answer, 400, "Wrong JSON body")
            }
            let silent = try await gateway.send(.post, BasIPGateway.webhooks)
            BasIPGateway.expect(silent, 400, "Wrong JSON body")
        }
    }

    @Test func everyValueOnTheBoundIsAccepted() async throws {
        let bounds: [JSON] = [
            ["secret": .string(String(repeating: "é", count: 16))],
            ["secret": .string(String(repeating: "s", count: 128))],
            ["timeout": 1000], ["timeout": 30_000], ["max_retries": 0], ["max_retries": 1],
            ["description": .string(String(repeating: "é", count: 1000))], ["description": ""], ["headers": ""],
            ["headers": #"{"!#$%&'*+-.^_`|~09azAZ":" ~\t"}"#],
            ["event_types": .array(BasIPDialect().words.map { .string($0) })],
            ["url": .string("http://127.0.0.1/" + String(repeating: "a", count: 1983))],
            ["unheard-of": "is not looked at"],
        ]
        try await BasIPGateway.run { gateway in
            for (number, change) in bounds.enumerated() {
                let url: JSON = ["url": .string("http://127.0.0.1:9/\(number)")]
                let body = BasIPGateway.with(BasIPGateway.with(BasIPGateway.least, url), change)
                let made = try await gateway.post(BasIPGateway.webhooks, body)
                #expect(made.status == 200, "\(change.compact): \(made.text)")
            }
        }
    }

    @Test func secondWebhookToTheSameURLIsRefused() async throws {
        let sentence = "Webhook with the same URL already exists"
        try await BasIPGateway.run { gateway in
            try await BasIPGateway.make(gateway)
            let other = try await BasIPGateway.make(gateway, ["url": "http://127.0.0.1:9/other"])
            BasIPGateway.expect(try await gateway.post(BasIPGateway.webhooks, BasIPGateway.least), 400, sentence)
            let path = "\(BasIPGateway.webhooks)/\(other)"
            BasIPGateway.expect(try await gateway.put(path, BasIPGateway.least), 400, sentence)
            let own = BasIPGateway.with(BasIPGateway.least, ["url": "http://127.0.0.1:9/other"])
            #expect(try await gateway.put(path, own).status == 200)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func simultaneousRequestsForOneURLCreateOneWebhook() async throws {
        let many = ManyAtOnce(20)
        try await BasIPGateway.run(gate: many.gate) { gateway in
            let made = try await many.ask { try await gateway.post(BasIPGateway.webhooks, BasIPGateway.least).status }
            #expect(made.count { $0 == 200 } == 1)
            #expect(made.count { $0 == 400 } == many.count - 1)
        }
        #expect(many.held == many.count)
    }

    @Test func missingWebhookIsAWrongUID() async throws {
        let sentence = "Wrong webhook uid"
        try await BasIPGateway.run { gateway in
            try await BasIPGateway.make(gateway)
            for uid in ["2", "0", "-1", "01", "+1", "1.0", "x", "9223372036854775808"] {
                let path = "\(BasIPGateway.webhooks)/\(uid)"
                BasIPGateway.expect(try await gateway.get(path), 400, sentence)
                BasIPGateway.expect(try await gateway.put(path, BasIPGateway.least), 400, sentence)
                BasIPGateway.expect(try await gateway.send(.delete, path), 400, sentence)
                BasIPGateway.expect(try await gateway.send(.post, "\(path)/test"), 400, sentence)
            }
        }
    }

    @Test func forbiddenTargetSaysWhy() async throws {
        try await BasIPGateway.run { gateway in
            let body = BasIPGateway.with(BasIPGateway.least, ["url": "http://169.254.169.254/"])
            let answer = try await gateway.post(BasIPGateway.webhooks, body)
            #expect(answer.status == 400)
            #expect(answer.json["error"]?.text?.contains("169.254.") == true, "\(answer.text)")
        }
    }

    // MARK: The native interface

    @Test func resourceOfEitherInterfaceIsSeenInTheOther() async throws {
        try await BasIPGateway.run { gateway in
            try await BasIPGateway.make(gateway)
            let native: JSON = [
                "id": "by-hand", "organization": "acme", "dialect": "basip", "name": "N", "url": "http://127.0.0.1:9/n",
                "settings": ["event_types": ["log.tamper_event"], "max_retries": 2, "description": "D"],
            ]
            try await gateway.make("/v1/subscriptions", native)
            let shown = try await gateway.get("\(BasIPGateway.webhooks)/2").json
            #expect(shown["max_retries"] == 2 && shown["description"] == "D")
            let there = try await gateway.get("/v1/subscriptions").json["items"]?.items ?? []
            let mine = try #require(there.first { $0["id"] != "by-hand" && $0["dialect"] == "basip" })
            #expect(mine["url"] == "http://127.0.0.1:9/•••", "a manager asks for the rest by reveal=true")
            #expect(mine["name"] == "BAS-IP webhook to 127.0.0.1")
            #expect(mine["privacyLevel"] == 0)
        }
    }

    @Test func subscriptionsOfOtherDialectsAreNotShown() async throws {
        try await BasIPGateway.run { gateway in
            try await gateway.make(
                "/v1/subscriptions",
                ["organization": "acme", "dialect": "standard", "name": "N", "url": "https://example.com"])
            #expect(try await gateway.get(BasIPGateway.webhooks).json["list_items"] == [])
            BasIPGateway.expect(try await gateway.get("\(BasIPGateway.webhooks)/1"), 400, "Wrong webhook uid")
        }
    }
}
