import Foundation
import GatehouseCore
import Testing

/// The story that the README tells a new user, with the real binary and the real curl.
@Suite(.serialized) struct CurlStoryTests {
    @Test func anEventArrivesSigned() async throws {
        try await withGateway { gateway, receiver in
            let building = try await Building.make(at: gateway, for: receiver)
            let answer = try await building.source.post("/v1/events", Building.event("e1"))
            #expect(answer.status == 202)
            #expect(answer.body["events"]?.items?.first?["deliveries"] == 1)
            try await eventually("the event arrives, verified") { receiver.sourceIDs["e1"] == 1 }
            try await eventually("its delivery is recorded") {
                let list = try await building.curl.get("/v1/deliveries?state=delivered")
                return list.body["items"]?.items?.count == 1
            }
            #expect(receiver.bad == 0)
            #expect(await gateway.stop() == 0)
        }
    }

    @Test func tenEventsSurviveAStoppedReceiverAndAKilledGateway() async throws {
        try await withGateway { gateway, receiver in
            var building = try await Building.make(
                at: gateway, for: receiver, terms: #","retries":[1,1,1,1,1,1,1,1,1,1]"#)
            await receiver.stop()
            for number in 1...10 {
                let answer = try await building.source.post("/v1/events", Building.event("k\(number)"))
                #expect(answer.status == 202)
            }
            await gateway.kill()
            try await gateway.start()
            building = building.moved(to: gateway)
            try await receiver.start()
            try await eventually("the ten arrive") {
                Set(receiver.sourceIDs.keys) == Set((1...10).map { "k\($0)" })
            }
            #expect(receiver.bad == 0)
        }
    }

    @Test func theSameEventTwiceIsDeliveredOnce() async throws {
        try await withGateway { gateway, receiver in
            let building = try await Building.make(at: gateway, for: receiver)
            let first = try await building.source.post("/v1/events", Building.event("once"))
            let second = try await building.source.post("/v1/events", Building.event("once"))
            #expect(second.status == 202)
            #expect(second.body["events"]?.items?.first?["duplicate"] == true)
            #expect(second.body["events"]?.items?.first?["event"] == first.body["events"]?.items?.first?["event"])
            let changed = Building.event("once").replacing("08:15:30", with: "08:15:31")
            #expect(try await building.source.post("/v1/events", changed).status == 409)
            try await building.source.post("/v1/events", Building.event("after"))
            try await eventually("what was sent after it arrives") { receiver.sourceIDs["after"] == 1 }
            #expect(receiver.sourceIDs["once"] == 1)
        }
    }

    @Test func aReceiverThatIsGoneIsNotDialledUntilResumed() async throws {
        try await withGateway { gateway, receiver in
            let building = try await Building.make(at: gateway, for: receiver)
            receiver.answer(410)
            try await building.source.post("/v1/events", Building.event("g1"))
            let path = "/v1/subscriptions/\(building.subscription)"
            try await eventually("the subscription is disabled") {
                try await building.curl.get(path).text.contains("disabled")
            }
            try await building.source.post("/v1/events", Building.event("g2"))
            receiver.answer(204)
            #expect(receiver.sourceIDs.isEmpty)
            #expect(try await building.curl.post(path + "/resume", "").status == 200)
            try await eventually("both arrive after the resume") { Set(receiver.sourceIDs.keys) == ["g1", "g2"] }
        }
    }

    @Test func aPausedSubscriptionIsOwedAndHeld() async throws {
        try await withGateway { gateway, receiver in
            let building = try await Building.make(at: gateway, for: receiver)
            let path = "/v1/subscriptions/\(building.subscription)"
            #expect(try await building.curl.post(path + "/pause", "").status == 200)
            try await building.source.post("/v1/events", Building.event("p1"))
            let waiting = try await building.curl.get("/v1/deliveries?state=waiting")
            #expect(waiting.body["items"]?.items?.count == 1)
            #expect(try await building.curl.get("/metrics").text.contains("gatehouse_oldest_undelivered"))
            #expect(receiver.verified.isEmpty)
            try await building.curl.post(path + "/resume", "")
            try await eventually("it arrives after the resume") { receiver.sourceIDs["p1"] == 1 }
        }
    }

    @Test func aDeletedSubscriptionGetsNothingMore() async throws {
        try await withGateway { gateway, receiver in
            let building = try await Building.make(at: gateway, for: receiver)
            let path = "/v1/subscriptions/\(building.subscription)"
            try await building.curl.post(path + "/pause", "")
            try await building.source.post("/v1/events", Building.event("d1"))
            #expect(try await building.curl.delete(path).status == 204)
            #expect(try await building.curl.get(path).status == 404)
            let cancelled = try await building.curl.get("/v1/deliveries?state=cancelled")
            #expect(cancelled.body["items"]?.items?.count == 1)
            let answer = try await building.source.post("/v1/events", Building.event("d2"))
            #expect(answer.body["events"]?.items?.first?["deliveries"] == 0)
        }
    }

    @Test func aSecondGatewayOnTheSameFileIsRefused() async throws {
        try await withGateway { gateway, _ in
            let store = "sqlite:\(gateway.folder.path)/gatehouse.db"
            let path = GatewayProcess.built("gatehouse").path
            let (code, output) = try await run(path, ["serve", "--port", "0", "--store", store])
            #expect(code != 0)
            #expect(output.contains("gatehouse.db"))
        }
    }
}

/// Runs a test with a gateway and a receiver, both removed afterwards.
func withGateway(_ test: (GatewayProcess, Receiver) async throws -> Void) async throws {
    let gateway = try GatewayProcess()
    let receiver = Receiver()
    do {
        try await receiver.start()
        try await gateway.start()
        try await test(gateway, receiver)
    } catch {
        Issue.record("\(error)\n\(gateway.output("err").suffix(2_000))")
    }
    await receiver.stop()
    await gateway.remove()
}
