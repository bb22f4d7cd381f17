internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseTesting
internal import HTTPTypes
import Testing

@testable internal import DialectFixtures

/// Our own dialect: the CloudEvent itself, signed by Standard Webhooks.
@Suite struct StandardDialectTests {
    private let spoken = Spoken(dialect: StandardDialect())
    private let golden = Golden("../Golden/Standard")

    @Test func standardIsFirstInTheRegistry() {
        #expect(Dialects.all.first?.name == DialectName("standard"))
    }

    @Test func defaultsAreThoseOfTheManual() {
        let defaults = spoken.dialect.defaults
        #expect(defaults.privacyLevel == .noCredentials)
        #expect(defaults.timeout == .seconds(10))
        #expect(defaults.retries == .standard)
        #expect(defaults.makesSecret)
    }

    @Test func everyKindIsSentUnderItsOwnName() throws {
        let subscription = try spoken.subscription()
        for kind in Kind.allCases {
            #expect(spoken.dialect.names(of: Canary.event(kind), for: subscription) == [VendorName(kind.name)])
        }
    }

    @Test(arguments: PrivacyLevel.allCases)
    func bodyIsTheEventOfTheGoldenFile(_ level: PrivacyLevel) throws {
        let subscription = try spoken.subscription(["privacyLevel": .integer(level.rawValue)])
        for (name, event) in Building.examples {
            let body = String(decoding: spoken.prepare(event, for: subscription).body, as: UTF8.self)
            #expect(try golden.difference(body, from: "\(name).level-\(level.rawValue).json") == nil)
        }
    }

    /// The gateway's events about itself have no class of privacy: they are the same at every level.
    @Test(arguments: PrivacyLevel.allCases)
    func raisedEventsAreAsInTheGoldenFiles(_ level: PrivacyLevel) throws {
        let subscription = try spoken.subscription(["privacyLevel": .integer(level.rawValue)])
        let about: JSON = [
            "id": "subscription_1", "name": "Guards", "dialect": "standard", "reason": "the receiver answered 410",
        ]
        let failing: JSON = [
            "id": "subscription_1", "name": "Guards", "dialect": "standard", "reason": "4 attempts in a row failed",
            "since": "2026-03-11T08:15:00.000Z", "failures": 4, "waiting": 3, "dead": 0, "outcome": "rejected",
            "status": 503,
        ]
        let dead: JSON = [
            "id": "42", "event": "019cdbf7-18d0-7dd7-844c-3cd7f43c661c", "kind": "door.forced", "lane": "urgent",
            "attempts": 16, "outcome": "timed-out", "reason": "exhausted", "count": 1,
        ]
        for (name, kind, data) in [
            ("subscription-disabled", .subscriptionDisabled, ["subscription": about]),
            ("subscription-failing", .subscriptionFailing, ["subscription": failing]),
            ("delivery-dead", .deliveryDead, ["subscription": failing, "delivery": dead]),
            ("gateway-test", .gatewayTest, [:]),
        ] as [(String, Kind, JSONObject)] {
            var random = SeededRandom(seed: 7)
            let event = AdmittedEvent.own(
                kind, of: Building.organization, data: data, in: Building.directory, at: Building.now,
                using: &random
            ).event
            let body = String(decoding: spoken.prepare(event, for: subscription).body, as: UTF8.self)
            #expect(try golden.difference(body, from: "\(name).json") == nil)
        }
    }

    @Test func requestEqualsTheGoldenFiles() throws {
        let subscription = try spoken.subscription(["headers": ["X-Site": "north"]])
        let event = Building.examples[0].event
        for (name, attempt, isReplay) in [("first", 1, false), ("third", 3, false), ("replay", 1, true)] {
            let request = spoken.prepare(event, for: subscription, attempt: attempt, isReplay: isReplay)
            #expect(try golden.difference(request.written, from: "access-granted.\(name).http") == nil)
        }
    }

    @Test func requestWithoutExtraHeadersIsPlainStandardWebhooks() throws {
        let subscription = try spoken.subscription(["extraHeaders": false])
        let names = spoken.prepare(Building.examples[0].event, for: subscription, isReplay: true).headers.map(
            \.name.rawName)
        #expect(
            names.map { $0.lowercased() } == [
                "content-type", "user-agent", "webhook-id", "webhook-timestamp", "webhook-signature",
            ])
    }

    @Test func bodyIsTheEventOfTheNativeAPI() throws {
        let event = Building.examples[0].event
        let body = try JSONParser.parse(
            spoken.prepare(event, for: try spoken.subscription(["privacyLevel": 0])).body)
        #expect(body == event.cloudEvent(at: .everything))
        #expect(body["gatehouseid"]?.text == event.id.description)
        #expect(body["id"]?.text == event.sourceID)
    }

    @Test func reportersOwnAttributesAreCarriedAndReadBack() throws {
        let own: JSONObject = ["subject": "doors/lobby", "site": "pavilion", "deck": 3, "usercard": "4711"]
        var parts = Building.examples[0].event.parts
        parts.attributes = own
        for (level, names) in [
            (0, ["subject", "site", "deck", "usercard"]), (1, ["subject", "site", "deck"]), (2, []),
        ] {
            let subscription = try spoken.subscription(["privacyLevel": .integer(level)])
            let body = spoken.prepare(Event(parts), for: subscription).body
            let parsed = try spoken.dialect.parse(body)
            #expect(parsed.attributes.members.map(\.key) == names, "level \(level)")
            #expect(parsed.attributes.members.allSatisfy { own[$0.key] == $0.value })
            #expect(try JSONParser.parse(body).object?.members.last?.key == "data")
        }
        for other in Spoken.all where other.dialect.name != spoken.dialect.name {
            let body = other.prepare(Event(parts), for: try other.subscription(["privacyLevel": 0])).body
            #expect(!String(decoding: body, as: UTF8.self).contains("pavilion"), "\(other)")
        }
    }

    @Test func writtenBodyIsReadBack() throws {
        let subscription = try spoken.subscription(["privacyLevel": 0])
        for kind in Kind.allCases {
            let event = Canary.event(kind)
            let parsed = try spoken.dialect.parse(spoken.prepare(event, for: subscription).body)
            #expect(parsed.kind == kind)
            #expect(parsed.sourceID == event.sourceID)
            #expect(parsed.time?.time == event.time)
            #expect(parsed.data == event.data)
            #expect(parsed.labels == Event.Labels())
        }
    }

    @Test func faultInAnAttributeIsNamed() {
        for (field, value, code): (String, JSON, ValidationError.Code) in [
            ("type", 5, .wrongType), ("type", "door.forsed", .unknownKind), ("id", 5, .wrongType),
            ("time", "yesterday", .wrongType), ("time", 5, .wrongType), ("data", "none", .wrongType),
        ] {
            var object: JSONObject = ["type": "door.forced", "id": "1"]
            object[field] = value
            #expect {
                try spoken.dialect.parse(JSON.object(object).bytes)
            } throws: { error in
                (error as? ValidationError)?.field == field && (error as? ValidationError)?.code == code
            }
        }
    }
}
