import GatehouseControl
internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseGateway
internal import GatehouseTesting
internal import HTTPTypes
internal import NIOHTTP1
import Testing

@testable internal import GatehouseClient

/// The client library with a whole gateway over real sockets, as a program uses it.
@Suite(.timeLimit(.minutes(1))) struct ClientTests {
    private func withGateway(_ test: (APIClient, LiveGateway.Client) async throws -> Void) async throws {
        try await LiveGateway.with(Dialects.all) { gateway in
            let client = try APIClient(url: gateway.base + "/", key: LiveGateway.admin)
            var organization = APIClient.OrganizationDraft("Acme", id: "acme")
            organization.timeZone = "Europe/Lisbon"
            _ = try await client.organizations.create(organization)
            var panel = APIClient.PanelDraft("Main panel", organization: "acme", id: "p1")
            panel.number = 7
            #expect(try await client.panels.create(panel).number == 7)
            _ = try await client.doors.create(.init("Lobby", panel: "p1", number: 1, id: "lobby"))
            try await test(client, gateway)
        }
    }

    private static func draft(_ kind: String, id: String? = nil) -> APIClient.EventDraft {
        var draft = APIClient.EventDraft(kind, source: "/p", door: "lobby", id: id)
        draft.organization = "acme"
        return draft
    }

    @Test func directoryIsCreatedShownChangedAndDeleted() async throws {
        try await withGateway { client, _ in
            #expect(try await client.organizations.show("acme").timeZone == "Europe/Lisbon")
            #expect(try await client.organizations.update("acme", ["name": "Acme Ltd"]).name == "Acme Ltd")
            var north = APIClient.OrganizationDraft("North")
            north.parent = "acme"
            let below = try await client.organizations.create(north)
            #expect(below.parent == "acme" && below.id.hasPrefix("organization_"))
            #expect(try await client.organizations.list().all().count == 2)
            try await client.organizations.delete(below.id)
            #expect(try await client.panels.update("p1", ["number": nil], organization: "acme").number == nil)
            #expect(try await client.panels.show("p1").timeZone == nil)
            #expect(try await client.panels.list(organization: "acme").all().map(\.id) == ["p1"])
            let door = try await client.doors.update("lobby", ["driver": ["type": "simulated"], "attendance": true])
            #expect(door.driver?["type"] == "simulated" && door.isAttendancePoint && door.number == 1)
            let unlocking = try await client.doors.unlock("lobby", idempotencyKey: "once")
            #expect(unlocking.outcome == "opened" && unlocking.door == "lobby")
            #expect(try await client.doors.unlock("lobby", idempotencyKey: "once").id == unlocking.id)
            try await client.doors.delete("lobby", organization: "acme")
            try await client.panels.delete("p1")
            #expect(try await client.doors.list().all().isEmpty)
            await #expect(throws: GatehouseError.self, "an empty list would say that it has no doors") {
                try await client.doors.list(panel: "p1").all()
            }
        }
    }

    @Test func listIsReadPageByPage() async throws {
        try await withGateway { client, _ in
            for number in 2...7 {
                _ = try await client.doors.create(
                    .init("Door \(number)", panel: "p1", number: Int64(number), id: "d\(number)"))
            }
            var list = client.doors.list(organization: "acme")
            list.pageSize = 3
            var pages: [[String]] = []
            for try await page in list { pages.append(page.items.map(\.id)) }
            #expect(pages == [["d2", "d3", "d4"], ["d5", "d6", "d7"], ["lobby"]])
            #expect(try await list.all().count == 7)
            let page = try await list.page(after: "acme,d6", limit: 1)
            #expect(page.items.map(\.id) == ["d7"] && page.next == "acme,d7")
        }
    }

    @Test func keysAndTriggersAreShownOnceAndRevoked() async throws {
        try await withGateway { client, gateway in
            var asked = APIClient.KeyDraft("panel", role: .source, organization: "acme")
            (asked.privacyLevel, asked.rate) = (2, 600)
            let key = try await client.keys.create(asked)
            #expect(key.role == .source && key.privacyLevel == 2 && key.rate == 600 && key.lastUsed == nil)
            let credential = try #require(key.credential)
            let source = try APIClient(url: gateway.base, key: credential)
            try await source.events.post(.init("door.opened", source: "/p", door: "lobby"))
            let error = await #expect(throws: GatehouseError.self) { try await source.doors.list().all() }
            guard case .refused(let refusal) = error else { Issue.record("\(String(describing: error))"); return }
            #expect(refusal.status == 403 && refusal.type == "/problems/forbidden")
            #expect(try await client.keys.show(key.id).credential == nil)
            #expect(try await client.keys.update(key.id, ["rate": nil, "name": "other"]).rate == nil)
            #expect(try await client.keys.list().all().contains { $0.id == key.id && $0.name == "other" })
            try await client.keys.delete(key.id)
            let gone = await #expect(throws: GatehouseError.self) {
                try await source.events.post(.init("door.opened", source: "/p"))
            }
            guard case .refused(let unknown) = gone else { Issue.record("\(String(describing: gone))"); return }
            #expect(unknown.status == 401)

            var draft = APIClient.TriggerDraft("t", organization: "acme")
            (draft.doors, draft.mayUnlock) = (["lobby"], true)
            let trigger = try await client.triggers.create(draft)
            #expect(trigger.urls?.isEmpty == false && trigger.mayUnlock && trigger.doors == ["lobby"])
            #expect(try await client.triggers.update(trigger.id, ["active": false, "doors": nil]).isActive == false)
            #expect(try await client.triggers.show(trigger.id).urls == nil)
            #expect(try await client.triggers.list(organization: "acme").all().count == 1)
            try await client.triggers.delete(trigger.id)
        }
    }

    @Test func subscriptionIsCreatedUsedAndDeleted() async throws {
        try await ScriptedServer.answering([.answer(204, "")]) { receiver in
            try await withGateway { client, _ in
                var asked = APIClient.SubscriptionDraft("Ops", url: receiver.url + "/in", organization: "acme")
                asked.kinds = ["door.*"]
                asked.more["concurrency"] = 4
                let made = try await client.subscriptions.create(asked)
                #expect(made.json["concurrency"] == 4)
                #expect(made.secret?.hasPrefix("whsec_") == true && made.kinds == ["door.*"] && made.hold == .none)
                #expect(made.dialect == "standard" && made.timeout == .seconds(10) && made.isActive)
                #expect(try await client.subscriptions.show(made.id).secret == nil)
                #expect(try await client.subscriptions.update(made.id, ["timeout": 5000]).timeout == .seconds(5))
                #expect(try await client.subscriptions.pause(made.id).hold == .paused)
                let receipt = try await client.events.post(
                    Self.draft("door.forced"))
                #expect(receipt.deliveries == 1 && !receipt.isDuplicate)
                let waiting = try await client.deliveries.list(subscription: made.id, state: .waiting).all()
                let delivery = try #require(waiting.first)
                #expect(waiting.count == 1 && delivery.event == receipt.event && delivery.attemptCount == 0)
                #expect(try await client.deliveries.show(delivery.id).attempts == [])
                #expect(try await client.deliveries.cancel(delivery.id).reason == "requested")
                let testDelivery = try await client.subscriptions.test(made.id)
                #expect(testDelivery.isAccepted && testDelivery.attempt.status == 204 && receiver.heard.count == 1)
                let rotated = try await client.subscriptions.rotateSecret(made.id)
                #expect(rotated.secret != nil && rotated.secret != made.secret)
                #expect(try await client.subscriptions.resume(made.id).hold == .none)
                #expect(try await client.subscriptions.list(organization: "acme").all().count == 1)
                try await client.subscriptions.delete(made.id)
                let shown = try await client.events.show(receipt.event)
                #expect(shown.event.kind == "door.forced" && shown.deliveries.items.map(\.state) == [.cancelled])
            }
        }
    }

    @Test func eventsAreFetchedAndFollowed() async throws {
        try await withGateway { client, _ in
            let start = try await client.events.page(limit: 500).next
            let drafts = (1...5).map { number in
                var draft = Self.draft("access.granted", id: "e\(number)")
                draft.time = "2026-03-11T08:15:30.250Z"
                draft.data["person"] = ["id": "31"]
                return draft
            }
            let receipts = try await client.events.post(drafts)
            #expect(receipts.map(\.id) == ["e1", "e2", "e3", "e4", "e5"])
            #expect(try await client.events.post(drafts).allSatisfy(\.isDuplicate))
            let filter = APIClient.EventFilter(kinds: ["access.*"], doors: ["lobby"], organization: "acme")
            let page = try await client.events.page(filter, after: start, limit: 2)
            #expect(page.events.map(\.id) == ["e1", "e2"] && page.events[0].data["door"] == "lobby")
            #expect(page.events[0].time == EventTime("2026-03-11T08:15:30.250Z")?.instant)
            var followed: [String] = []
            var last: String?
            for try await told in client.events.follow(filter, after: page.next) {
                (followed, last) = (followed + [told.event.id], told.cursor)
                if followed.count == 3 { break }
            }
            #expect(followed == ["e3", "e4", "e5"])
            let rest = try await client.events.page(filter, after: last, waiting: .milliseconds(50))
            #expect(rest.events.isEmpty && rest.next == nil)
            await #expect(throws: GatehouseError.self, "an event without an id could come twice") {
                try await client.events.post([["type": "door.opened", "source": "/p"]])
            }
        }
    }

    @Test func lostAnswerAfterTheCommitLeavesOneEvent() async throws {
        try await withGateway { client, gateway in
            // Passes the request on to the gateway and drops the first answer.
            let relay: ScriptedServer.Script = { heard, place in
                let type = heard.headers.first(name: "Content-Type") ?? ""
                let answer = try await gateway.send(
                    heard.method == "POST" ? .post : .get, heard.target, headers: [.contentType: type], body: heard.body
                )
                return place == 0 ? .hangUp : .answer(answer.status, answer.text)
            }
            try await ScriptedServer.with(relay) { server in
                let far = try APIClient(url: server.url, key: LiveGateway.admin)
                let receipt = try await far.events.post(Self.draft("door.opened"))
                #expect(receipt.isDuplicate, "the first one was taken")
                #expect(server.heard.count == 2)
            }
            #expect(try await client.events.page(.init(kinds: ["door.opened"])).events.count == 1)
        }
    }

    @Test func restOfTheAPIIsTyped() async throws {
        try await withGateway { client, _ in
            let entries = try await client.audit.list(organization: "acme").all()
            #expect(entries.contains { $0.deed == "add" && $0.subject == "door" && $0.id == "lobby" })
            let proof = try await client.audit.prove()
            #expect(proof.isIntact && proof.entries >= entries.count && proof.hasKnown == nil)
            #expect(try await client.audit.prove(known: proof.head).hasKnown == true)
            let kinds = try await client.kinds()
            #expect(
                kinds.count == Catalogue.rows.count
                    && kinds.contains { $0.kind == "door.forced" && $0.lane == "urgent" })
            #expect(try await client.isReady())
            #expect(try await client.isAlive())
            #expect(try await client.metrics().contains("gatehouse_"))
        }
    }

    private static func badge(_ id: JSON) -> JSON {
        [
            "specversion": "1.0", "id": id, "source": "/p", "type": "access.granted", "organization": "acme",
            "data": ["door": "lobby", "person": ["id": "31", "firstName": "Ana"]],
        ]
    }

    @Test func oldEventsAreReplayedAndManyDeliveriesMoved() async throws {
        try await withGateway { client, _ in
            try await client.events.post([Self.badge("1")])
            var asked = APIClient.SubscriptionDraft("Ops", url: "http://127.0.0.1:9/", organization: "acme")
            asked.kinds = ["access.*"]
            let id = try await client.subscriptions.create(asked).id
            try await client.subscriptions.pause(id)
            let count = try await client.subscriptions.countReplay(id, since: Instant(seconds: 0))
            #expect(count.owed == 1 && count.isComplete)
            let replay = try await client.subscriptions.replay(
                id, since: Instant(seconds: 0), kinds: ["access.granted"])
            #expect(replay.isRunning && replay.owed == 0 && replay.progress == 0 && replay.subscription == id)
            #expect(try await client.subscriptions.replays(of: id).all().map(\.id) == [replay.id])
            #expect(try await client.subscriptions.cancelReplay(replay.id, of: id).state == "cancelled")
            #expect(try await client.subscriptions.replay(replay.id, of: id).state == "cancelled")
            try await client.events.post([Self.badge("2"), Self.badge("3")])
            let counted = try await client.deliveries.retry(of: id, .waiting, isDryRun: true)
            #expect(counted.deliveries == 2 && counted.isDryRun)
            #expect(try await client.deliveries.retry(of: id).deliveries == 0, "none is dead")
            #expect(try await client.deliveries.cancel(of: id, until: Instant(seconds: 9)).deliveries == 0)
            #expect(try await client.deliveries.cancel(of: id, .dead).deliveries == 0, "none is dead")
            let cancelled = try await client.deliveries.cancel(of: id)
            #expect(cancelled.deliveries == 2 && cancelled.state == .waiting)
        }
    }

    @Test func personIsCountedAndErased() async throws {
        try await withGateway { client, _ in
            try await client.events.post([Self.badge("1"), Self.badge("2")])
            for isDryRun in [true, false] {
                var erasure = try await client.persons.erase("31", of: "acme", isDryRun: isDryRun)
                for _ in 0..<500 where erasure.isRunning {
                    try await Task.sleep(for: .milliseconds(20))
                    erasure = try await client.persons.erasure(of: "31", in: "acme")
                }
                #expect(!erasure.isRunning && erasure.events == 2 && erasure.isDryRun == isDryRun)
                #expect(erasure.person == "31" && erasure.keys.isEmpty && erasure.looked.at >= erasure.looked.upTo)
                let told = try await client.events.page(.init(kinds: ["access.*"])).events
                let names = told.map { $0.data["person"]?["firstName"]?.text ?? "" }
                #expect(names == (isDryRun ? ["Ana", "Ana"] : ["", ""]))
                #expect(told.allSatisfy { $0.data["person"]?["id"] == "31" })
            }
        }
    }

    @Test func additionalFieldsOfANewerGatewaySurvive() async throws {
        let subscription = #"""
            {"id":"s","organization":"o","name":"n","dialect":"klingon","url":"mqtt://x","kinds":null,"doors":["a"],
            "privacyLevel":1,"timeout":10000,"settings":{"a":1.50},"active":true,"hold":"frozen","created":
            "2026-03-11T08:15:30Z","mood":{"colour":"blue"}}
            """#
        try await ScriptedServer.answering([.answer(200, subscription)]) { server in
            let client = try APIClient(url: server.url, key: "gk_a_b")
            let shown = try await client.subscriptions.show("s")
            #expect(shown.hold.rawValue == "frozen" && shown.hold != .none && shown.dialect == "klingon")
            #expect(shown.json["mood"]?["colour"] == "blue" && shown.json.compact.contains("1.50"))
            #expect(shown.created == Instant(seconds: 1_773_216_930))
        }
        for answer in ["", "<html>", "[]", #"{"id":"s"}"#] {
            try await ScriptedServer.answering([.answer(200, answer)]) { server in
                let client = try APIClient(url: server.url, key: "gk_a_b")
                let error = await #expect(throws: GatehouseError.self) { try await client.subscriptions.show("s") }
                guard case .unreadable = error else { Issue.record("\(String(describing: error))"); return }
            }
        }
    }

    @Test(arguments: ["gatehouse.local", "ftp://x", "http://", "http://a?b=c", "http://a#b"])
    func invalidAddressIsReportedBeforeAnythingIsSent(url: String) {
        #expect(throws: GatehouseError.self) { try APIClient(url: url, key: "gk_a_b") }
        #expect(throws: GatehouseError.self) { try APIClient(url: "http://a.example", key: "a b") }
    }

    @Test func unreadableAuthorityIsReportedBeforeAnythingIsSent() {
        var settings = APIClient.Settings()
        settings.trust = .authorities(file: "nowhere.pem")
        let error = #expect(throws: GatehouseError.self) {
            try APIClient(url: "https://a.example", key: "gk_a_b", settings: settings)
        }
        guard case .misuse(let sentence) = error else { Issue.record("\(String(describing: error))"); return }
        #expect(sentence.contains("nowhere.pem"))
    }

    @Test func brokenStreamContinuesAfterTheLastEvent() async throws {
        func event(_ id: String) -> String {
            #"{"id":"\#(id)","source":"/p","type":"door.opened","gatehouseid":"g-\#(id)","#
                + #""time":"2026-03-11T08:15:30Z","receivedtime":"2026-03-11T08:15:31Z","data":{}}"#
        }
        let stream = ["Content-Type": "text/event-stream"]
        let replies: [ScriptedServer.Reply] = [
            .answer(200, "id: 7\nevent: door.opened\ndata: \(event("a"))\n\n", headers: stream), .hangUp,
            .problem(503, "overloaded", retryAfter: 5),
            .answer(200, "id: 8\n\nid: 9\ndata: \(event("b"))\n\ndata: cut", headers: stream),
        ]
        let pauses = Snapshot<[Duration]>([])
        let told = Snapshot(0)
        try await ScriptedServer.answering(replies) { server in
            let client = try APIClient(
                url: server.url, key: "gk_a_b", settings: .init(),
                pauses: .init(sleep: { pause in pauses.update { $0.append(pause) } }, chance: { 0 }))
            var seen: [String] = []
            for try await next in client.events.follow(after: "3", interrupted: { _ in told.update { $0 += 1 } }) {
                seen.append("\(next.event.id)@\(next.cursor ?? "")")
                if seen.count == 2 { break }
            }
            #expect(seen == ["a@7", "b@9"])
            #expect(server.heard.map { $0.headers.first(name: "Last-Event-ID") } == ["3", "7", "7", "7"])
        }
        #expect(pauses.value == [.milliseconds(250), .milliseconds(500), .seconds(5)])
        #expect(told.value == 3)
    }
}
