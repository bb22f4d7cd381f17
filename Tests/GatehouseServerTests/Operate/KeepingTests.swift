import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// The answers about pruned data.
@Suite struct KeepingTests {
    private static let day = Duration.seconds(86_400)

    /// Three events of acme: the first two were pruned.
    private static func server() async throws -> TestServer {
        let server = try await TestServer()
        let now = server.parts.clock.now
        for (number, age) in [(1, 40), (2, 40), (3, 0)] {
            try await server.keep(server.event(number, received: now - day * age))
        }
        try await prune(.events, in: server)
        return server
    }

    private static func prune(_ what: Prunable, in server: TestServer) async throws {
        _ = try await server.store.foldOdometers(limit: 1000)
        _ = try await server.store.prune(Retention().order(for: what, at: server.parts.clock.now, limit: 1000))
    }

    @Test func prunedEventsAfterACursorAreReported() async throws {
        let server = try await Self.server()
        let cut = try await server.get("/v1/events?after=1")
        #expect(cut.status == 200 && cut.json?["pruned"] == true && cut.json?["next"] == "3")
        #expect(cut.json?["events"]?.items?.map { $0["id"]?.text } == ["3"])
        for query in ["", "?after=0", "?after=2", "?after=3"] {
            #expect(try await server.get("/v1/events\(query)").json?["pruned"] == nil)
        }
        let empty = try await server.get("/v1/events?after=1&kind=access.granted&wait=60s")
        #expect(empty.json?.compact == #"{"events":[],"next":"3","pruned":true}"#, "told once, and at once")
    }

    @Test func lateStreamReportsPrunedEventsFirst() async throws {
        let server = try await Self.server()
        server.parts.commitSignal.close()
        var request = TestRequest(.get, "/v1/events/stream")
        request.headers[.lastEventID] = "1"
        let text = try await server.send(request).text
        #expect(text.contains("event: pruned\ndata: {\"after\":\"1\"}\n\n"))
        #expect(try await !server.get("/v1/events/stream?after=2").text.contains("pruned"))
    }

    @Test func prunedRecordsAreCounted() async throws {
        let server = try await TestServer()
        try await server.subscribe("ours")
        let now = server.parts.clock.now
        for (number, ages) in [(1, [20, 20, 0]), (2, [0, 0, 0])] as [(Int, [Int])] {
            let event = server.event(number, received: now - Self.day * ages[0])
            let delivery = try #require(try await server.keep(event, owedTo: ["ours"]).first)
            let attempts = ages.enumerated().map { place, age in
                server.attempt(place + 1, answered: place < 2 ? 503 : 200, at: now - Self.day * age)
            }
            try await server.settle(delivery, of: "ours", .delivered, after: attempts)
        }
        try await Self.prune(.attempts, in: server)
        let cut = try await server.get("/v1/deliveries/1-1").json
        #expect(cut?["attemptCount"] == 3 && cut?["attemptsPruned"] == 2 && cut?["attempts"]?.items?.count == 1)
        #expect(try await server.get("/v1/deliveries/2-1").json?["attemptsPruned"] == nil)
    }

    @Test func possiblyPrunedHeadIsNotConfirmed() async throws {
        let clock = ManualClock()
        let server = try await TestServer(clock: clock)
        for name in ["A", "B"] {
            _ = try await server.send(TestRequest(.patch, "/v1/organizations/acme", json: ["name": .string(name)]))
        }
        clock.advance(by: Self.day * 400)
        try await Self.prune(.audit, in: server)
        let head = try #require(try await server.get("/v1/audit/proof").json?["head"]?.text)
        let proof = try await server.get("/v1/audit/proof?known=\(head)").json
        #expect(proof?["known"] == true && proof?["intact"] == true && proof?["prunedUpTo"] == 2)
        let other = try await server.get("/v1/audit/proof?known=\(String(repeating: "0", count: 64))").json
        #expect(other?["known"] == JSON.null && other?["intact"] == false && other?["broken"] == JSON.null)
    }

    @Test func readinessReportsAFillingDisk() async throws {
        let server = try await TestServer()
        #expect(try await server.get("/readyz", nil).text == "ready\n")
        server.parts.isDiskFilling.update { $0 = true }
        let answer = try await server.get("/readyz", nil)
        #expect(answer.status == 200)
        #expect(answer.text == "ready\nwarning: the disk of the store is filling up\n")
    }
}
