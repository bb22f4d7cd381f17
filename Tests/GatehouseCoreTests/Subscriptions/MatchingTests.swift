import GatehouseCore
import HTTPTypes
import Testing

/// Matching compared with a slow and simple implementation, over random trees, subscriptions and events.
@Suite struct MatchingTests {
    @Test(arguments: [UInt64](1...30))
    func indexAgreesWithTheRule(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let directory = Self.tree(using: &random)
        let organizations = directory.organizations.keys.sorted { $0.text < $1.text }
        var index = SubscriptionIndex()
        let subscriptions = (0..<40).map { Self.subscription($0, among: organizations, using: &random) }
        for subscription in subscriptions { index.put(subscription) }
        for removed in subscriptions.prefix(5) { index.remove(removed.id) }
        for _ in 0..<50 {
            let event = Self.event(in: directory, among: organizations, using: &random)
            let lineage = directory.lineage(of: event.organization)
            let owed = index.owed(event, lineage: lineage, dialects: DialectTable([PlainDialect()])).map(\.id.text)
            let expected = subscriptions.dropFirst(5).filter { Self.isOwed($0, event, directory) }.map(\.id.text)
            #expect(owed.sorted() == expected.sorted())
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

    private static func isOwed(_ subscription: Subscription, _ event: Event, _ directory: Directory) -> Bool {
        guard subscription.terms.isActive, KindGlob.expand(subscription.terms.kinds).contains(event.kind) else {
            return false
        }
        let isAlarm = event.kind == .doorForced
        let told = event.door ?? event.labels.onlyDoor?.id
        let isAnywhere = isAlarm && event.labels.doorNumber == nil && event.labels.onlyDoor == nil
        if let doors = subscription.terms.doors, !doors.contains(where: { $0 == told }), !isAnywhere { return false }
        switch subscription.terms.scope {
        case .this:
            let isChild = event.data["organization"]?["parent"]?.text == subscription.organization.text
            return subscription.organization == event.organization || event.kind == .organizationCreated && isChild
        case .recursive: return directory.isWithin(event.organization, subscription.organization)
        case .panels(let panels):
            let named = event.data["panel"]?.text ?? event.data["details"]?["panelId"]?.text
            return subscription.organization == event.organization
                && (named == nil ? isAlarm : panels.contains { $0.text == named })
        }
    }

    private static func tree(using random: inout SeededRandom) -> Directory {
        var directory = Directory()
        for number in 0..<8 {
            let parent = number > 1 ? OrganizationID("o\(Int.random(in: 0..<number, using: &random))") : nil
            directory.put(Organization(id: OrganizationID("o\(number)"), name: "\(number)", parent: parent))
        }
        return directory
    }

    private static func subscription(
        _ number: Int, among organizations: [OrganizationID], revision: Int64 = 1, using random: inout SeededRandom
    ) -> Subscription {
        guard let url = TargetURL("https://receiver.example/") else { preconditionFailure("the URL is well formed") }
        let dialect = PlainDialect()
        var terms = Terms(name: "\(number)", dialect: dialect.name, url: url, defaults: dialect.defaults)
        let scopes: [Terms.Scope] = [.this, .recursive, .panels([PanelID("p0"), PanelID("p1")])]
        terms.scope = scopes[Int.random(in: 0..<3, using: &random)]
        terms.kinds = [nil, ["door.*"], ["access.granted", "*.forced"]][Int.random(in: 0..<3, using: &random)]
        terms.doors = [nil, [DoorID("d0")], [DoorID("d1"), DoorID("d2")]][Int.random(in: 0..<3, using: &random)]
        terms.isActive = Int.random(in: 0..<5, using: &random) > 0
        let organization = organizations[Int.random(in: 0..<organizations.count, using: &random)]
        let identity = Subscription.Identity(
            id: SubscriptionID("s\(number)"), organization: organization, created: Instant(seconds: 0))
        return Subscription(identity, terms: terms, hold: .none, revision: revision, sayable: .all)
    }

    private static func event(
        in directory: Directory, among organizations: [OrganizationID], using random: inout SeededRandom
    ) -> Event {
        let kinds: [Kind] = [.doorForced, .doorOpened, .accessGranted, .personCreated, .organizationCreated]
        var parts = Event.Parts(
            id: EventID(at: Instant(seconds: 1), using: &random),
            kind: kinds[Int.random(in: 0..<kinds.count, using: &random)],
            organization: organizations[Int.random(in: 0..<organizations.count, using: &random)],
            received: Instant(seconds: 1))
        let panel: JSON = .string("p\(Int.random(in: 0..<3, using: &random))")
        if parts.kind == .personCreated {
            parts.data["details"] = ["panelId": panel]
        } else if Int.random(in: 0..<4, using: &random) > 0 {
            parts.data["panel"] = panel
        }
        parts.data["organization"] = ["parent": .text(directory.organizations[parts.organization]?.parent?.text)]
        let door = DoorID("d\(Int.random(in: 0..<3, using: &random))")
        switch Int.random(in: 0..<4, using: &random) {
        case 0: break
        case 1: parts.data["door"] = .string(door.text)
        case 2: (parts.data["door"], parts.labels.doorNumber) = (.string(door.text), 1)
        default:
            let panel = Panel(id: PanelID("p"), organization: parts.organization, name: "P", number: nil)
            parts.labels.onlyDoor = Event.OnlyDoor(Door(id: door, panel: panel, number: 1, name: "D"))
        }
        return Event(parts)
    }
}

/// The smallest dialect that matching needs.
private struct PlainDialect: Dialect {
    let name = DialectName("plain")
    let defaults = DialectDefaults(
        privacyLevel: .everything, timeout: .seconds(1), retries: .standard, makesSecret: false)
    let vocabulary = Vocabulary([:])

    func faults(in terms: Terms) -> [ValidationError] { [] }
    func makeSecret(using random: inout some RandomNumberGenerator) -> Secret { Secret("plain") }
    func names(of event: Event, for subscription: Subscription) -> [VendorName] { [VendorName(event.kind.name)] }
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
