internal import GatehouseCore
internal import GatehouseVerification
internal import HTTPTypes
import Testing

/// Deliveries to a BAS-IP receiver through a whole gateway: numbered attempts, tests, and their history.
@Suite struct BasIPDeliveryTests {
    private static let secret = "de35f883b0d91c78fc8f27b8cb827a7a"

    private func webhook(_ url: String, retries: JSON) -> JSON {
        [
            "url": .string(url), "secret": .string(Self.secret), "max_retries": retries,
            "headers": #"{"X-Site":"north"}"#,
        ]
    }

    private func ended(_ gateway: LiveGateway.Client, _ status: JSON) async throws -> JSON {
        while true {
            let items = try await gateway.get("\(BasIPGateway.webhooks)/events").json["list_items"]?.items
            if let first = items?.first, first["status"] == status { return first }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func eventIsRetriedAfter410WithTheNumberOfEachTry() async throws {
        let server = BasIPServer { $0 == "1" ? (.gone, "gone") : (.ok, "") }
        try await server.serving { url in
            try await BasIPGateway.run { gateway in
                try await BasIPGateway.make(gateway, webhook(url, retries: 1))
                #expect(try await gateway.post("/v1/events", BasIPGateway.badge("1")).status == 202)
                let tries = await server.next(2)
                #expect(tries.map { $0.field("X-Webhook-Attempt") } == ["1", "2"])
                #expect(
                    tries.map { $0.field("User-Agent") } == [
                        "BAS-IP-Webhook-Service/1.0", "BAS-IP-Webhook-Service/1.0",
                    ])
                #expect(tries.allSatisfy { $0.field("X-Site") == "north" })
                #expect(Set(tries.map(\.body)).count == 1)
                let verifier = try Verifier(.basip, secret: Self.secret)
                let number = try tries.map { try verifier.verify($0, now: 0).id }
                #expect(Set(number).count == 1)
                let body = try JSONParser.parse(try #require(tries.first).body)
                #expect(body["event_type"] == "log.access_granted_by_valid_identifier")
                #expect(body["data"]?["owner"] == "Ana Reis" && body["data"]?["lock"] == 1)
                #expect(body["created_at"]?.integer == 1_745_947_873_611)
                #expect(body["event_id"]?.integer.map { String($0) } == number.first)
                #expect(try await ended(gateway, "delivered")["attempts"] == 2)
                #expect(try await gateway.get("\(BasIPGateway.webhooks)/1").json["status"] == "active")
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func webhookWithoutRetriesGetsOneTry() async throws {
        let server = BasIPServer { _ in (.internalServerError, "<b>no</b>") }
        try await server.serving { url in
            try await BasIPGateway.run { gateway in
                try await BasIPGateway.make(gateway, webhook(url, retries: 0))
                #expect(try await gateway.post("/v1/events", BasIPGateway.badge("1")).status == 202)
                let entry = try await ended(gateway, "failed")
                #expect(entry["attempts"] == 1 && entry["max_attempts"] == 1)
                // A level 0 request is shown only to a key of level 0.
                let bold = try await gateway.make(
                    "/v1/keys", ["name": "k", "role": "manager", "organization": "acme", "privacyLevel": 0])
                let report = try await gateway.get(
                    "\(BasIPGateway.webhooks)/events/\(try #require(entry["item_uid"]?.integer))",
                    key: bold["key"]?.text)
                #expect(report.status == 200)
                #expect(report.field("Content-Type")?.hasPrefix("text/html") == true)
                #expect(report.text.contains("Status: Failed (1/1 attempts)"))
                #expect(report.text.contains("X-Webhook-Attempt: 1"))
                #expect(
                    report.text.contains("Status: 500\n&lt;b&gt;no&lt;/b&gt;"), "what a stranger answers is no markup")
                #expect(!report.text.contains(Self.secret))
                let stats = try await gateway.get("\(BasIPGateway.webhooks)/events/stats").text
                #expect(stats == #"{"success_rate":0.0,"delivered":0,"failed":1,"retrying":0}"#)
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func disabledWebhookIsOwedNothing() async throws {
        try await BasIPGateway.run { gateway in
            try await BasIPGateway.make(gateway, ["status": "disabled"])
            let answer = try await gateway.post("/v1/events", BasIPGateway.badge("1"))
            #expect(answer.json["events"]?.items?.first?["deliveries"] == 0)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func testIsSentAtOnceAndReported() async throws {
        let server = BasIPServer { _ in (.unauthorized, "Login required") }
        try await server.serving { url in
            try await BasIPGateway.run { gateway in
                try await BasIPGateway.make(
                    gateway, BasIPGateway.with(webhook(url, retries: 5), ["status": "disabled"]))
                let report = try await gateway.send(.post, "\(BasIPGateway.webhooks)/1/test")
                #expect(report.status == 200)
                #expect(report.field("Content-Type")?.hasPrefix("text/html") == true)
                let request = try #require(await server.next(1).first)
                let body = try JSONParser.parse(request.body)
                #expect(body["data"] == ["test": "success"])
                #expect(body.object?.members.map(\.key) == ["data", "created_at", "event_id", "event_type"])
                #expect(throws: Never.self) { try Verifier(.basip, secret: Self.secret).verify(request, now: 0) }
                for line in [
                    "EVENT DETAILS: log.door_sensor_was_closed (ID: 0)", "Event Timestamp: ",
                    "Request Timestamp: ", "Response Timestamp: ", "Response Time: ", "Status: Failed (1/1 attempts)",
                    "REQUEST:", "URL: \(url)", "Method: POST", "User-Agent: BAS-IP-Webhook-Service/1.0",
                    "X-Webhook-Attempt: 1", "X-Site: •••", "&quot;test&quot;:&quot;success&quot;", "RESPONSE:",
                    "Status: 401\nLogin required",
                ] {
                    #expect(report.text.contains(line), "\(line)")
                }
                #expect(!report.text.contains(try #require(request.field("X-Webhook-Signature"))))
                #expect(try await gateway.get("\(BasIPGateway.webhooks)/events").json["list_items"] == [])
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func unreachableTestIsExplained() async throws {
        try await BasIPGateway.run { gateway in
            try await BasIPGateway.make(gateway, ["url": "http://127.0.0.1:1/in"])
            let report = try await gateway.send(.post, "/webhooks/1/test")
            #expect(report.status == 200)
            #expect(report.text.contains("Status: Failed (1/1 attempts)"))
            #expect(report.text.contains("RESPONSE:\nnone: "))
        }
    }
}
