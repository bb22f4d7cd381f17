internal import GatehouseCore
internal import GatehouseTesting
internal import HTTPTypes
import Testing

/// The contract's API over real sockets: every call of its table, valid and invalid in turn.
@Suite struct SituatorManageTests {
    private typealias TestGateway = SituatorGateway
    private typealias Answer = LiveGateway.Client.Answer

    private func expectRefusal(_ answer: Answer, _ status: Int, naming: String = "") {
        #expect(answer.status == status, "\(answer.text)")
        #expect(answer.json.object?.members.map(\.key) == ["message"])
        #expect(answer.json["message"]?.text?.contains(naming) == true, "\(answer.text) names \(naming)")
    }

    // MARK: Webhooks

    @Test func webhookIsCreatedRetrievedUpdatedListedAndDeleted() async throws {
        try await TestGateway.open { gateway, manager in
            let made = try await gateway.post(TestGateway.webhooks, TestGateway.created, key: manager.secret)
            #expect(made.status == 200 && made.json.object?.members.map(\.key) == ["id"])
            let id = try #require(made.json["id"]?.integer)
            let path = "\(TestGateway.webhooks)/\(id)"
            let shown = try await gateway.get(path, key: manager.secret)
            #expect(
                shown.text == """
                    {"webhook":{"id":\(id),"active":true,"name":"Integrator XYZ","token":"6R7zvBFrjAheqw5L",\
                    "description":"Webhook integration example",\
                    "url":"https://integrator.com/api/situator/events"}}
                    """)
            let second = try await gateway.post(TestGateway.webhooks, TestGateway.created, key: manager.secret)
            #expect(second.json["id"]?.integer != id)
            let changed = try await gateway.put(
                path,
                TestGateway.with(TestGateway.created, ["name": "Renamed", "active": false, "description": .null]),
                key: manager.secret)
            #expect(changed.status == 200 && changed.json == ["id": .integer(id)])
            let listed = try await gateway.get(TestGateway.webhooks, key: manager.secret).json["webhooks"]?.items
            #expect(listed?.map { $0["name"] } == ["Renamed", "Integrator XYZ"])
            #expect(listed?.first?["active"] == false)
            #expect(listed?.first?["description"] == .null)
            #expect(try await gateway.send(.delete, path, key: manager.secret).status == 200)
            expectRefusal(try await gateway.get(path, key: manager.secret), 404, naming: "\(id)")
            #expect(
                try await gateway.get(TestGateway.webhooks, key: manager.secret).json["webhooks"]?.items?.count == 1)
        }
    }

    @Test func updateKeepsTheTokenAndTheRegistrations() async throws {
        try await TestGateway.open { gateway, manager in
            let path = try await TestGateway.make(gateway, manager.secret)
            #expect(
                try await gateway.put(path + "/events", ["events": [["eventId": 11]]], key: manager.secret).status
                    == 200)
            var body = try #require(try await gateway.get(path, key: manager.secret).json["webhook"]?.object)
            body["token"] = .null
            let without = try await gateway.put(path, .object(body), key: manager.secret)
            #expect(without.status == 400)
            #expect(
                without.json["message"]
                    == "token: it is required, and cannot be taken away: leave it out, and it stays as it is")
            body["token"] = nil
            #expect(try await gateway.put(path, .object(body), key: manager.secret).status == 200)
            let shown = try await gateway.get(path, key: manager.secret).json["webhook"]
            #expect(shown?["token"] == "6R7zvBFrjAheqw5L")
            #expect(try await gateway.get(path + "/events", key: manager.secret).json["events"]?.items?.count == 1)
        }
    }

    private static let broken: [(JSON, String)] = [
        (["name": ""], "name"), (["name": 5], "name"), (["name": .null], "name"), (["token": ""], "token"),
        (["token": " two words"], "token"), (["token": "tökén"], "token"), (["token": 5], "token"),
        (["url": .null], "url"), (["url": 5], "url"),
        (["url": "integrator.com"], "url"), (["url": "http://8.8.8.8/"], "url"),
        (["url": "https://10.0.0.1/"], "url"), (["active": "yes"], "active"), (["description": 5], "description"),
        (["description": .string(String(repeating: "d", count: 1001))], "description"),
    ]

    @Test func brokenRuleIs400ThatNamesItAndChangesNothing() async throws {
        try await TestGateway.open { gateway, manager in
            let path = try await TestGateway.make(gateway, manager.secret)
            let before = try await gateway.get(TestGateway.webhooks, key: manager.secret).body
            for (change, name) in Self.broken {
                let body = TestGateway.with(TestGateway.created, change)
                expectRefusal(
                    try await gateway.post(TestGateway.webhooks, body, key: manager.secret), 400, naming: name)
                expectRefusal(try await gateway.put(path, body, key: manager.secret), 400, naming: name)
            }
            for name in ["name", "token", "url"] {
                var body = try #require(TestGateway.created.object)
                body[name] = nil
                expectRefusal(
                    try await gateway.post(TestGateway.webhooks, .object(body), key: manager.secret), 400, naming: name)
            }
            expectRefusal(
                try await gateway.put(path, TestGateway.with(TestGateway.created, ["id": 7]), key: manager.secret), 400,
                naming: "id")
            let text = try await gateway.send(
                .post, TestGateway.webhooks, key: manager.secret, headers: [.contentType: "application/json"],
                body: Array("{".utf8))
            expectRefusal(text, 400)
            #expect(try await gateway.get(TestGateway.webhooks, key: manager.secret).body == before)
        }
    }

    // MARK: Doors

    @Test func doorsAreRegisteredAsInTheSeed() async throws {
        try await TestGateway.open { gateway, manager in
            let path = try await TestGateway.make(gateway, manager.secret) + "/doors"
            #expect(try await gateway.get(path, key: manager.secret).text == #"{"doors":[]}"#)
            let seeds: JSON = ["doors": [["serverId": 1001, "doorId": 1], ["serverId": 1002, "doorId": 1]]]
            #expect(try await gateway.put(path, seeds, key: manager.secret).status == 200)
            #expect(
                try await gateway.get(path, key: manager.secret).text == """
                    {"doors":[{"doorId":1,"name":"Door tower","serverId":1001,"serverName":"Panel tower",\
                    "accountId":1000,"accountName":"Acme","zoneId":null,"zoneName":null},\
                    {"doorId":1,"name":"Door 1002","serverId":1002,"serverName":"Panel 1002","accountId":1000,\
                    "accountName":"Acme","zoneId":null,"zoneName":null}]}
                    """)
            let other: JSON = ["doors": [["serverId": 1002, "doorId": 1], ["serverId": 1002, "doorId": 1]]]
            #expect(try await gateway.put(path, other, key: manager.secret).status == 200)
            let left = try await gateway.get(path, key: manager.secret).json["doors"]?.items
            #expect(left?.map { $0["serverId"] } == [1002], "the whole list is replaced, and a door stands once")
            #expect(try await gateway.put(path, ["doors": []], key: manager.secret).status == 200)
            #expect(try await gateway.get(path, key: manager.secret).text == #"{"doors":[]}"#)
        }
    }

    @Test func oneDoorIsAddedAndRemoved() async throws {
        try await TestGateway.open { gateway, manager in
            let path = try await TestGateway.make(gateway, manager.secret)
            for server in [1001, 1002, 1001] {
                let answer = try await gateway.send(
                    .post, "\(path)/servers/\(server)/doors/1", key: manager.secret)
                #expect(answer.status == 200)
            }
            #expect(try await gateway.get(path + "/doors", key: manager.secret).json["doors"]?.items?.count == 2)
            let gone = try await gateway.send(.delete, "\(path)/servers/1001/doors/1", key: manager.secret)
            #expect(gone.status == 200)
            let left = try await gateway.get(path + "/doors", key: manager.secret).json["doors"]?.items
            #expect(left?.map { $0["serverId"] } == [1002])
            let again = try await gateway.send(.delete, "\(path)/servers/1001/doors/1", key: manager.secret)
            expectRefusal(again, 404, naming: "not registered")
            for wrong in ["servers/1001/doors/2", "servers/9/doors/1", "servers/x/doors/1", "servers/1001/doors/01"] {
                expectRefusal(try await gateway.send(.post, "\(path)/\(wrong)", key: manager.secret), 404)
                expectRefusal(try await gateway.send(.delete, "\(path)/\(wrong)", key: manager.secret), 404)
            }
        }
    }

    @Test func unknownDoorOrEventChangesNothing() async throws {
        try await TestGateway.open { gateway, manager in
            let path = try await TestGateway.make(gateway, manager.secret)
            let good: JSON = ["doors": [["serverId": 1001, "doorId": 1]]]
            #expect(try await gateway.put(path + "/doors", good, key: manager.secret).status == 200)
            #expect(
                try await gateway.put(path + "/events", ["events": [["eventId": 12]]], key: manager.secret).status
                    == 200)
            let before = try await (
                gateway.get(path + "/doors", key: manager.secret).body,
                gateway.get(path + "/events", key: manager.secret).body
            )
            for (list, status, name): (JSON, Int, String) in [
                ([["serverId": 1002, "doorId": 1], ["serverId": 1001, "doorId": 7]], 404, "door 7 of server 1001"),
                ([["serverId": 7, "doorId": 1]], 404, "server 7"), (5, 400, "doors"), ([5], 400, "doors[0]"),
                ([["serverId": 1001]], 400, "doorId"), ([["serverId": "1001", "doorId": 1]], 400, "serverId"),
            ] {
                let answer = try await gateway.put(path + "/doors", ["doors": list], key: manager.secret)
                expectRefusal(answer, status, naming: name)
            }
            for (list, status, name): (JSON, Int, String) in [
                ([["eventId": 11], ["eventId": 99]], 404, "99"), (5, 400, "events"), ([11], 400, "events[0]"),
                ([["eventId": "11"]], 400, "eventId"), ([[:]], 400, "eventId"),
            ] {
                let answer = try await gateway.put(path + "/events", ["events": list], key: manager.secret)
                expectRefusal(answer, status, naming: name)
            }
            expectRefusal(try await gateway.put(path + "/doors", [:], key: manager.secret), 400, naming: "doors")
            expectRefusal(
                try await gateway.put(path + "/events", ["doors": []], key: manager.secret), 400, naming: "events")
            let after = try await (
                gateway.get(path + "/doors", key: manager.secret).body,
                gateway.get(path + "/events", key: manager.secret).body
            )
            #expect(after == before)
        }
    }

    // MARK: Occurrences

    @Test func eventsAreRegisteredAsInTheSeed() async throws {
        try await TestGateway.open { gateway, manager in
            let path = try await TestGateway.make(gateway, manager.secret) + "/events"
            #expect(try await gateway.get(path, key: manager.secret).text == #"{"events":[]}"#)
            let seeds: JSON = ["events": [["eventId": 11], ["eventId": 12]]]
            #expect(try await gateway.put(path, seeds, key: manager.secret).status == 200)
            #expect(
                try await gateway.get(path, key: manager.secret).text == """
                    {"events":[{"eventId":11,"name":"Occurrence","accountId":1000,"accountName":"Acme"},\
                    {"eventId":12,"name":"Panic","accountId":1000,"accountName":"Acme"}]}
                    """)
            #expect(try await gateway.send(.post, path + "/13", key: manager.secret).status == 200)
            #expect(try await gateway.send(.delete, path + "/11", key: manager.secret).status == 200)
            let left = try await gateway.get(path, key: manager.secret).json["events"]?.items
            #expect(left?.map { $0["eventId"] } == [12, 13])
            expectRefusal(try await gateway.send(.delete, path + "/11", key: manager.secret), 404, naming: "11")
            expectRefusal(try await gateway.send(.post, path + "/99", key: manager.secret), 404, naming: "99")
            expectRefusal(try await gateway.send(.post, path + "/panic", key: manager.secret), 404, naming: "panic")
        }
    }

    @Test func accountsEventsAreListed() async throws {
        try await TestGateway.open { gateway, manager in
            let events = try await gateway.get("/api/events", key: manager.secret).json["events"]?.items ?? []
            #expect(events.map { $0["id"] } == [11, 12, 13, 14, 15, 16, 17])
            #expect(
                events.first { $0["id"] == 12 }
                    == ["id": 12, "name": "Panic", "accountId": 1000, "code": "PANIC", "typeId": 85, "priority": 3])
        }
    }

    // MARK: The rest of the table

    @Test func helpDescribesTheTypes() async throws {
        try await TestGateway.open { gateway, manager in
            let types = try await gateway.get("/api/webhooks/help", key: manager.secret).json["types"]?.items ?? []
            #expect(types.count == 18)
            #expect(types.first?["type"] == "access" && types.first?["keys"]?.items?.count == 15)
        }
    }

    @Test func doorIsOpenedByItsDriver() async throws {
        try await TestGateway.open { gateway, manager in
            func open(_ path: String, key: String? = nil) async throws -> Answer {
                try await gateway.send(.put, "/api/accounts/\(path)", key: key ?? manager.secret)
            }
            func drive(_ driver: JSON) async throws {
                let set = try await gateway.send(
                    .patch, "/v1/doors/door-tower?organization=1000", headers: [.contentType: "application/json"],
                    body: JSON.object(["driver": driver]).bytes)
                try #require(set.status == 200, "\(set.text)")
            }
            let door = "1000/servers/1001/doors/1"
            expectRefusal(try await open(door), 503, naming: "driver")
            for (answer, status): (JSON, Int) in [("opened", 200), ("refused", 403), ("none", 503)] {
                try await drive(["type": "simulated", "answer": answer, "timeout": 100])
                #expect(try await open(door).status == status, "\(answer)")
            }
            for wrong in ["1001/servers/1001/doors/1", "1000/servers/7/doors/1", "1000/servers/1001/doors/7"] {
                expectRefusal(try await open(wrong), 404)
            }
            let reporter = try await gateway.make(
                "/v1/keys", ["name": "R", "role": "reporter", "organization": "1000"])
            expectRefusal(try await open(door, key: try #require(reporter["key"]?.text)), 403)
            expectRefusal(try await open(door, key: "gk_nobody"), 401)
        }
    }

    @Test func clearCancelsWaitingDeliveries() async throws {
        try await TestGateway.open { gateway, manager in
            // No program listens there, so the delivery waits for its next attempt.
            let path = try await TestGateway.make(gateway, manager.secret, ["url": "https://127.0.0.1:1/"])
            let event: JSON = [
                "specversion": "1.0", "id": "1", "source": "/s", "type": "person.created", "organization": "1000",
                "data": ["person": ["id": "31"]],
            ]
            let posted = try await gateway.post("/v1/events", event)
            #expect(posted.json["events"]?.items?.first?["deliveries"] == 1)
            var state = try await Self.state(gateway)
            while state == "leased" { state = try await Self.state(gateway) }
            #expect(state == "waiting")
            #expect(try await gateway.get(path + "/clear", key: manager.secret).status == 200)
            #expect(try await Self.state(gateway) == "cancelled")
            #expect(try await gateway.get(path, key: manager.secret).status == 200, "the webhook stays")
            expectRefusal(try await gateway.get("/api/webhooks/0/clear", key: manager.secret), 404)
        }
    }

    private static func state(_ gateway: LiveGateway.Client) async throws -> String? {
        try await gateway.get("/v1/deliveries").json["items"]?.items?.first?["state"]?.text
    }

    // MARK: Rights

    @Test func loginGivesAnAcceptedCookie() async throws {
        try await TestGateway.open { gateway, manager in
            func login(_ body: JSON) async throws -> Answer { try await gateway.put("/api/login", body, key: nil) }
            let opened = try await login(["userName": .string(manager.id), "password": .string(manager.secret)])
            #expect(opened.status == 200)
            let cookie = try #require(opened.field("Set-Cookie"))
            #expect(cookie.hasPrefix("Seventh.Auth=") && cookie.contains("HttpOnly"))
            let pair = String(cookie.prefix { $0 != ";" })
            func list(_ headers: HTTPFields) async throws -> Answer {
                try await gateway.send(.get, TestGateway.webhooks, key: nil, headers: headers)
            }
            #expect(try await list([.cookie: "a=b; \(pair)"]).text == #"{"webhooks":[]}"#)
            expectRefusal(try await list([.cookie: "Seventh.Auth=nobody"]), 401)
            expectRefusal(try await list([:]), 401)
            expectRefusal(try await login(["userName": .string(manager.id), "password": "wrong"]), 401)
            expectRefusal(try await login(["userName": "nobody", "password": .string(manager.secret)]), 401)
            expectRefusal(try await login(["userName": .string(manager.id)]), 400, naming: "password")
            expectRefusal(try await login(["password": 5]), 400, naming: "userName")
        }
    }

    @Test func rolesAndOrganizationsAreRespected() async throws {
        try await TestGateway.open { gateway, manager in
            let path = try await TestGateway.make(gateway, manager.secret)
            let reporter = try #require(
                try await gateway.make(
                    "/v1/keys", ["name": "R", "role": "reporter", "organization": "1000"])["key"]?.text)
            let stranger = try #require(
                try await gateway.make(
                    "/v1/keys", ["name": "S", "role": "manager", "organization": "other"])["key"]?.text)
            #expect(try await gateway.get(path, key: reporter).json["webhook"]?["token"] == .null)
            expectRefusal(try await gateway.post(TestGateway.webhooks, TestGateway.created, key: reporter), 403)
            for (method, tail): (HTTPRequest.Method, String) in [
                (.delete, ""), (.get, "/clear"), (.post, "/servers/1001/doors/1"),
                (.delete, "/servers/1001/doors/1"), (.post, "/events/11"), (.delete, "/events/11"),
            ] {
                expectRefusal(try await gateway.send(method, path + tail, key: reporter), 403)
            }
            for tail in ["", "/doors", "/events", "/clear"] {
                expectRefusal(try await gateway.get(path + tail, key: stranger), 404)
                expectRefusal(try await gateway.get(path + tail, key: nil), 401)
            }
            expectRefusal(try await gateway.get(TestGateway.webhooks), 400, naming: "gatehouse-organization")
            let chosen = try #require(HTTPField.Name("gatehouse-organization"))
            let above = try await gateway.send(.get, TestGateway.webhooks, headers: [chosen: "1000"])
            #expect(above.json["webhooks"]?.items?.count == 1)
        }
    }

    @Test func resourceOfOneInterfaceIsSeenInTheOther() async throws {
        try await TestGateway.open { gateway, manager in
            let path = try await TestGateway.make(gateway, manager.secret)
            let native = try await gateway.get("/v1/subscriptions?organization=1000").json["items"]?.items?.first
            #expect(native?["dialect"] == "situator" && native?["scope"] == "this")
            #expect(native?["privacyLevel"] == 0 && native?["timeout"] == 30_000)
            let id = try #require(native?["id"]?.text)
            let change: JSON = ["settings": ["payload": "envelope"], "promise": "vendor"]
            let patched = try await gateway.send(
                .patch, "/v1/subscriptions/\(id)", headers: [.contentType: "application/json"], body: change.bytes)
            #expect(patched.status == 200 && patched.json["promise"] == "vendor")
            let shown = try await gateway.get(path, key: manager.secret).json["webhook"]
            #expect(shown?["description"] == "Webhook integration example")
        }
    }
}
