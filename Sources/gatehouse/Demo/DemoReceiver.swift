import FoundationEssentials
import GatehouseCore
import GatehouseDialects
import GatehouseVerification

/// One receiver of the demo. It uses one dialect, and knows how that dialect's body names the event.
struct DemoReceiver: Sendable {
    /// The dialect of its subscription.
    let dialect: any Dialect
    /// How its deliveries are verified.
    let verification: VerificationDialect
    /// How old a delivery may be, if its contract has a time.
    var tolerance = Duration.seconds(300)
    /// Whether it uses TLS, with a self-signed certificate.
    var speaksTLS = false
    /// The secret of its subscription; nil if the gateway makes one.
    var secret: Secret?
    /// The kinds that its subscription asks for.
    let kinds: KindSet
    /// The dialect's own settings that its subscription has.
    var settings = JSONObject()
    /// The event that a verified body reports.
    let told: @Sendable (VerifiedEvent) -> Scoreboard.EventName?
    /// How the receiver's body will name a sent event, given the gateway's answer to it.
    let expected: @Sendable (_ event: JSON, _ receipt: JSON) -> Scoreboard.EventName?

    /// Its name in the table.
    var title: String { dialect.name.text }

    /// One row for each dialect.
    static let all = [standard, situator, placeos, prodatakey, oneupvision, basip]

    private static let standard: DemoReceiver = {
        let dialect = StandardDialect()
        return DemoReceiver(
            dialect: dialect, verification: .standard, kinds: dialect.vocabulary.sayable,
            told: { (try? JSONParser.parse($0.body)).flatMap(Scoreboard.EventName.init) },
            expected: { event, _ in Scoreboard.EventName(event) })
    }()

    /// It registers for the building's doors and every occurrence; registrations need no other set-up.
    private static let situator: DemoReceiver = {
        let dialect = SituatorDialect()
        let doors = DemoBuilding.sites.flatMap { site in
            site.doors.map { place -> JSON in
                ["serverId": .integer(site.number), "doorId": .integer(place.number), "door": .string(place.id.text)]
            }
        }
        let known = Set(DemoBuilding.sites.flatMap(\.doors).map(\.id.text))
        return DemoReceiver(
            dialect: dialect, verification: .situator, kinds: dialect.vocabulary.sayable,
            settings: JSONObject([
                .init("doors", .array(doors)), .init("events", .array((11...17).map { .integer($0) })),
            ]),
            told: { event in event.id.map { Scoreboard.EventName(source: "/gatehouse", id: $0) } },
            expected: { event, receipt in
                let kind = event["type"]?.text.flatMap { Kind(named: $0) }
                let isPassage = kind.map { dialect.words(for: $0) == ["access"] } ?? false
                if isPassage, !known.contains(event["data"]?["door"]?.text ?? "") { return nil }
                return receipt["event"]?.text.map { Scoreboard.EventName(source: "/gatehouse", id: $0) }
            })
    }()

    /// The signed time is the time of the event. The seeds' events are years old, so the receiver must not check the
    /// age of deliveries.
    private static let placeos: DemoReceiver = {
        let dialect = PlaceOSDialect()
        var random = SystemRandomNumberGenerator()
        return DemoReceiver(
            dialect: dialect, verification: .placeos, tolerance: .seconds(Int32.max),
            secret: dialect.makeSecret(using: &random), kinds: dialect.vocabulary.sayable,
            settings: JSONObject(["extendedActions": true]),
            told: { event in event.id.map { Scoreboard.EventName(source: "/gatehouse", id: $0) } },
            expected: { _, receipt in
                receipt["event"]?.text.map { Scoreboard.EventName(source: "/gatehouse", id: $0) }
            })
    }()

    /// Its contract takes https alone, and separates the events of a building from those of its tree. Only the
    /// building's events name a user, so the receiver asks for these.
    private static let prodatakey: DemoReceiver = {
        let dialect = ProdataKeyDialect()
        let kinds = dialect.vocabulary.sayable.kinds.filter { !Catalogue.row(of: $0).blocks.contains(.user) }
        let names = kinds.flatMap { dialect.words(for: $0) }
        var random = SystemRandomNumberGenerator()
        return DemoReceiver(
            dialect: dialect, verification: .prodatakey, speaksTLS: true, secret: dialect.makeSecret(using: &random),
            kinds: KindSet(kinds), settings: JSONObject(["events": .array(names.map { .string($0) })]),
            told: { ProdataKeyName.told(by: $0.body) },
            expected: { event, receipt in ProdataKeyName.expected(of: event, receipt, in: dialect) })
    }()

    /// Its bodies name persons but have no id of the event, so the receiver asks for punches alone: they have a person
    /// and a time.
    private static let oneupvision: DemoReceiver = {
        let dialect = OneUpVisionDialect()
        return DemoReceiver(
            dialect: dialect, verification: .oneupvision, kinds: KindSet([.accessGranted, .punchCreated]),
            settings: JSONObject(["events": ["punch.create"]]), told: { OneUpVisionName.told(by: $0.body) },
            expected: { event, _ in OneUpVisionName.expected(of: event) })
    }()

