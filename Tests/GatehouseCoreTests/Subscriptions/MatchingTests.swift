import GatehouseCore
import HTTPTypes
import Testing

/// Matching compared with a slow and simple implementation, over random trees, subscriptions and events.
@Suite struct MatchingTests {
    @Test(arguments: [UInt64](1...40))
    func indexAgreesWithTheRule(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let directory = Self.tree(using: &random)
        let organizations = directory.organizations.keys.sorted { $0.text < $1.text }
        var (index, rule) = (SubscriptionIndex(), LinearIndex())
        let dialects = DialectTable([PlainDialect()])
        for step in 0..<120 {
            let number = Int.random(in: 0..<60, using: &random)
            if Int.random(in: 0..<6, using: &random) == 0 {
                index.remove(SubscriptionID("s\(number)"))
                rule.remove(SubscriptionID("s\(number)"))
            } else {
                // Some are older revisions than the present one, which must change nothing.
                let revision = Int64(step + Int.random(in: -40...40, using: &random))
                let made = Self.subscription(number, among: organizations, revision: revision, using: &random)
                index.put(made)
                rule.put(made)
            }
            let event = Self.event(in: directory, among: organizations, using: &random)
            let lineage = directory.lineage(of: event.organization)
            let found = index.match(event, lineage: lineage, dialects: dialects)
            let expected = rule.match(event, lineage: lineage, in: directory)
            #expect(found.owed.map(\.id) == expected.owed, "seed \(seed), step \(step)")
            #expect(found.unsayable.map(\.subscription.id) == expected.unsayable, "seed \(seed), step \(step)")
            #expect(Set(index.all.map(\.id)) == Set(rule.all.map(\.id)))
        }
    }

    @Test func anOlderRevisionChangesNothing() {
        var random = SeededRandom(seed: 1)
        let new = Self.subscription(1, among: [OrganizationID("o0")], revision: 2, using: &random)
        let old = Self.subscription(1, among: [OrganizationID("o0")], revision: 1, using: &random)
        var index = SubscriptionIndex()
        index.put(new)
        index.put(old)
        #expect(index[new.id]?.revision == 2)
        #expect(index.all.count == 1)
    }

    /// A copy is what a request holds while another changes the subscriptions.
    @Test func copyOfAnIndexDoesNotChange() {
        var random = SeededRandom(seed: 2)
        let organizations = [OrganizationID("o0")]
        let (first, second) = (Self.everything(1, of: organizations[0]), Self.everything(2, of: organizations[0]))
        var index = SubscriptionIndex()
        index.put(first)
        let copy = index
        index.put(second)
        index.remove(first.id)
        let event = Self.event(in: Directory(), among: organizations, using: &random)
        #expect(copy.candidates(for: event, lineage: organizations).map(\.id) == [first.id])
        #expect(index.candidates(for: event, lineage: organizations).map(\.id) == [second.id])
    }

    private static func everything(_ number: Int, of organization: OrganizationID) -> Subscription {
        subscription(terms(number), of: organization)
    }

    private static func tree(using random: inout SeededRandom) -> Directory {
        var directory = Directory()
        for number in 0..<5 {
            let parent = number > 1 ? OrganizationID("o\(Int.random(in: 0..<number, using: &random))") : nil
            directory.put(Organization(id: OrganizationID("o\(number)"), name: "\(number)", parent: parent))
        }
        return directory
    }

    static func terms(_ number: Int) -> Terms {
        guard let url = TargetURL("https://receiver.example/") else { preconditionFailure("the URL is well formed") }
        let dialect = PlainDialect()
        return Terms(name: "\(number)", dialect: dialect.name, url: url, defaults: dialect.defaults)
    }

    static func subscription(_ terms: Terms, of organization: OrganizationID, revision: Int64 = 1) -> Subscription {
        let identity = Subscription.Identity(
            id: SubscriptionID("s\(terms.name)"), organization: organization, created: Instant(seconds: 0))
        return Subscription(identity, terms: terms, hold: .none, revision: revision, sayable: .all)
    }

