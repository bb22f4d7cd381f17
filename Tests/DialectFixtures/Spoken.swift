internal import GatehouseCore
internal import GatehouseTesting
internal import GatehouseVerification
internal import HTTPTypes
import Testing

@testable internal import GatehouseDialects

/// A dialect under test, with everything that its tests need.
struct Spoken: Sendable, CustomTestStringConvertible {
    let dialect: any Dialect

    /// Every dialect of the product, and the invented vendor, which needs only this line.
    static let all: [Spoken] = (Dialects.all + [MadeUpDialect()]).map { Spoken(dialect: $0) }

    var testDescription: String { dialect.name.text }

    /// The settings that a contract requires; here for a building's events, not those of its tree.
    private static let settings: [String: JSONObject] = [
        "prodatakey": [
            "events": .array(
                ProdataKeyDialect().vocabulary.entries.compactMap { kind, entry in
                    guard case .named(let names) = entry, !Catalogue.row(of: kind).blocks.contains(.user) else {
                        return nil
                    }
                    return names.first?.text
                }.sorted().map { .string($0) })
        ],
        "situator": [
            "doors": [["serverId": 7, "doorId": 3]],
            "events": .array(SituatorOccurrence.all.map { .integer($0.id) }),
        ],
        "oneupvision": [
            "events": .array(
                Set(
                    OneUpVisionDialect().vocabulary.entries.values.compactMap { entry -> String? in
                        guard case .named(let names) = entry else { return nil }
                        return names.first?.text
                    }
                ).sorted().map { .string($0) })
        ],
        "basip": [
            "event_types": .array(
                BasIPDialect().vocabulary.entries.values.flatMap { entry -> [String] in
                    guard case .named(let names) = entry else { return [] }
                    return names.map(\.text)
                }.sorted().map { .string($0) }), "max_retries": 5,
        ],
    ]

    /// Whether the contract names the event in a header, and not in the body.
    var namesInHeader: Bool { dialect is OneUpVisionDialect }

    /// Whether the contract signs bodies; a contract with a token proves the sender, and not the contents.
    var signsBodies: Bool { !(dialect is SituatorDialect) }

    /// Whether only the event's own time is signed: everything else may be changed on the way, and a late attempt is
    /// stale.
    var signsTheTimeAlone: Bool { dialect is PlaceOSDialect }

    /// Whether the contract has a field that names a person; a contract with ids alone has none.
    var tellsPersons: Bool { !(dialect is SituatorDialect) }

    /// Whether the body of a passage has a field of class C: a number, a value, an image of a face.
    var passagesTellCredentials: Bool { !(dialect is ProdataKeyDialect) }

    /// Whether the body of a passage has a field that names a person.
    var passagesTellPersons: Bool { !(dialect is ProdataKeyDialect || dialect is SituatorDialect) }

    /// Whether the contract allows a bearer token for the receiver.
    var takesBearer: Bool { !(dialect is ProdataKeyDialect) }

    /// A secret that the contract refuses.
    var weakSecret: String {
        switch dialect {
        case is SituatorDialect: " hunter2"
        case is OneUpVisionDialect: String(repeating: "hunter2", count: 1000)
        default: "hunter2"
        }
    }

    /// The settings with which `Authorization` is the owner's; nil if it always is.
    var settingsWithAuthorization: JSONObject? {
        guard dialect is SituatorDialect else { return nil }
        var settings = settings
        settings["payload"] = "envelope"
        return settings
    }

    /// The settings with which one request carries several deliveries; nil if there are none.
    var settingsWithBatches: JSONObject? { dialect is SituatorDialect ? settingsWithAuthorization : nil }

    /// The dialects whose requests may carry several.
    static var batching: [Spoken] { all.filter { $0.settingsWithBatches != nil } }

    /// The least settings of the dialect.
    var settings: JSONObject { Self.settings[dialect.name.text] ?? [:] }

    /// Terms as the native API creates them from the required fields and the named ones.
    func terms(_ more: JSONObject = JSONObject()) throws -> Terms {
        var object = JSONObject([
            .init("name", "Under test"), .init("dialect", .string(dialect.name.text)),
            .init("url", "https://receiver.example/in"), .init("settings", .object(settings)),
        ])
        for member in more.members { object[member.key] = member.value }
        var random = SeededRandom(seed: 7)
        return try Terms.make(from: object, in: Building.terms(in: Spoken.all.map(\.dialect)))
            .withSecret(of: dialect, using: &random)
    }

    func subscription(_ more: JSONObject = JSONObject()) throws -> Subscription {
        subscription(on: try terms(more))
    }

    func subscription(on terms: Terms) -> Subscription {
        let identity = Subscription.Identity(
            id: SubscriptionID("s1"), organization: Building.organization, created: Building.now)
        return Subscription(identity, terms: terms, hold: .none, revision: 1, sayable: dialect.vocabulary.sayable)
    }

    func prepare(_ event: Event, for subscription: Subscription, attempt: Int = 1, isReplay: Bool = false)
        -> PreparedRequest
    {
        let parcel = Parcel(event: event, subscription: subscription, attempt: attempt, isReplay: isReplay)
        return dialect.prepare(parcel, at: Building.now + .seconds(60 * attempt))
    }

    /// Whether a receiver with the secret would accept the request; nil if the test has no verifier for it.
    func accepts(_ request: PreparedRequest, secret: Secret, at now: Instant) throws -> Bool? {
        let received = ReceivedRequest(
            headers: request.headers.map { ($0.name.rawName, $0.value) }, body: request.body)
        if let scheme = VerificationDialect(rawValue: dialect.name.text) {
            let verifier = try Verifier(scheme, secret: secret.revealed)
            return (try? verifier.verify(received, now: now.seconds)) != nil
        }
        return dialect is MadeUpDialect ? MadeUpReceiver.accepts(received, secret: secret) : nil
    }
}
