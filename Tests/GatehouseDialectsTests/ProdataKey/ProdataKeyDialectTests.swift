internal import GatehouseCore
internal import GatehouseTesting
internal import HTTPTypes
import Testing

@testable internal import DialectFixtures
@testable internal import GatehouseDialects

/// ProdataKey's requests: the signature with its vector, the header fields, the choice of topics, golden files.
@Suite struct ProdataKeyDialectTests {
    private let spoken = Spoken(dialect: ProdataKeyDialect())

    private func field(_ name: String, of request: PreparedRequest) -> String? {
        HTTPField.Name(name).flatMap { request.headers[$0] }
    }

    @Test func signatureEqualsTheVector() throws {
        let secret = "vvHkDbPeIespEKDprlvzlstDPPhLJnxG"
        let example = try ProdataKeyExamples.body(of: "door.request.allowed").bytes
        let event = try spoken.dialect.parse(example).admitted()
        let request = spoken.prepare(event, for: try spoken.subscription(["secret": .string(secret)]))
        #expect(request.body == example)
        #expect(field("X-PDK-SIGNATURE", of: request) == "33dfb7b0de2fda358ae797bfc65141d73baca546")
    }

    @Test func requestWithoutASecretHasNoSignature() throws {
        let request = spoken.prepare(Building.examples[0].event, for: try spoken.subscription(["secret": nil]))
        #expect(field("X-PDK-SIGNATURE", of: request) == nil)
        #expect(request.headers[.contentType] == "application/json")
        #expect(request.method == .post)
    }

    @Test func basicAuthenticationIsSent() throws {
        let basic: JSONObject = ["authentication": ["type": "basic", "user": "Aladdin", "password": "open sesame"]]
        let request = spoken.prepare(Building.examples[0].event, for: try spoken.subscription(basic))
        #expect(request.headers[.authorization] == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
    }

    @Test func topicIsSentOnlyToSubscriptionsThatAskForIt() throws {
        let subscription = try spoken.subscription(["settings": ["events": ["door.alarm.forced", "panel.connected"]]])
        for kind in Kind.allCases {
            let names = spoken.dialect.names(of: Canary.event(kind), for: subscription).map(\.text)
            switch kind {
            case .doorForced: #expect(names == ["door.alarm.forced"])
            case .panelConnected: #expect(names == ["panel.connected"])
            default: #expect(names.isEmpty, "\(kind)")
            }
        }
    }

    @Test func chosenIDHasAnIDInTheContractsForm() throws {
        var random = SeededRandom(seed: 1)
        let made = spoken.dialect.makeID(using: &random)
        #expect(made.text.utf8.count == 24 && Hex.bytes(made.text) != nil)
        let ids = ["s1", "s2", made.text, "644ff46419a2920001769732"].map { id in
            let identity = Subscription.Identity(
                id: SubscriptionID(id), organization: Building.organization, created: Building.now)
            return (id, identity)
        }
        for (id, identity) in ids {
            let subscription = Subscription(
                identity, terms: try spoken.terms(), hold: .none, revision: 1, sayable: KindSet([]))
            let shown = ProdataKeyHook.id(of: subscription)
            #expect(shown.utf8.count == 24 && Hex.bytes(shown) != nil)
            #expect((shown == id) == (id.utf8.count == 24))
        }
    }

    @Test func expiredWebhookIsShownInactiveAndStays() throws {
        let end = Building.now + .seconds(60)
        let subscription = try spoken.subscription(["expiresAt": .string(RFC3339.text(end))])
        for (now, active): (Instant, JSON) in [(Building.now, true), (end - .seconds(1), true), (end, false)] {
            let shown = ProdataKeyHook.fields.object(ShownSubscription(subscription: subscription, now: now))
            #expect(shown["active"] == active)
            #expect(shown["expiresAt"] == .string(RFC3339.text(end)))
        }
    }

    @Test(arguments: PrivacyLevel.allCases)
    func bodyEqualsTheGoldenFile(_ level: PrivacyLevel) throws {
        let golden = Golden("../Golden/ProdataKey")
        for (name, event) in Building.examples {
            let body = String(decoding: ProdataKeyPayload.body(of: event, at: level), as: UTF8.self)
            #expect(try golden.difference(body, from: "\(name).level-\(level.rawValue).json") == nil)
        }
    }

    @Test func requestEqualsTheGoldenFile() throws {
        let subscription = try spoken.subscription(["secret": "vvHkDbPeIespEKDprlvzlstDPPhLJnxG"])
        let request = spoken.prepare(Building.examples[0].event, for: subscription)
        #expect(try Golden("../Golden/ProdataKey").difference(request.written, from: "access-granted.http") == nil)
    }
}