    private static func subscription(
        _ number: Int, among organizations: [OrganizationID], revision: Int64 = 1, using random: inout SeededRandom
    ) -> Subscription {
        var terms = terms(number)
        let scopes: [Terms.Scope] = [
            .this, .recursive, .panels([PanelID("p0"), PanelID("p1"), PanelID("p0")]), .panels([]),
        ]
        terms.scope = pick(of: scopes, using: &random)
        // Single kinds make many different sets.
        terms.kinds = pick(
            of: [
                nil, nil, ["door.*"], ["access.granted", "*.forced"], ["access.duress"], ["delivery.dead", "door.*"],
                ["subscription.*"], ["nothing.of.that.name"], [pick(of: Kind.allCases, using: &random).name],
            ], using: &random)
        terms.doors = pick(
            of: [nil, [DoorID("d0")], [DoorID("d1"), DoorID("d2"), DoorID("d1")], []], using: &random)
        terms.isActive = Int.random(in: 0..<8, using: &random) > 0
        terms.expiresAt = pick(of: [nil, nil, Instant(seconds: 1), Instant(seconds: 2)], using: &random)
        return subscription(terms, of: pick(of: organizations, using: &random), revision: revision)
    }

    private static func pick<Item>(of items: [Item], using random: inout SeededRandom) -> Item {
        items[Int.random(in: 0..<items.count, using: &random)]
    }

    private static func event(
        in directory: Directory, among organizations: [OrganizationID], using random: inout SeededRandom
    ) -> Event {
        let kinds: [Kind] = [
            .doorForced, .doorOpened, .accessGranted, .accessDenied, .accessDuress, .personCreated,
            .organizationCreated, .deliveryDead,
        ]
        var parts = Event.Parts(
            id: EventID(at: Instant(seconds: 1), using: &random), kind: pick(of: kinds, using: &random),
            organization: pick(of: organizations, using: &random), received: Instant(seconds: 1))
        let panel: JSON = .string("p\(Int.random(in: 0..<3, using: &random))")
        if parts.kind == .personCreated {
            parts.data["details"] = ["panelId": panel]
        } else if Int.random(in: 0..<4, using: &random) > 0 {
            parts.data["panel"] = panel
        }
        if parts.kind == .accessGranted || parts.kind == .accessDenied {
            parts.data["access"] = ["duress": .bool(Bool.random(using: &random))]
        }
        if Int.random(in: 0..<4, using: &random) == 0 { parts.data["zone"] = "north" }
        parts.data["subscription"] = ["id": .string("s\(Int.random(in: 0..<60, using: &random))")]
        parts.data["organization"] = ["parent": .text(directory.organizations[parts.organization]?.parent?.text)]
        place(&parts, using: &random)
        return Event(parts)
    }

    private static func place(_ parts: inout Event.Parts, using random: inout SeededRandom) {
        let door = DoorID("d\(Int.random(in: 0..<3, using: &random))")
        switch Int.random(in: 0..<4, using: &random) {
        case 0: break
        case 1: parts.data["door"] = .string(door.text)
        case 2: (parts.data["door"], parts.labels.doorNumber) = (.string(door.text), 1)
        default:
            let panel = Panel(id: PanelID("p"), organization: parts.organization, name: "P", number: nil)
            parts.labels.onlyDoor = Event.OnlyDoor(Door(id: door, panel: panel, number: 1, name: "D"))
        }
    }
}

/// The rule of matching without an index: each event examines every subscription.
private struct LinearIndex {
    /// In the order in which they were put.
    private(set) var all: [Subscription] = []

    mutating func put(_ subscription: Subscription) {
        if all.contains(where: { $0.id == subscription.id && $0.revision >= subscription.revision }) { return }
        remove(subscription.id)
        all.append(subscription)
    }

    mutating func remove(_ id: SubscriptionID) { all.removeAll { $0.id == id } }

