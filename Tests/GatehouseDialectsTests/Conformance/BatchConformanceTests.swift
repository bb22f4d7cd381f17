internal import GatehouseCore
internal import GatehouseTesting
internal import GatehouseVerification
internal import HTTPTypes
import Testing

@testable internal import DialectFixtures

/// The additional duties of a dialect whose requests carry several deliveries.
@Suite struct BatchConformanceTests {
    /// One event of each kind that the dialect has a name for.
    private func events(_ spoken: Spoken) -> [Event] {
        spoken.dialect.vocabulary.sayable.kinds.map { Canary.event($0) }
    }

    private func subscription(_ spoken: Spoken, _ more: JSONObject = [:]) throws -> Subscription {
        var fields = more
        fields["settings"] = .object(try #require(spoken.settingsWithBatches))
        return try spoken.subscription(fields)
    }

    private func batching(_ spoken: Spoken, _ subscription: Subscription) throws -> Batching {
        try #require(spoken.dialect.batching(for: subscription.terms))
    }

    private func parcels(
        _ events: [Event], for subscription: Subscription, attempt: Int = 1, isReplay: Bool = false
    ) -> [Parcel] {
        events.map { Parcel(event: $0, subscription: subscription, attempt: attempt, isReplay: isReplay) }
    }

    @Test(arguments: Spoken.all)
    func deliveriesAreBatchedOnlyOnRequest(_ spoken: Spoken) throws {
        #expect(spoken.dialect.batching(for: try spoken.terms()) == nil)
        guard spoken.settingsWithBatches != nil else { return }
        #expect(try batching(spoken, subscription(spoken)).most > 1)
    }

    @Test(arguments: Spoken.batching)
    func singleDeliveryIsWrittenAsUsual(_ spoken: Spoken) throws {
        let subscription = try subscription(spoken)
        let batching = try batching(spoken, subscription)
        for event in events(spoken) {
            for isReplay in [false, true] {
                let alone = batching.prepare(parcels([event], for: subscription, isReplay: isReplay), Building.now)
                let ever = spoken.prepare(event, for: subscription, isReplay: isReplay)
                #expect(alone.body == ever.body && alone.headers == ever.headers && alone.url == ever.url)
                #expect(alone.method == ever.method)
            }
        }
    }

    @Test(arguments: Spoken.batching)
    func eventsAreReadBackInTheirOrder(_ spoken: Spoken) throws {
        let subscription = try subscription(spoken)
        let batching = try batching(spoken, subscription)
        var random = SeededRandom(seed: 11)
        for _ in 0..<20 {
            let events = events(spoken).shuffled(using: &random)
            let request = batching.prepare(parcels(events, for: subscription), Building.now)
            let read = try spoken.dialect.parseAll(request.body, with: request.headers)
            let apart = try events.map { event in
                let alone = spoken.prepare(event, for: subscription)
                return try spoken.dialect.parse(alone.body, with: alone.headers)
            }
            #expect(read == apart)
        }
    }

    @Test(arguments: Spoken.batching)
    func sameEventsGiveEqualBytesOnEveryRetry(_ spoken: Spoken) throws {
        let subscription = try subscription(spoken)
        let batching = try batching(spoken, subscription)
        let first = batching.prepare(parcels(events(spoken), for: subscription), Building.now)
        for attempt in 2...4 {
            let parcels = parcels(events(spoken), for: subscription, attempt: attempt)
            #expect(batching.prepare(parcels, Building.now + .seconds(60 * attempt)).body == first.body)
        }
    }

    @Test(arguments: Spoken.batching, PrivacyLevel.allCases)
    func nothingAboveTheLevelIsSent(_ spoken: Spoken, _ level: PrivacyLevel) throws {
        let subscription = try subscription(spoken, ["privacyLevel": .integer(level.rawValue)])
        let request = try batching(spoken, subscription)
            .prepare(parcels(events(spoken), for: subscription), Building.now)
        let fields = request.headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
        let sent = String(decoding: request.body, as: UTF8.self) + fields
        for canary in Canary.banned(at: level) { #expect(!sent.contains(canary), "\(canary) at \(level)") }
        #expect(sent.contains(Canary.credential) == (level == .everything))
    }

    @Test(arguments: Spoken.batching)
    func verifierGivesTheNamesInTheirOrder(_ spoken: Spoken) throws {
        let scheme = try #require(VerificationDialect(rawValue: spoken.dialect.name.text))
        var random = SystemRandomNumberGenerator()
        let secret = spoken.dialect.makeSecret(using: &random)
        let named = try subscription(spoken, ["secret": .string(secret.revealed)])
        let parcels = parcels(events(spoken), for: named)
        let request = try batching(spoken, named).prepare(parcels, Building.now)
        let received = ReceivedRequest(
            headers: request.headers.map { ($0.name.rawName, $0.value) }, body: request.body)
        let verified = try Verifier(scheme, secret: secret.revealed).verify(received, now: Building.now.seconds)
        #expect(verified.ids == parcels.map(\.event.id.description))
        #expect(verified.id == nil, "there are several")
        let other = spoken.dialect.makeSecret(using: &random)
        #expect(try spoken.accepts(request, secret: other, at: Building.now) == false)
        let names = request.headers.map(\.name.canonicalName)
        #expect(Set(names).count == names.count)
    }

    @Test(arguments: Spoken.batching)
    func requestIsAReplayIfAllItsDeliveriesAre(_ spoken: Spoken) throws {
        let subscription = try subscription(spoken)
        let batching = try batching(spoken, subscription)
        let events = Array(events(spoken).prefix(2))
        for (replays, expected): ([Bool], String?) in [
            ([false, false], nil), ([true, false], nil), ([true, true], "true"),
        ] {
            let parcels = zip(events, replays).map { event, isReplay in
                Parcel(event: event, subscription: subscription, attempt: 1, isReplay: isReplay)
            }
            let headers = batching.prepare(parcels, Building.now).headers
            #expect(try headers[#require(HTTPField.Name("gatehouse-replay"))] == expected)
        }
        let silent = try self.subscription(spoken, ["extraHeaders": false])
        let headers = batching.prepare(parcels(events, for: silent, isReplay: true), Building.now).headers
        #expect(headers.allSatisfy { !$0.name.canonicalName.hasPrefix("gatehouse-") })
    }
}
