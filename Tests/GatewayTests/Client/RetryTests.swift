internal import GatehouseCore
internal import NIOHTTP1
internal import Synchronization
import Testing

@testable internal import GatehouseClient

/// Which calls the client library repeats, and which never. Pauses are recorded and not awaited.
@Suite(.timeLimit(.minutes(1))) struct RetryTests {
    /// The requested pauses.
    private final class PauseLog: Sendable {
        private let book = Mutex<[Duration]>([])
        var pauses: [Duration] { book.withLock { $0 } }

        func note(_ pause: Duration) { book.withLock { $0.append(pause) } }
    }

    private func client(
        _ url: String, _ book: PauseLog = PauseLog(),
        _ change: (inout APIClient.Settings) -> Void = { _ in },
        meanwhile: @escaping @Sendable () async throws -> Void = {}
    ) throws -> APIClient {
        var settings = APIClient.Settings()
        change(&settings)
        let sleep: @Sendable (Duration) async throws -> Void = { pause in
            book.note(pause)
            try await meanwhile()
        }
        return try APIClient(
            url: url, key: "gk_a_b", settings: settings, pauses: .init(sleep: sleep, chance: { 0 }))
    }

    private static let draft = APIClient.EventDraft("door.opened", source: "/panels/7")
    private static let receipt =
        #"{"events":[{"event":"e","id":"1","source":"s","deliveries":0,"duplicate":false,"weight":7}]}"#
    private static let door =
        #"{"id":"d","organization":"o","panel":"p","number":1,"name":"n","attendance":false,"driver":null}"#

    @Test func overloadedGatewayIsCalledAgainAfterItsPause() async throws {
        let book = PauseLog()
        let replies: [ScriptedServer.Reply] = [
            .problem(503, "overloaded", retryAfter: 2), .answer(202, Self.receipt),
        ]
        try await ScriptedServer.answering(replies) { server in
            let receipt = try await client(server.url, book).events.post(Self.draft)
            #expect(receipt.event == "e" && receipt.json["weight"] == 7)
            #expect(server.heard.count == 2 && server.heard[0].body == server.heard[1].body, "the same id both times")
            #expect(server.heard[0].text.contains(Self.draft.id))
        }
        #expect(book.pauses == [.seconds(2)])
    }

    @Test func pausesGrowAndTriesAreLimited() async throws {
        let book = PauseLog()
        try await ScriptedServer.answering([.problem(503, "store-away")]) { server in
            let error = await #expect(throws: GatehouseError.self) {
                try await client(server.url, book).events.post(Self.draft)
            }
            guard case .refused(let refusal) = error else { Issue.record("\(String(describing: error))"); return }
            #expect(refusal.status == 503 && refusal.type == "/problems/store-away" && refusal.isPassing)
            #expect(server.heard.count == 4)
        }
        #expect(book.pauses == [.milliseconds(250), .milliseconds(500), .seconds(1)])
        let retries = APIClient.Retries(firstPause: .seconds(8), longestPause: .seconds(10))
        #expect(retries.pause(after: 5, chance: 0) == .seconds(10))
        #expect(retries.pause(after: 1, chance: 1) == .seconds(4))
    }

    @Test func gatewayThatAsksForATooLongPauseIsNotAwaited() async throws {
        let book = PauseLog()
        try await ScriptedServer.answering([.problem(429, "too-many-requests", retryAfter: 3600)]) { server in
            let error = await #expect(throws: GatehouseError.self) { try await client(server.url, book).kinds() }
            guard case .refused(let refusal) = error else { Issue.record("\(String(describing: error))"); return }
            #expect(refusal.retryAfter == 3600)
        }
        #expect(book.pauses.isEmpty)
    }

    /// The start of the next try counts, not the start of its pause.
    @Test func noTryBeginsAfterTheDeadline() async throws {
        let book = PauseLog()
        try await ScriptedServer.answering([.problem(503, "overloaded")]) { server in
            let client = try client(server.url, book) {
                $0.retries = .init(firstPause: .seconds(600), longestPause: .seconds(6000))
                $0.retries.longest = .seconds(900)
            }
            await #expect(throws: GatehouseError.self) { try await client.kinds() }
            #expect(server.heard.count == 2)
        }
        #expect(book.pauses == [.seconds(600)])
    }

    @Test func idempotentCallIsRepeatedAfterALostAnswer() async throws {
        let calls: [(String, @Sendable (APIClient) async throws -> Void)] = [
            (Self.receipt, { client in _ = try await client.events.post(Self.draft) }),
            (Self.door, { client in _ = try await client.doors.show("d") }),
            (
                Self.door,
                { client in
                    _ = try await client.doors.update("d", ["name": "n"])
                }
            ),
            ("", { client in try await client.doors.delete("d") }),
            (
                #"{"id":"c","organization":"o","door":"d","outcome":"opened"}"#,
                { client in
                    _ = try await client.doors.unlock("d")
                }
            ),
        ]
        for (answer, call) in calls {
            try await ScriptedServer.answering([.hangUp, .answer(200, answer)]) { server in
                try await call(try client(server.url))
                #expect(server.heard.count == 2)
                #expect(Set(server.heard.map { $0.headers.first(name: "Idempotency-Key") ?? "" }).count == 1)
            }
        }
    }

    @Test func createIsNotRepeatedWithoutAnAnswer() async throws {
        let calls: [@Sendable (APIClient) async throws -> Void] = [
            { client in
                _ = try await client.keys.create(.init("k", role: .source, organization: "o"))
            },
            { client in
                _ = try await client.subscriptions.create(.init("s", url: "http://a.example", organization: "o"))
            },
            { client in _ = try await client.subscriptions.rotateSecret("s") },
            { client in _ = try await client.subscriptions.test("s") },
            { client in _ = try await client.deliveries.retry("1") },
            { client in
                _ = try await client.triggers.create(.init("t", organization: "o"))
            },
        ]
        for call in calls {
            // The answer of a proxy says nothing about what the gateway did.
            for reply in [ScriptedServer.Reply.hangUp, .answer(503, "<html>away</html>"), .answer(502, "")] {
                try await ScriptedServer.answering([reply]) { server in
                    await #expect(throws: GatehouseError.self) { try await call(try client(server.url)) }
                    #expect(server.heard.count == 1)
                }
            }
            try await ScriptedServer.answering([.problem(503, "draining")]) { server in
                await #expect(throws: GatehouseError.self) { try await call(try client(server.url)) }
                #expect(server.heard.count == 4, "the gateway itself took nothing")
            }
        }
    }

    @Test func serverIsReachedAfterItsOutage() async throws {
        let (starts, start) = AsyncStream<Void>.makeStream()
        let (ready, isReady) = AsyncStream<Void>.makeStream()
        let (ends, end) = AsyncStream<Void>.makeStream()
        let port = try await Self.freePort()
        let server = Task {
            for await _ in starts { break }
            try await ScriptedServer.with({ _, _ in .answer(201, Self.door) }, port: port) { _ in
                isReady.yield()
                for await _ in ends { break }
            }
        }
        let book = PauseLog()
        let client = try client(
            "http://127.0.0.1:\(port)", book,
            meanwhile: {
                guard book.pauses.count == 2 else { return }
                start.yield()
                for await _ in ready { break }
            })
        // Creating a door is repeated only because the gateway was certainly not reached.
        #expect(try await client.doors.create(.init("n", panel: "p", number: 1)).id == "d")
        #expect(book.pauses.count == 2)
        end.finish()
        try await server.value
    }

    @Test func serverThatStaysDownIsUnreachable() async throws {
        let port = try await Self.freePort()
        let error = await #expect(throws: GatehouseError.self) {
            try await client("http://127.0.0.1:\(port)").keys.list().all()
        }
        guard case .unreachable(let sentence) = error else { Issue.record("\(String(describing: error))"); return }
        #expect(sentence == "the gateway at http://127.0.0.1:\(port) does not answer: the connection was refused")
    }

    @Test func serverThatDisconnectsMayHaveAcceptedTheRequest() async throws {
        let (ports, port) = AsyncStream<Int>.makeStream()
        let (ends, end) = AsyncStream<Void>.makeStream()
        let server = Task {
            try await ScriptedServer.answering([.hangUp]) { server in
                port.yield(server.port)
                for await _ in ends {}
            }
        }
        for await port in ports {
            let client = try client(
                "http://127.0.0.1:\(port)",
                meanwhile: {
                    end.finish()
                    try await server.value
                })
            let error = await #expect(throws: GatehouseError.self) { try await client.events.post(Self.draft) }
            guard case .unanswered = error else { Issue.record("\(String(describing: error))"); return }
            break
        }
    }

    @Test func resourceDeletedByTheFirstTryCountsAsDeleted() async throws {
        try await ScriptedServer.answering([.hangUp, .problem(404, "not-found")]) { server in
            try await client(server.url).doors.delete("d")
        }
        try await ScriptedServer.answering([.problem(404, "not-found")]) { server in
            await #expect(throws: GatehouseError.self) { try await client(server.url).doors.delete("d") }
        }
    }

    @Test func unlockIsCarriedOutOnceForAllTries() async throws {
        let opened = #"{"id":"c","organization":"o","door":"d","outcome":"opened","event":"e"}"#
        try await ScriptedServer.answering([.hangUp, .problem(409, "repeated-command"), .answer(200, opened)]) {
            server in
            let unlocking = try await client(server.url).doors.unlock("d")
            #expect(unlocking.outcome == "opened")
            let wishes = server.heard.map { $0.headers.first(name: "Idempotency-Key") }
            #expect(wishes.count == 3 && Set(wishes).count == 1 && wishes[0]?.hasPrefix("wish-") == true)
        }
        for wish in ["", "a b", "é", "a\r\nX: y", String(repeating: "x", count: 256)] {
            let client = try client("http://127.0.0.1:9")
            let error = await #expect(throws: GatehouseError.self) {
                try await client.doors.unlock("d", idempotencyKey: wish)
            }
            guard case .misuse = error else { Issue.record("\(wish): \(String(describing: error))"); continue }
        }
        for status in [409, 504] {
            let type = status == 409 ? "repeated-command" : "door-unanswered"
            try await ScriptedServer.answering([.problem(status, type)]) { server in
                await #expect(throws: GatehouseError.self) {
                    try await client(server.url).doors.unlock("d", idempotencyKey: "mine")
                }
                #expect(server.heard.map { $0.headers.first(name: "Idempotency-Key") } == ["mine"])
            }
        }
    }

    @Test func cancelledCallEndsAtOnce() async throws {
        try await ScriptedServer.answering([.silence]) { server in
            let client = try client(server.url)
            let call = Task { try await client.doors.list().all() }
            while server.heard.isEmpty { await Task.yield() }
            call.cancel()
            let error = await #expect(throws: GatehouseError.self) { try await call.value }
            #expect(error == .cancelled)
        }
        try await ScriptedServer.answering([.problem(503, "overloaded")]) { server in
            let book = PauseLog()
            let client = try client(server.url, book, meanwhile: { try await Task.sleep(for: .seconds(3600)) })
            let call = Task { try await client.doors.list().all() }
            while book.pauses.isEmpty { await Task.yield() }
            call.cancel()
            let error = await #expect(throws: GatehouseError.self) { try await call.value }
            #expect(error == .cancelled && server.heard.count == 1)
        }
    }

    @Test func cancelledFollowingEndsAtOnce() async throws {
        try await ScriptedServer.answering([.silence]) { server in
            let client = try client(server.url)
            let following = Task { for try await _ in client.events.follow() {} }
            while server.heard.isEmpty { await Task.yield() }
            following.cancel()
            let error = await #expect(throws: GatehouseError.self) { try await following.value }
            #expect(error == .cancelled)
        }
    }

    @Test func silentStreamIsEnded() async throws {
        let book = PauseLog()
        try await ScriptedServer.answering([.silence]) { server in
            let client = try client(server.url, book, { $0.silenceTimeout = .milliseconds(100) })
            let error = await #expect(throws: GatehouseError.self) {
                for try await _ in client.events.follow() {}
            }
            guard case .unanswered = error else { Issue.record("\(String(describing: error))"); return }
            #expect(server.heard.count == 4 && book.pauses.count == 3)
        }
    }

    @Test func everyCallIsBounded() async throws {
        try await ScriptedServer.answering([.silence]) { server in
            let client = try client(server.url) {
                $0.answerTimeout = .milliseconds(200); $0.retries = .none
            }
            let error = await #expect(throws: GatehouseError.self) { try await client.kinds() }
            guard case .unanswered = error else { Issue.record("\(String(describing: error))"); return }
        }
        let long = "\"" + String(repeating: "x", count: 5_000) + "\""
        try await ScriptedServer.answering([.answer(200, long)]) { server in
            let client = try client(server.url) { $0.answerBytes = 1_000 }
            let error = await #expect(throws: GatehouseError.self) { try await client.kinds() }
            guard case .unreadable = error else { Issue.record("\(String(describing: error))"); return }
            #expect(server.heard.count == 1)
        }
    }

    @Test func keyIsNotSentToARedirect() async throws {
        try await ScriptedServer.answering([.answer(200, "{}")]) { other in
            let away = ScriptedServer.Reply.answer(307, "", headers: ["Location": other.url + "/v1/kinds"])
            try await ScriptedServer.answering([away]) { server in
                let error = await #expect(throws: GatehouseError.self) { try await client(server.url).kinds() }
                guard case .refused(let refusal) = error else { Issue.record("\(String(describing: error))"); return }
                #expect(refusal.status == 307)
            }
            #expect(other.heard.isEmpty)
        }
    }

    @Test func refusalListsAllFaults() async throws {
        let problem = #"""
            {"type":"/problems/unknown-door","detail":"no door x","field":"data.door","index":3,"faults":[
            {"type":"/problems/unknown-door","detail":"no door x","field":"data.door","index":3},
            {"type":"/problems/unknown-kind","detail":"no kind y","field":"type","index":4}],"moreFaults":12}
            """#
        let reply = ScriptedServer.Reply.answer(422, problem, headers: ["X-Request-ID": "r-17"])
        try await ScriptedServer.answering([reply]) { server in
            let error = await #expect(throws: GatehouseError.self) {
                try await client(server.url).events.post([Self.draft])
            }
            guard case .refused(let refusal) = error else { Issue.record("\(String(describing: error))"); return }
            #expect(refusal.status == 422 && refusal.type == "/problems/unknown-door" && refusal.index == 3)
            #expect(refusal.field == "data.door" && refusal.requestID == "r-17" && refusal.sentence == "no door x")
            #expect(refusal.untold == 12)
            #expect(refusal.complaints.map(\.index) == [3, 4] && server.heard.count == 1)
        }
    }

    /// A port on which no program listens.
    private static func freePort() async throws -> Int {
        var port = 0
        try await ScriptedServer.answering([.hangUp]) { port = $0.port }
        return port
    }
}
