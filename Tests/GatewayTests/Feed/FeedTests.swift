internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseTesting
import HTTPTypes
import Testing

/// The feed of a whole gateway over real sockets: which events, to which keys, and in which order.
@Suite(.timeLimit(.minutes(1))) struct FeedTests {
    /// Two trees, each with a panel and a door; acme has an organization below it.
    private func withGateway(_ test: (LiveGateway.Client) async throws -> Void) async throws {
        try await LiveGateway.with(Dialects.all) { gateway in
            for (id, parent) in [("acme", nil), ("acme-north", "acme"), ("other", nil)] as [(JSON, JSON)] {
                try await gateway.make("/v1/organizations", ["id": id, "name": id, "parent": parent])
                let panel = JSON.string("p-\(id.text ?? "")")
                try await gateway.make("/v1/panels", ["id": panel, "organization": id, "name": "Panel"])
                let door = JSON.string("d-\(id.text ?? "")")
                try await gateway.make("/v1/doors", ["id": door, "panel": panel, "number": 1, "name": "Door"])
            }
            try await test(gateway)
        }
    }

    private func send(
        _ id: Int, of organization: String, _ kind: JSON = "access.granted", on gateway: LiveGateway.Client
    ) async throws {
        let data: JSON = [
            "panel": .string("p-\(organization)"), "door": .string("d-\(organization)"),
            "person": ["id": "31", "firstName": "Ana", "lastName": "Reis"],
            "credential": ["form": "card", "number": "987654321"],
        ]
        let event: JSON = [
            "specversion": "1.0", "id": .string("\(id)"), "source": "/s", "type": kind,
            "organization": .string(organization), "data": kind == "access.granted" ? data : [:],
        ]
        let answer = try await gateway.post("/v1/events", event)
        try #require(answer.status == 202, "\(answer.text)")
    }

    private func ids(_ answer: LiveGateway.Client.Answer) -> [String] {
        (answer.json["events"]?.items ?? []).filter { $0["source"] == "/s" }.compactMap { $0["id"]?.text }
    }

    private func key(
        _ role: JSON, of organization: JSON, on gateway: LiveGateway.Client
    ) async throws -> String {
        let made = try await gateway.make("/v1/keys", ["name": "k", "role": role, "organization": organization])
        return try #require(made["key"]?.text)
    }

    @Test func pagesHaveAllEventsInCommitOrder() async throws {
        try await withGateway { gateway in
            for number in 1...25 { try await send(number, of: "acme", on: gateway) }
            var seen: [String] = []
            var path = "/v1/events?limit=10&kind=access.granted"
            var pages: [Int] = []
            while true {
                let page = try await gateway.get(path)
                #expect(page.status == 200 && page.field("content-type") == "application/json")
                #expect(page.json.object?.members.map(\.key) == ["events", "next"])
                seen += ids(page)
                pages.append(page.json["events"]?.items?.count ?? 0)
                guard let next = page.json["next"]?.text else { break }
                path = "/v1/events?limit=10&kind=access.granted&after=\(next)"
            }
            #expect(seen == (1...25).map(String.init))
            #expect(pages == [10, 10, 5, 0], "an empty page is the end")
            try await send(26, of: "acme", on: gateway)
            #expect(ids(try await gateway.get(path)) == ["26"], "the last cursor goes on")
        }
    }

    @Test func feedEventEqualsTheStandardDeliveryWithoutCredentials() async throws {
        try await withGateway { gateway in
            try await send(1, of: "acme", on: gateway)
            let page = try await gateway.get("/v1/events?kind=access.granted")
            let event = try #require(page.json["events"]?.items?.first)
            #expect(
                event.object?.members.map(\.key) == [
                    "specversion", "id", "source", "type", "time", "organization", "receivedtime", "gatehouseid",
                    "data",
                ])
            #expect(event["data"]?["person"]?["firstName"] == "Ana")
            #expect(event["data"]?["credential"]?["form"] == "card")
            #expect(!page.text.contains("987654321"))
            let shown = try await gateway.get("/v1/events/\(event["gatehouseid"]?.text ?? "")")
            #expect(shown.json["event"] == event)
        }
    }

    @Test func keyReadsOnlyWhatItReaches() async throws {
        try await withGateway { gateway in
            for (number, organization) in ["acme", "acme-north", "other", "acme"].enumerated() {
                try await send(number, of: organization, on: gateway)
            }
            let acme = try await key("reporter", of: "acme", on: gateway)
            let north = try await key("manager", of: "acme-north", on: gateway)
            let source = try await key("source", of: "acme", on: gateway)
            #expect(ids(try await gateway.get("/v1/events")) == ["0", "1", "2", "3"])
            #expect(ids(try await gateway.get("/v1/events", key: acme)) == ["0", "1", "3"])
            #expect(ids(try await gateway.get("/v1/events", key: north)) == ["1"])
            #expect(ids(try await gateway.get("/v1/events?organization=acme")) == ["0", "1", "3"])
            #expect(ids(try await gateway.get("/v1/events?organization=acme-north", key: acme)) == ["1"])
            #expect(try await gateway.get("/v1/events?organization=other", key: acme).status == 404)
            #expect(try await gateway.get("/v1/events/stream?organization=acme", key: north).status == 404)
            #expect(try await gateway.get("/v1/events", key: source).status == 403)
            let all = try await gateway.get("/v1/events", key: acme)
            #expect(!all.text.contains("\"organization\":\"other\""))
        }
    }

    @Test func everyFilterNarrowsTheFeed() async throws {
        try await withGateway { gateway in
            let kinds: [JSON] = ["door.opened", "access.granted", "door.forced", "panic.raised"]
            for (number, kind) in kinds.enumerated() { try await send(number, of: "acme", kind, on: gateway) }
            for (filter, wanted) in [
                ("kind=door.*", ["0", "2"]), ("kind=door.forced,panic.*", ["2", "3"]),
                ("door=d-acme&kind=access.*", ["1"]),
                // Alarms without a door may have happened at any door.
                ("door=d-acme", ["1", "2", "3"]), ("door=d-acme,d-other&kind=door.*", ["2"]),
                ("since=2020-01-01T00:00:00Z", ["0", "1", "2", "3"]),
                ("since=2099-01-01T00:00:00Z", []), ("until=2020-01-01T00:00:00%2B01:00", []),
            ] as [(String, [String])] {
                #expect(ids(try await gateway.get("/v1/events?\(filter)")) == wanted, "\(filter)")
            }
            let taken = try await gateway.get("/v1/events?kind=door.forced").json["events"]?.items?.first
            let time = try #require(taken?["receivedtime"]?.text)
            #expect(ids(try await gateway.get("/v1/events?since=\(time)&source=x")).isEmpty)
            #expect(ids(try await gateway.get("/v1/events?since=\(time)")).contains("2"))
            #expect(ids(try await gateway.get("/v1/events?until=\(time)")) == ["0", "1"])
        }
    }

    @Test func deliveriesAreShownWithTheEvent() async throws {
        try await withGateway { gateway in
            let made = try await gateway.make(
                "/v1/subscriptions",
                ["name": "N", "dialect": "standard", "url": "http://127.0.0.1:9/", "organization": "acme"])
            try await send(1, of: "acme", on: gateway)
            let event = try await gateway.get("/v1/events?kind=access.granted").json["events"]?.items?.first
            let shown = try await gateway.get("/v1/events/\(event?["gatehouseid"]?.text ?? "")").json
            let delivery = try #require(shown["deliveries"]?["items"]?.items?.first)
            #expect(delivery["subscription"] == made["id"] && delivery["event"] == event?["gatehouseid"])
            #expect(["waiting", "leased"].contains(delivery["state"]?.text))
            let other = try await key("reporter", of: "other", on: gateway)
            let path = "/v1/events/\(event?["gatehouseid"]?.text ?? "")"
            #expect(try await gateway.get(path, key: other).status == 404)
        }
    }

    @Test func waitingCallerIsAnsweredByTheNextEvent() async throws {
        try await withGateway { gateway in
            let end = try #require(try await gateway.get("/v1/events").json["next"]?.text)
            let began = ContinuousClock.now
            let poll = Task { try await gateway.get("/v1/events?wait=15s&after=\(end)&kind=door.forced") }
            for number in 1...3 { try await send(number, of: "acme", "door.opened", on: gateway) }
            try await send(4, of: "acme", "door.forced", on: gateway)
            let answer = try await poll.value
            #expect(ids(answer) == ["4"])
            #expect(ContinuousClock.now - began < .seconds(14), "it was told, and did not wait its time out")
        }
    }
}
