internal import GatehouseCore
internal import GatehouseTesting
internal import HTTPTypes
import Testing

@testable internal import GatehouseDialects

/// The secret URLs, over real sockets: the effect of each method, and the answer to each fault.
@Suite struct PlaceOSManageTests {
    private typealias TestGateway = PlaceOSGateway

    private func expectError(
        _ answer: LiveGateway.Client.Answer, _ status: Int, naming word: String = "",
        _ place: SourceLocation = #_sourceLocation
    ) {
        #expect(answer.status == status, "\(answer.text)", sourceLocation: place)
        let error = answer.json["error"]?.text ?? ""
        #expect(!error.isEmpty && error.contains(word), "\(answer.text)", sourceLocation: place)
        #expect(answer.json.object?.members.count == 1, sourceLocation: place)
    }

    // MARK: Subscribing

    @Test func postSubscribesInBothForms() async throws {
        try await TestGateway.run { gateway in
            let trigger = try await TestGateway.trigger(gateway)
            #expect(trigger.paths.count == 2)
            for (place, path) in trigger.paths.enumerated() {
                let url: JSON = .string("https://rhombus.example/\(place)")
                let answer = try await gateway.call(.post, path, ["webhook": url, "secret": "123456"])
                #expect(answer.status == 201 && answer.body.isEmpty, "\(answer.text)")
            }
            let made = try await TestGateway.subscriptions(gateway)
            #expect(made.count == 2)
            for subscription in made {
                #expect(subscription["dialect"] == "placeos" && subscription["organization"] == "acme")
                #expect(subscription["scope"] == "this" && subscription["createdBy"] == .string(trigger.id))
            }
        }
    }

    @Test func repeatedURLReplacesTheSecret() async throws {
        try await TestGateway.run { gateway in
            let trigger = try await TestGateway.trigger(gateway)
            for body: JSON in [
                ["webhook": TestGateway.subscriber, "secret": "123456"],
                ["webhook": TestGateway.subscriber, "secret": "654321"],
                ["webhook": TestGateway.subscriber],
            ] {
                #expect(try await gateway.call(.post, trigger.path, body).status == 201)
            }
            #expect(try await TestGateway.subscriptions(gateway).count == 1)
        }
    }

    @Test func repeatedURLHasThePresentDoorsAndIsActive() async throws {
        try await TestGateway.run { gateway in
            let trigger = try await TestGateway.trigger(gateway, ["doors": ["1234-2342"]])
            let body: JSON = ["webhook": TestGateway.subscriber, "secret": "123456"]
            #expect(try await gateway.call(.post, trigger.path, body).status == 201)
            let made = try #require(try await TestGateway.subscriptions(gateway).first)
            let path = "/v1/subscriptions/\(try #require(made["id"]?.text))"
            for change: JSON in [["name": "Ours", "active": false], ["active": true]] {
                try await patch(gateway, path, change)
            }
            _ = try await gateway.post(path + "/pause", [:])
            for doors: JSON in [["1234-2342", "5678-9012"], .null] {
                try await patch(gateway, "/v1/triggers/\(trigger.id)", ["doors": doors])
                #expect(try await gateway.call(.post, trigger.path, body).status == 201)
                let again = try await gateway.get(path).json
                #expect(again["doors"] == doors && again["hold"] == "none" && again["active"] == true)
                #expect(again["name"] == "Ours", "people may call it what they like")
            }
            try await patch(gateway, path, ["active": false])
            #expect(try await gateway.call(.post, trigger.path, body).status == 201)
            #expect(try await gateway.get(path).json["active"] == true)
            #expect(try await TestGateway.subscriptions(gateway).count == 1)
        }
    }

    private func patch(_ gateway: LiveGateway.Client, _ path: String, _ body: JSON) async throws {
        let answer = try await gateway.send(
            .patch, path, headers: [.contentType: "application/json"], body: body.bytes)
        try #require(answer.status == 200, "\(answer.text)")
    }

    @Test(.timeLimit(.minutes(1)))
    func simultaneousPostsOfOneURLCreateOneSubscription() async throws {
        let many = ManyAtOnce(8)
        try await TestGateway.run(gate: many.gate) { gateway in
            let trigger = try await TestGateway.trigger(gateway)
            let made = try await many.ask {
                try await gateway.call(.post, trigger.path, ["webhook": TestGateway.subscriber]).status
            }
            #expect(made.allSatisfy { $0 == 201 })
            #expect(try await TestGateway.subscriptions(gateway).count == 1)
        }
    }