    /// This contract has no own word for duress and uses the word of another kind, so the receiver could not tell the
    /// two apart: duress is left out.
    private static let basip: DemoReceiver = {
        let dialect = BasIPDialect()
        let names = Set(dialect.vocabulary.sayable.kinds.flatMap { dialect.words(for: $0) }).sorted()
        var random = SystemRandomNumberGenerator()
        return DemoReceiver(
            dialect: dialect, verification: .basip, secret: dialect.makeSecret(using: &random),
            kinds: KindSet(dialect.vocabulary.sayable.kinds.filter { $0 != .accessDuress }),
            settings: JSONObject(["event_types": .array(names.map { .string($0) }), "max_retries": 5]),
            told: { BasIPName.told(by: $0.body) },
            expected: { event, _ in BasIPName.expected(of: event, in: dialect) })
    }()
}

/// How BAS-IP's bodies name an event. Their number is the gateway's, which a sender cannot foresee, so the name is made
/// of the word for the kind, the time and the person.
private enum BasIPName {
    static func told(by body: [UInt8]) -> Scoreboard.EventName? {
        guard let body = try? JSONParser.parse(body), let word = body["event_type"]?.text,
            let time = body["created_at"]?.integer, let data = body["data"]
        else { return nil }
        let person = [data["owner"]?.text, data["number"]?.text].compactMap { $0 }.joined(separator: " ")
        return Scoreboard.EventName(source: word, id: "\(time) \(person)")
    }

    /// The parts of the body that the dialect would write for the event.
    static func expected(of event: JSON, in dialect: any Dialect) -> Scoreboard.EventName? {
        guard let kind = event["type"]?.text.flatMap({ Kind(named: $0) }), let url = TargetURL("http://127.0.0.1/"),
            let time = event["time"]?.text.flatMap({ EventTime($0) })
        else { return nil }
        var parts = Event.Parts(
            id: EventID(high: 0, low: 0), kind: kind, organization: DemoBuilding.organization, received: time.instant)
        parts.time = time
        parts.data = event["data"]?.object ?? JSONObject()
        let identity = Subscription.Identity(
            id: SubscriptionID(""), organization: parts.organization, created: time.instant)
        let terms = Terms(name: "", dialect: dialect.name, url: url, defaults: dialect.defaults)
        let subscription = Subscription(identity, terms: terms, hold: .none, revision: 1, sayable: KindSet([]))
        let parcel = Parcel(event: Event(parts), subscription: subscription, attempt: 1, isReplay: false)
        return told(by: dialect.prepare(parcel, at: time.instant).body)
    }
}

/// How 1UPVISION's punches name an event: by the person and the instant.
private enum OneUpVisionName {
    static func told(by body: [UInt8]) -> Scoreboard.EventName? {
        guard let punch = (try? JSONParser.parse(body))?["punch"], let time = punch["punched_at"]?.text,
            let person = punch["person"]?["id"]?.integer
        else { return nil }
        return Scoreboard.EventName(source: time, id: String(person))
    }

    /// Only passages at entrances count.
    static func expected(of event: JSON) -> Scoreboard.EventName? {
        guard let data = event["data"], let person = data["person"]?["id"]?.text else { return nil }
        if let time = data["punch"]?["punched_at"]?.text { return Scoreboard.EventName(source: time, id: person) }
        let entrances = DemoBuilding.sites.flatMap(\.doors).filter(\.isEntrance).map(\.id.text)
        guard entrances.contains(data["door"]?.text ?? ""), let time = event["time"]?.text.flatMap({ EventTime($0) })
        else { return nil }
        return Scoreboard.EventName(source: RFC3339.microsecondsText(time.instant), id: person)
    }
}

/// How ProdataKey's bodies name an event: by the word for the kind and an id, or the panel if there is no id.
private enum ProdataKeyName {
    static func told(by body: [UInt8]) -> Scoreboard.EventName? {
        guard let body = try? JSONParser.parse(body), let word = body["topic"]?.text,
            let id = (body["id"] ?? body["panelId"])?.text
        else { return nil }
        return Scoreboard.EventName(source: word, id: id)
    }

    /// The body repeats the reporter's id if it is a UUID, else it has the gateway's own.
    static func expected(of event: JSON, _ receipt: JSON, in dialect: any Dialect) -> Scoreboard.EventName? {
        guard let kind = event["type"]?.text.flatMap({ Kind(named: $0) }), let word = dialect.words(for: kind).first,
            let id = event["id"]?.text, let own = receipt["event"]?.text
        else { return nil }
        switch kind {
        case .panelConnected, .panelDisconnected:
            return event["data"]?["panel"]?.text.map { Scoreboard.EventName(source: word, id: $0) }
        default:
            return Scoreboard.EventName(source: word, id: UUID(uuidString: id) == nil ? own : id)
        }
    }
}

extension Dialect {
    /// The names that a kind can have, as text.
    fileprivate func words(for kind: Kind) -> [String] {
        guard case .named(let names) = vocabulary.entries[kind] else { return [] }
        return names.map(\.text)
    }
}
