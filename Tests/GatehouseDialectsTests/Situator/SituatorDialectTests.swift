internal import GatehouseCore
internal import GatehouseTesting
internal import HTTPTypes
import Testing

@testable internal import DialectFixtures
@testable internal import GatehouseDialects

/// Situator's requests: the place of the token, the owed events, the terms of a subscription, golden files.
@Suite struct SituatorDialectTests {
    private let spoken = Spoken(dialect: SituatorDialect())
    private static let token = "6R7zvBFrjAheqw5L"

    private func subscription(_ settings: JSON, _ more: JSONObject = [:]) throws -> Subscription {
        var fields = more
        fields["settings"] = settings
        if fields["secret"] == nil { fields["secret"] = .string(Self.token) }
        return try spoken.subscription(fields)
    }

    // MARK: Owed events

    @Test(
        arguments: [
            (["doors": [["serverId": 7, "doorId": 3]]], true), (["doors": [["door": "lobby"]]], true),
            (["doors": [["serverId": 8, "doorId": 3], ["serverId": 7, "doorId": 3]]], true), ([:], false),
            (["doors": []], false), (["doors": [["serverId": 7, "doorId": 4]]], false),
            (["doors": [["serverId": 3, "doorId": 7]]], false), (["doors": [["door": "dock"]]], false),
            (["doors": [["serverId": 7, "doorId": 3, "door": "dock"]]], false),
        ] as [(JSON, Bool)])
    func accessIsSentToWebhooksThatRegisteredItsDoor(_ settings: JSON, _ isOwed: Bool) throws {
        let subscription = try subscription(settings)
        for kind in [Kind.accessGranted, .accessDenied, .accessUnrecognized, .accessDuress, .doorExitRequested] {
            let names = spoken.dialect.names(of: Canary.event(kind), for: subscription).map(\.text)
            #expect(names == (isOwed ? ["access"] : []), "\(kind)")
        }
    }

    @Test func occurrenceIsSentToWebhooksThatRegisteredItsEvent() throws {
        for registered in SituatorOccurrence.all {
            let subscription = try subscription(["events": [.integer(registered.id)]])
            for occurrence in SituatorOccurrence.all {
                let names = spoken.dialect.names(of: Canary.event(occurrence.kind), for: subscription).map(\.text)
                #expect(names == (occurrence.id == registered.id ? ["occurrence"] : []), "\(occurrence.name)")
            }
        }
        let none = try subscription([:])
        #expect(spoken.dialect.names(of: Canary.event(.panicRaised), for: none).isEmpty)
    }

    @Test func everyOtherTypeIsSentToEveryWebhook() throws {
        let none = try subscription([:])
        var owed = 0
        for row in SituatorEvents.table.rows where row.type.registration == .none {
            owed += 1
            #expect(spoken.dialect.names(of: Canary.event(row.kind), for: none).map(\.text) == [row.type.name])
        }
        #expect(owed == 18)
    }

    @Test func panelWithoutANumberHasItsIDsOrTheStoresNumber() throws {
        let registered = try subscription(["doors": [["serverId": 1_070_000, "doorId": 3]]])
        var parts = Event.Parts(
            id: EventID(high: 1, low: 1), kind: .accessGranted, organization: Building.organization,
            received: Building.now)
        parts.data = ["panel": "1070000", "door": "lobby"]
        parts.labels.doorNumber = 3
        #expect(spoken.dialect.names(of: Event(parts), for: registered).count == 1)
        parts.data["panel"] = "north"
        #expect(spoken.dialect.names(of: Event(parts), for: registered).isEmpty)
        parts.labels.numbers[.panel] = 1_070_000
        #expect(spoken.dialect.names(of: Event(parts), for: registered).count == 1)
    }

    // MARK: The request