    func match(
        _ event: Event, lineage: [OrganizationID], in directory: Directory
    ) -> (owed: [SubscriptionID], unsayable: [SubscriptionID]) {
        let reached = lineage.flatMap { organization in
            all.filter { $0.organization == organization && Self.isReached($0, event, directory) }
        }
        let owings = reached.map { ($0.id, PlainDialect().owing(of: event, for: $0)) }
        return (
            owings.filter { !$0.1.names.isEmpty }.map(\.0),
            owings.filter { if case .unsayable = $0.1 { true } else { false } }.map(\.0)
        )
    }

    private static func isReached(_ subscription: Subscription, _ event: Event, _ directory: Directory) -> Bool {
        let terms = subscription.terms
        if let end = terms.expiresAt, end <= event.received { return false }
        return terms.isActive && isOfKind(terms, subscription.id, event) && isAtDoor(terms, event)
            && isInScope(subscription, event, directory)
    }

    private static func isOfKind(_ terms: Terms, _ id: SubscriptionID, _ event: Event) -> Bool {
        let kinds = KindGlob.expand(terms.kinds)
        if event.kind == .deliveryDead {
            let isNamed = terms.kinds?.contains(event.kind.name) ?? false
            return isNamed && event.data["subscription"]?["id"]?.text != id.text
        }
        let isDuress = event.data["access"]?["duress"] == true
        return kinds.contains(event.kind) || isDuress && kinds.contains(.accessDuress)
    }

    private static func isAlarm(_ event: Event) -> Bool {
        [.doorForced, .accessDuress].contains(event.kind) || event.data["access"]?["duress"] == true
            || event.kind == .deliveryDead && event.lane == .urgent
    }

    private static func isAtDoor(_ terms: Terms, _ event: Event) -> Bool {
        guard let doors = terms.doors else { return true }
        let told = event.door ?? event.labels.onlyDoor?.id
        let isAnywhere = isAlarm(event) && event.labels.doorNumber == nil && event.labels.onlyDoor == nil
        return doors.contains { $0 == told } || isAnywhere
    }

    private static func isInScope(_ subscription: Subscription, _ event: Event, _ directory: Directory) -> Bool {
        switch subscription.terms.scope {
        case .this:
            let isChild = event.data["organization"]?["parent"]?.text == subscription.organization.text
            return subscription.organization == event.organization || event.kind == .organizationCreated && isChild
        case .recursive: return directory.isWithin(event.organization, subscription.organization)
        case .panels(let panels):
            let named = event.data["panel"]?.text ?? event.data["details"]?["panelId"]?.text
            return subscription.organization == event.organization
                && (named == nil ? isAlarm(event) : panels.contains { $0.text == named })
        }
    }
}

/// The smallest dialect that matching needs.
struct PlainDialect: Dialect {
    let name = DialectName("plain")
    let defaults = DialectDefaults(
        privacyLevel: .everything, timeout: .seconds(1), retries: .standard, makesSecret: false)
    let vocabulary = Vocabulary([:])

    func faults(in terms: Terms) -> [ValidationError] { [] }
    func makeSecret(using random: inout some RandomNumberGenerator) -> Secret { Secret("plain") }
    func names(of event: Event, for subscription: Subscription) -> [VendorName] { [VendorName(event.kind.name)] }

    /// Subscriptions with an odd number require a panel, and those with a number that three divides want no zone.
    func owing(of event: Event, for subscription: Subscription) -> Owing {
        let number = Int(subscription.terms.name) ?? 0
        if number % 3 == 0, event.data["zone"] != nil { return .nothing }
        if number % 2 == 1, event.panel == nil { return .unsayable(lacking: ["panel"]) }
        return .names(names(of: event, for: subscription))
    }

    func test(for subscription: Subscription) -> TestMessage {
        .first(of: (.gatewayTest, "gateway.test"), askedBy: subscription)
    }

    func prepare(_ parcel: Parcel, at now: Instant) -> PreparedRequest {
        PreparedRequest(url: parcel.subscription.terms.url, headers: HTTPFields(), body: [])
    }
    func parse(_ body: [UInt8]) throws(ValidationError) -> ParsedEvent {
        throw ValidationError(.malformed, "a plain body is empty")
    }
}
