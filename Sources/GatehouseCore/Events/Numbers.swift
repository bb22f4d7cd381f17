/// The integers that stand for our ids in contracts that know integers alone, one for each subject of an event.
///
/// A number is given by the store when an id is first seen, is unique in its organization and subject (an account's in
/// the store), and stays for ever. The event keeps a copy, so that nothing need be looked up when it is rendered.
public struct Numbers: Hashable, Sendable {
    /// What a number can stand for.
    public enum Subject: String, CaseIterable, Hashable, Sendable {
        /// The organization itself, which contracts call the account.
        case account
        /// A panel to which the directory gives no number of its own; one that it gives goes before.
        case panel
        /// Somebody or something that a block of that name has an id for.
        case person, visitor, vehicle, unit, credential, zone, visit
    }

    /// An id that wants a number.
    public struct Name: Hashable, Sendable {
        /// In which organization it was seen; that of no name for an account, whose number is unique in the store.
        public let organization: OrganizationID
        /// What it names.
        public let subject: Subject
        /// The id.
        public let id: String

        /// Joins the three.
        public init(_ organization: OrganizationID, _ subject: Subject, _ id: String) {
            self.organization = subject == .account ? OrganizationID("") : organization
            self.subject = subject
            self.id = id
        }

        /// The number that the id itself is: a decimal without a leading zero, from 1 to 2^31 - 1; nil for all others.
        ///
        /// Nought is no number: contracts use it for nobody.
        public var ownNumber: Int64? {
            guard let first = id.utf8.first, first != UInt8(ascii: "0"), id.utf8.count <= 10,
                id.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                let number = Int64(id), number <= Numbers.last
            else { return nil }
            return number
        }
    }

    /// The largest number there is.
    public static let last = Int64(Int32.max)
    /// The first number that is given to an id that is none itself: high, so that those that are stay free for theirs.
    public static let first: Int64 = 1_000_000_001

    /// The event's own number: its place in the order of commits; nil until the store has taken it.
    public var position: Int64?
    private var values: [Subject: Int64] = [:]

    /// No numbers.
    public init() {}

    /// Whether there are none.
    public var isEmpty: Bool { values.isEmpty && position == nil }

    /// The number of the event's subject; nil where the event names none.
    public subscript(subject: Subject) -> Int64? {
        get { values[subject] }
        set { values[subject] = newValue }
    }

    var json: JSONObject {
        let own = position.map { [JSONObject.Member("event", .integer($0))] } ?? []
        return JSONObject(
            distinct: own
                + Subject.allCases.compactMap { subject in
                    values[subject].map { JSONObject.Member(subject.rawValue, .integer($0)) }
                })
    }

    init(_ json: JSON?) {
        position = json?["event"]?.integer
        for subject in Subject.allCases { values[subject] = json?[subject.rawValue]?.integer }
    }
}

extension Event {
    /// The ids that the event names and that get numbers, one a subject at the most.
    public var names: [Numbers.Name] {
        Numbers.Subject.allCases.compactMap { subject in
            id(of: subject).map { Numbers.Name(organization, subject, $0) }
        }
    }

    private func id(of subject: Numbers.Subject) -> String? {
        switch subject {
        case .account: organization.text
        case .panel: labels.panelNumber == nil ? panel?.text : nil
        case .person, .visitor, .vehicle, .unit, .credential, .zone, .visit:
            (data[subject.rawValue]?["id"]).flatMap { $0.text ?? $0.integer.map { String($0) } }
        }
    }

    /// The same event with the numbers that its names were given.
    public func numbered(_ numbers: Numbers) -> Event {
        guard !numbers.isEmpty else { return self }
        var parts = Parts(id: id, kind: kind, organization: organization, received: received)
        parts.source = source
        parts.sourceID = sourceID
        parts.time = time
        parts.data = data
        parts.labels = labels
        parts.labels.numbers = numbers
        return Event(parts)
    }

    /// What ``stored`` of the same event with numbers would be, without writing the rest anew.
    public static func stored(_ bytes: [UInt8], numbered numbers: Numbers) -> [UInt8] {
        guard !numbers.isEmpty else { return bytes }
        return bytes.dropLast() + Array(#","numbers":"#.utf8) + JSON.object(numbers.json).bytes + [UInt8(ascii: "}")]
    }
}