    @Test func deleteUnsubscribesOnlyTheTriggersOwn() async throws {
        try await TestGateway.run { gateway in
            let trigger = try await TestGateway.trigger(gateway)
            let second = try await TestGateway.trigger(gateway)
            try await gateway.make(
                "/v1/subscriptions",
                ["organization": "acme", "dialect": "placeos", "name": "N", "url": TestGateway.subscriber])
            for path in [trigger.path, second.path] {
                #expect(try await gateway.call(.post, path, ["webhook": TestGateway.subscriber]).status == 201)
            }
            for _ in 0..<2 {
                let answer = try await gateway.call(.delete, trigger.paths[1], ["webhook": TestGateway.subscriber])
                #expect(answer.status == 202 && answer.body.isEmpty)
            }
            let makers = try await TestGateway.subscriptions(gateway).compactMap { $0["createdBy"]?.text }
            #expect(makers.sorted() == ["key_configuration", second.id].sorted())
            let unknown = try await gateway.call(.delete, trigger.path, ["webhook": "https://nobody.example/"])
            #expect(unknown.status == 202)
        }
    }

    @Test(arguments: [HTTPRequest.Method.post, .delete, .put])
    func wrongBodyIs400AndChangesNothing(method: HTTPRequest.Method) async throws {
        try await TestGateway.run { gateway in
            let trigger = try await TestGateway.trigger(gateway, ["mayUnlock": true])
            let type: HTTPFields = [.contentType: "application/json"]
            for text in ["", "{", "[]", "null", "5", #"{"webhook""#, #"{"a":1,"a":2}"#] {
                let answer = try await gateway.send(
                    method, trigger.path, key: nil, headers: type, body: Array(text.utf8))
                expectError(answer, 400)
            }
            for body: JSON in [[:], ["webhook": 5, "door_id": 5], ["webhook": "nonsense"], ["webhook": .null]] {
                expectError(try await gateway.call(method, trigger.path, body), 400)
            }
            let plain = try await gateway.send(
                method, trigger.path, key: nil, headers: [.contentType: "text/plain"],
                body: JSON.object(["webhook": TestGateway.subscriber, "door_id": "1234-2342"]).bytes)
            expectError(plain, 400)
            #expect(try await TestGateway.subscriptions(gateway).isEmpty)
        }
    }

    @Test func invalidSubscriptionIs400() async throws {
        try await TestGateway.run { gateway in
            let trigger = try await TestGateway.trigger(gateway)
            let long = String(repeating: "x", count: 2000)
            for (body, word): (JSON, String) in [
                (["webhook": TestGateway.subscriber, "secret": 5], "secret"),
                (
                    ["webhook": TestGateway.subscriber, "secret": .string(String(repeating: "s", count: 4097))],
                    "secret"
                ),
                (["webhook": .string("https://rhombus.example/\(long)")], "webhook"),
                (["webhook": "ftp://rhombus.example/"], "webhook"), (["webhook": "http://169.254.169.254/"], ""),
            ] {
                expectError(try await gateway.call(.post, trigger.path, body), 400, naming: word)
            }
            #expect(try await TestGateway.subscriptions(gateway).isEmpty)
        }
    }

    // MARK: Doors

    @Test func getListsTheDoorsOfTheOrganization() async throws {
        try await TestGateway.run { gateway in
            let trigger = try await TestGateway.trigger(gateway)
            let doors: JSON = [
                ["door_id": "1234-2342", "description": "Lobby Entrance"],
                ["door_id": "5678-9012", "description": "Back"], ["door_id": "stuck", "description": "Stuck"],
                ["door_id": "mute", "description": "Mute"],
            ]
            for path in trigger.paths {
                let answer = try await gateway.call(.get, path)
                #expect(answer.status == 200 && answer.json == doors, "\(answer.text)")
            }
            let few = try await TestGateway.trigger(gateway, ["doors": ["5678-9012"], "doorsEnvelope": true])
            #expect(
                try await gateway.call(.get, few.path).text
                    == #"{"doors":[{"door_id":"5678-9012","description":"Back"}]}"#)
        }
    }

    @Test func doorWithoutADescriptionHasNone() {
        let panel = Panel(id: PanelID("p"), organization: OrganizationID("o"), name: "P", number: nil)
        let doors = [Door(id: DoorID("5678-9012"), panel: panel, number: 1, name: "")]
        #expect(PlaceOSManage.listing(doors, inEnvelope: false) == [["door_id": "5678-9012"]])
    }

    @Test func putUnlocksADoor() async throws {
        try await TestGateway.run { gateway in
            let trigger = try await TestGateway.trigger(gateway, ["mayUnlock": true])
            func unlock(_ door: JSON, _ path: String? = nil) async throws -> LiveGateway.Client.Answer {
                try await gateway.call(.put, path ?? trigger.path, ["door_id": door])
            }
            for path in trigger.paths {
                let opened = try await unlock("1234-2342", path)
                #expect(opened.status == 200 && opened.body.isEmpty)
            }
            expectError(try await unlock("5678-9012"), 501, naming: "driver")
            for door: JSON in ["stuck", "mute", "nowhere", "far", "theirs", ""] {
                expectError(try await unlock(door), 403)
            }
        }
    }

