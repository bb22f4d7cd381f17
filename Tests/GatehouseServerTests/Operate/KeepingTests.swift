import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// What callers are told of what is kept no longer.
@Suite struct KeepingTests {
    /// Three events of acme, of which the first two were pruned.
    private static func house() async throws -> House {
        let house = try await House()
        house.store.change { state in
            for number in 1...3 {
                var parts = Event.Parts(
                    id: EventID(high: 1, low: UInt64(number)), kind: .doorOpened, organization: OrganizationID("acme"),
                    received: Instant(seconds: 1_773_216_000))
                parts.sourceID = "\(number)"
                state.feed.append(Event(parts))
            }
            state.prunedUpTo = 2
        }
        return house
    }

    @Test func aCursorBehindWhichSomethingIsMissingIsToldSo() async throws {
        let house = try await Self.house()
        let cut = try await house.get("/v1/events?after=1")
        #expect(cut.status == 200 && cut.json?["pruned"] == true && cut.json?["next"] == "3")
        #expect(cut.json?["events"]?.items?.map { $0["id"]?.text } == ["3"])
        for query in ["", "?after=0", "?after=2", "?after=3"] {
            #expect(try await house.get("/v1/events\(query)").json?["pruned"] == nil)
        }
        let empty = try await house.get("/v1/events?after=1&kind=access.granted&wait=60s")
        #expect(empty.json?.compact == #"{"events":[],"next":"3","pruned":true}"#, "told once, and at once")
    }

    @Test func aStreamThatIsTakenUpTooLateSaysSoBeforeItGoesOn() async throws {
        let house = try await Self.house()
        house.parts.arrivals.close()
        var request = TestRequest(.get, "/v1/events/stream")
        request.headers[.lastEventID] = "1"
        let text = try await house.send(request).text
        #expect(text.contains("event: pruned\ndata: {\"after\":\"1\"}\n\n"))
        #expect(try await !house.get("/v1/events/stream?after=2").text.contains("pruned"))
    }

    @Test func recordsThatAreKeptNoLongerAreCounted() async throws {
        let house = try await Self.house()
        house.store.change { state in
            let owing = (event: EventID(high: 1, low: 3), subscription: SubscriptionID("s"))
            for (number, kept) in [(1, 1), (2, 3)] as [(Int64, Int)] {
                let delivery = Delivery(
                    id: DeliveryID(number), owing: owing, lane: .normal, state: .delivered, attempts: 3,
                    created: house.parts.clock.now, isReplay: false)
                state.deliveries.append((delivery, OrganizationID("acme")))
                state.attempts[DeliveryID(number)] = (4 - kept...3).map { number in
                    Attempt(
                        number: number, started: house.parts.clock.now, duration: .seconds(1),
                        outcome: .answered(.init(status: 200)), headers: [:])
                }
            }
        }
        let cut = try await house.get("/v1/deliveries/1").json
        #expect(cut?["attemptCount"] == 3 && cut?["attemptsPruned"] == 2 && cut?["attempts"]?.items?.count == 1)
        #expect(try await house.get("/v1/deliveries/2").json?["attemptsPruned"] == nil)
    }

    @Test func aHeadThatMayHaveBeenPrunedIsNotConfirmed() async throws {
        let house = try await Self.house()
        let head = String(repeating: "07", count: 32)
        let proof = try await house.get("/v1/audit/proof?known=\(head)").json
        #expect(proof?["known"] == true && proof?["intact"] == true && proof?["prunedUpTo"] == 2)
        let other = try await house.get("/v1/audit/proof?known=\(String(repeating: "0", count: 64))").json
        #expect(other?["known"] == JSON.null && other?["intact"] == false && other?["broken"] == JSON.null)
    }

    @Test func readinessTellsOfADiskThatFillsUp() async throws {
        let house = try await House()
        #expect(try await house.get("/readyz", nil).text == "ready\n")
        house.parts.isDiskFilling.update { $0 = true }
        let answer = try await house.get("/readyz", nil)
        #expect(answer.status == 200)
        #expect(answer.text == "ready\nwarning: the disk of the store is filling up\n")
    }
}