    @Test func tokenOfABareBodyIsInAuthorization() throws {
        let request = spoken.prepare(SituatorPayloadTests.full(.personCreated), for: try subscription([:]))
        #expect(request.headers[.authorization] == "Bearer 6R7zvBFrjAheqw5L")
        #expect(request.headers[.contentType] == "application/json")
        #expect(request.method == .post)
        let body = String(decoding: request.body, as: UTF8.self)
        #expect(
            body == """
                {"type":"person","dateTime":"2026-03-11T05:15:30.2500-03:00","subtype":1,"accountId":1000,"personId":31}
                """)
    }

    @Test func tokenOfAnEnvelopeIsInTheEnvelope() throws {
        let event = SituatorPayloadTests.full(.personCreated)
        let bare = spoken.prepare(event, for: try subscription(["payload": "bare"]))
        let request = spoken.prepare(event, for: try subscription(["payload": "envelope"]))
        #expect(request.headers[.authorization] == nil)
        let body = String(decoding: request.body, as: UTF8.self)
        let inner = String(decoding: bare.body, as: UTF8.self)
        #expect(body == #"{"name":"Under test","token":"6R7zvBFrjAheqw5L","events":[\#(inner)]}"#)
    }

    @Test func vendorsPromiseIsOneTryAndABufferOfAHundred() throws {
        let vendors = spoken.dialect.retries(for: try spoken.terms(["promise": "vendor"]))
        #expect(vendors.delays.isEmpty && vendors.urgentDelays.isEmpty)
        #expect(vendors.buffer == 100 && !vendors.goneDisables)
        for terms in [try spoken.terms(), try spoken.terms(["promise": "durable"])] {
            let durable = spoken.dialect.retries(for: terms)
            #expect(durable.delays == RetryPromise.standard.delays)
            #expect(durable.buffer == nil && !durable.goneDisables)
        }
        #expect(try spoken.terms().timeout == .seconds(30))
        #expect(try spoken.terms().privacyLevel == .everything)
    }

    // MARK: The terms of a subscription

    @Test(
        arguments: [
            (["secret": ""], "secret"), (["secret": "two words "], "secret"), (["secret": "ção"], "secret"),
            (["secret": .string(String(repeating: "t", count: 4097))], "secret"),
            (["authentication": ["type": "bearer", "token": "t"]], "authentication.type"),
            (["settings": ["doors": "all"]], "settings.doors"), (["settings": ["doors": [5]]], "settings.doors"),
            (["settings": ["doors": [["serverId": 1]]]], "settings.doors"),
            (["settings": ["doors": [["serverId": 1, "doorId": "1"]]]], "settings.doors"),
            (["settings": ["doors": [["serverId": 1, "doorId": 1, "zone": 1]]]], "settings.doors"),
            (["settings": ["events": 11]], "settings.events"), (["settings": ["events": ["11"]]], "settings.events"),
            (["settings": ["events": [10]]], "settings.events"),
            (["settings": ["payload": "batch"]], "settings.payload"),
            (["settings": ["description": 5]], "settings.description"), (["settings": ["topic": 5]], "settings.topic"),
        ] as [(JSONObject, String)])
    func brokenRuleOfTheTermsIsNamed(_ change: JSONObject, _ field: String) {
        do {
            _ = try spoken.terms(change)
            Issue.record("it was taken")
        } catch let faults as ValidationErrors {
            #expect(faults.faults.map(\.field) == [field])
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test(arguments: ["t", String(repeating: "t", count: 4096), "WEBHOOK SECRET", "!#$%&'()*+,-./:;<=>?@[]^_`{|}~"])
    func tokenIsPrintableASCII(_ token: String) throws {
        #expect(try spoken.terms(["secret": .string(token)]).secret?.revealed == token)
    }

    // MARK: Golden files

    private static let examples: [(name: String, kind: Kind)] = [
        ("access-granted", .accessGranted), ("access-unrecognized", .accessUnrecognized),
        ("occurrence-panic", .panicRaised), ("person-created", .personCreated),
        ("person-access", .personAccessChanged), ("server-resource", .serverResourceChanged),
    ]

    @Test(arguments: PrivacyLevel.allCases)
    func bodyEqualsTheGoldenFile(_ level: PrivacyLevel) throws {
        let golden = Golden("../Golden/Situator")
        for (name, kind) in Self.examples {
            let object = try #require(SituatorPayload.object(of: SituatorPayloadTests.full(kind), at: level))
            let file = "\(name).level-\(level.rawValue).json"
            #expect(try golden.difference(JSON.object(object).compact, from: file) == nil)
        }
    }

    @Test(arguments: ["bare", "envelope"])
    func requestEqualsTheGoldenFile(_ payload: String) throws {
        let subscription = try subscription(["payload": .string(payload)])
        let request = spoken.prepare(SituatorPayloadTests.full(.accessGranted), for: subscription)
        let golden = Golden("../Golden/Situator")
        #expect(try golden.difference(request.written, from: "access-granted.\(payload).http") == nil)
    }
}