    @Test func triggerHasOnlyItsRights() async throws {
        try await TestGateway.run { gateway in
            let reader = try await TestGateway.trigger(gateway, ["mayRegister": false])
            expectError(try await gateway.call(.post, reader.path, ["webhook": TestGateway.subscriber]), 403)
            expectError(try await gateway.call(.delete, reader.path, ["webhook": TestGateway.subscriber]), 403)
            expectError(try await gateway.call(.put, reader.path, ["door_id": "1234-2342"]), 403)
            #expect(try await gateway.call(.get, reader.path).status == 200)
            #expect(try await TestGateway.subscriptions(gateway).isEmpty)
            let few = try await TestGateway.trigger(gateway, ["doors": ["5678-9012"], "mayUnlock": true])
            expectError(try await gateway.call(.put, few.path, ["door_id": "1234-2342"]), 403)
            #expect(try await gateway.call(.post, few.path, ["webhook": TestGateway.subscriber]).status == 201)
            #expect(try await TestGateway.subscriptions(gateway).first?["doors"] == ["5678-9012"])
        }
    }

    // MARK: The URL

    @Test func callerWithoutTheSecretLearnsNothing() async throws {
        try await TestGateway.run { gateway in
            let trigger = try await TestGateway.trigger(gateway)
            let other = try await TestGateway.trigger(gateway)
            let off = try await TestGateway.trigger(gateway, ["active": false])
            let gone = try await TestGateway.trigger(gateway)
            _ = try await gateway.send(.delete, "/v1/triggers/\(gone.id)")
            let wrong = [
                trigger.path.replacing("secret=", with: "secret=x"),
                trigger.paths[1].replacing("notify/", with: "notify/x"),
                trigger.path.replacing(trigger.id, with: other.id),
                trigger.path.replacing(trigger.id, with: "trig-nobody"),
                off.path, off.paths[1], gone.path,
            ]
            for path in wrong {
                let answer = try await gateway.call(.get, path)
                expectError(answer, 404)
                #expect(answer.text == #"{"error":"there is no trigger of that id and secret"}"#)
            }
            let without = try #require(trigger.path.split(separator: "?").first)
            expectError(try await gateway.call(.get, String(without)), 422)
            #expect(try await gateway.call(.get, trigger.path).status == 200)
        }
    }

    @Test func tildeIsAcceptedRawAndEncoded() async throws {
        try await TestGateway.run { gateway in
            var trigger = try await TestGateway.trigger(gateway)
            for _ in 0..<200 where !trigger.id.contains("~") { trigger = try await TestGateway.trigger(gateway) }
            try #require(trigger.id.contains("~"), "of two hundred ids none has one")
            for spelling in ["~", "%7E", "%7e"] {
                #expect(
                    try await gateway.call(.get, trigger.path.replacing("~", with: spelling)).status == 200,
                    "\(spelling)")
            }
        }
    }

    @Test func anyModuleAndAPositiveIndexAreAccepted() async throws {
        try await TestGateway.run { gateway in
            let trigger = try await TestGateway.trigger(gateway)
            let short = try #require(trigger.path.split(separator: "&").first)
            for right in [
                String(short), "\(short)&exec=false&mod=Any%20Thing&method=other", "\(short)&index=2",
                trigger.paths[1].replacing("Rhombus/1/request", with: "Other/17/anything"),
            ] {
                #expect(try await gateway.call(.get, right).status == 200, "\(right)")
            }
            for index in ["0", "-1", "x", "1.5", "01", "99999999999999999999"] {
                expectError(try await gateway.call(.get, "\(short)&index=\(index)"), 400, naming: "index")
                let inPath = trigger.paths[1].replacing("Rhombus/1/", with: "Rhombus/\(index)/")
                expectError(try await gateway.call(.get, inPath), 400, naming: "index")
            }
            #expect(try await gateway.call(.get, "\(short)&colour=red").status == 200)
        }
    }

    @Test(arguments: ["PATCH", "PROPFIND", "TRACE"])
    func anotherMethodIs400(name: String) async throws {
        let method = try #require(HTTPRequest.Method(name))
        try await TestGateway.run { gateway in
            let trigger = try await TestGateway.trigger(gateway)
            for path in trigger.paths { expectError(try await gateway.call(method, path), 400, naming: name) }
        }
    }

    @Test func rateIsEnforced() async throws {
        try await TestGateway.run { gateway in
            let trigger = try await TestGateway.trigger(gateway, ["rate": 2])
            for _ in 0..<2 { #expect(try await gateway.call(.get, trigger.path).status == 200) }
            let refused = try await gateway.call(.get, trigger.path)
            expectError(refused, 429)
            #expect(refused.field("retry-after") != nil)
        }
    }
}
