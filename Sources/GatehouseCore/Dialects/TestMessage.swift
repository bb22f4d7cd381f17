internal import HTTPTypes

/// The message for testing a receiver: a harmless event that its contract has a name for, never an alarm and never an
/// access.
///
/// It names nothing real: every name is ``word``, every number is ``number``.
public struct TestMessage: Hashable, Sendable {
    /// The value of every id and name.
    public static let word = "TEST"
    /// The value of every integer. Numbers are given from below, so that no id ever gets this one.
    public static let number = Numbers.last

    /// Our kind.
    public let kind: Kind
    /// The contract's name for it.
    public let name: VendorName
    /// Its blocks.
    public let data: JSONObject
    /// Whether the subscription asks for that name; the test is sent in both cases.
    public let isAsked: Bool

    /// Joins the parts; without `data` it has the blocks of its kind, see ``data(of:)``.
    public init(_ kind: Kind, named name: String, data: JSONObject? = nil, isAsked: Bool) {
        self.kind = kind
        self.name = VendorName(name)
        self.data = data ?? Self.data(of: kind)
        self.isAsked = isAsked
    }

    /// A kind with the contract's name for it.
    public typealias Candidate = (kind: Kind, name: String)

    /// The first of several messages that a subscription asks for; if it asks for none, the usual one.
    ///
    /// - Parameter asks: whether the dialect's settings ask for a name; in a contract without such a choice, every name
    ///   is asked for.
    public static func first(
        of usual: Candidate, or others: [Candidate] = [], askedBy subscription: Subscription,
        where asks: (String) -> Bool = { _ in true }
    ) -> TestMessage {
        let asked = ([usual] + others).first { subscription.kinds.contains($0.kind) && asks($0.name) }
        let chosen = asked ?? usual
        return TestMessage(chosen.kind, named: chosen.name, isAsked: asked != nil)
    }

    // MARK: The event

    /// The blocks of a kind, with ``word`` for every name and id.
    static func data(of kind: Kind) -> JSONObject {
        let blocks = Catalogue.row(of: kind).blocks
        return JSONObject(
            samples.filter { blocks.contains($0.block) }.map { JSONObject.Member($0.block.rawValue, $0.value) })
    }

    // swift-format-ignore
    private static let samples: [(block: Block, value: JSON)] = [
        (.panel,        .string(word)),
        (.door,         .string(word)),
        (.person,       ["id": .string(word), "firstName": .string(word), "lastName": .string(word)]),
        (.organization, ["id": .string(word), "name": .string(word)]),
        (.user,         ["id": .string(word), "firstName": .string(word), "lastName": .string(word)]),
        (.visit,        ["id": .string(word), "purpose": .string(word)]),
        (.attendance,   ["id": .string(word)]),
        (.change,       "updated"),
    ]

    /// The event of the test: it is not stored, and not in the feed.
    ///
    /// - Parameter account: the number of the organization; nil if it has none.
    public func event(
        of organization: OrganizationID, account: Int64?, in directory: Directory, at now: Instant,
        using random: inout some RandomNumberGenerator
    ) -> Event {
        let own = AdmittedEvent.own(kind, of: organization, data: data, in: directory, at: now, using: &random).event
        var parts = own.parts
        if data["panel"] != nil { (parts.labels.panelName, parts.labels.panelNumber) = (Self.word, Self.number) }
        if data["door"] != nil { (parts.labels.doorName, parts.labels.doorNumber) = (Self.word, Self.number) }
        for name in Event(parts).names { parts.labels.numbers[name.subject] = Self.number }
        parts.labels.numbers[.account] = account
        return Event(parts)
    }
}

extension Dialect {
    /// Writes the request of a test as a delivery of that event, with the header `gatehouse-test: true` even if the
    /// owner switched extra headers off: in a contract with only numbers nothing else marks a test.
    public func prepareTest(of event: Event, for subscription: Subscription, at now: Instant) -> PreparedRequest {
        var request = prepare(
            Parcel(event: event, subscription: subscription, attempt: 1, isReplay: false), at: now)
        request.headers[.gatehouseTest] = "true"
        return request
    }
}
