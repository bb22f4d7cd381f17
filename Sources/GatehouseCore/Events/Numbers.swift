/// The integers for our ids in contracts that have only integers, one for each subject of an event.
///
/// The store gives a number when an id first occurs. It is unique in its organization and subject (an account's in the
/// store), and permanent. The event has a copy, so that rendering needs no lookup.
public struct Numbers: Hashable, Sendable {
    /// What a number can identify.
    public enum Subject: String, CaseIterable, Hashable, Sendable {
        /// The organization itself, which contracts call the account.
        case account
        /// A panel without a number in the directory; a number in the directory takes precedence.
        case panel
        /// The person or thing whose id a block of that name has.
        case person, visitor, vehicle, unit, credential, zone, visit
        /// A record that a passage or an event may be itself; then its number is the event's own number in the record's
        /// range, ``Numbers/record(_:)``.
        case occurrence, punch, attendance
        /// The shift of a punch or an attendance record.
        case shift

        /// Its place among an event's numbers.
        fileprivate var place: Int {
            switch self {
            case .account: 0
            case .panel: 1
            case .person: 2
            case .visitor: 3
            case .vehicle: 4
            case .unit: 5
            case .credential: 6
            case .zone: 7
            case .visit: 8
            case .occurrence: 9
            case .punch: 10
            case .attendance: 11
            case .shift: 12
            }
        }

        /// Whether an event without such an id may be the record itself.
        fileprivate var mayBeTheEvent: Bool {
            switch self {
            case .visit, .occurrence, .punch, .attendance: true
            case .account, .panel, .person, .visitor, .vehicle, .unit, .credential, .zone, .shift: false
            }
        }

        /// The largest number that an id may have as its own.
        fileprivate var lastOwn: Int64 { mayBeTheEvent ? Numbers.firstOfEvents - 1 : Numbers.last }

        /// The first number for ids that are not numbers themselves: high, to leave the low ones to ids that are
        /// numbers, and beyond the range of the events' own records.
        public var firstGiven: Int64 { mayBeTheEvent ? Numbers.firstBeyondEvents : Numbers.first }
    }

    /// An id to be numbered.
    public struct Name: Hashable, Sendable {
        /// The organization in which it was seen; the empty one for an account, whose number is unique in the store.
        public let organization: OrganizationID
        /// The subject that it identifies.
        public let subject: Subject
        /// The id.
        @ExactText public private(set) var id: String

        /// Joins the three.
        public init(_ organization: OrganizationID, _ subject: Subject, _ id: String) {
            self.organization = subject == .account ? OrganizationID("") : organization
            self.subject = subject
            self._id = ExactText(id)
        }

        /// The number that the id itself is: a decimal without a leading zero, from 1 to 2^31 - 1; nil for all other
        /// ids.
        ///
        /// Zero is no number: in contracts it stands for no person.
        public var ownNumber: Int64? {
            guard let first = id.utf8.first, first != UInt8(ascii: "0"), id.utf8.count <= 10,
                id.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                let number = Int64(id), number <= subject.lastOwn
            else { return nil }
            return number
        }
    }

    /// The largest number.
    public static let last = Int64(Int32.max)
    /// The first number for ids that are not numbers themselves: high, to leave the low ones to ids that are.
    public static let first: Int64 = 1_000_000_001
    /// The base of the numbers of events that are a record themselves: this plus their position in the store. There is
    /// room for 600 million of them.
    static let firstOfEvents: Int64 = 1_000_000_000
    /// The first number for a record whose reporter's id is not a number.
    static let firstBeyondEvents: Int64 = 1_600_000_001

    /// The event's own number: its position in the order of commits; nil until it is stored. The store has it as the
    /// event's key, so ``stored`` leaves it out.
    public var position: Int64?
    /// By the subject's place, 0 for none. It is an array and not a dictionary because every event has one. Empty if
    /// there are no numbers at all.
    private var values: [Int64] = []
    /// The numbers of the people that `details.people` lists, in its order; 0 for one without an id.
    public var people: [Int64] = []

    /// No numbers.
    public init() {}

    /// Whether there are no numbers.
    public var isEmpty: Bool { values.isEmpty && people.isEmpty && position == nil }

    /// The number of a record of the event: that of the reporter's id, else the event's own. The two ranges do not
    /// overlap, because an id within the events' range does not count as its own number.
    public func record(_ subject: Subject) -> Int64? {
        self[subject] ?? position.map { Self.firstOfEvents + $0 }
    }

    /// The number of the event's subject; nil if the event has none. Zero counts as none.
    public subscript(subject: Subject) -> Int64? {
        get { values.isEmpty || values[subject.place] == 0 ? nil : values[subject.place] }
        set {
            if values.isEmpty {
                guard newValue ?? 0 != 0 else { return }
                values = [Int64](repeating: 0, count: Subject.allCases.count)
            }
            values[subject.place] = newValue ?? 0
        }
    }

    /// The numbers of the names as JSON, by subject; nil if there are none.
    public var stored: [UInt8]? {
        guard !values.isEmpty || !people.isEmpty else { return nil }
        var bytes = [UInt8(ascii: "{")]
        for subject in Subject.allCases {
            guard let number = self[subject] else { continue }
            Self.write(subject.rawValue, number, to: &bytes)
        }
        if !people.isEmpty {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: "\"people\":".utf8)
            bytes.append(contentsOf: JSON.array(people.map { .integer($0) }).bytes)
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// Reads the result of ``stored``, for the event at a position; nil if the bytes are damaged.
    public init?(stored bytes: [UInt8]?, at position: EventPosition) {
        if let bytes {
            guard let json = try? JSONParser.parse(bytes), json.object != nil else { return nil }
            for subject in Subject.allCases { self[subject] = json[subject.rawValue]?.integer }
            people = json["people"]?.items?.map { $0.integer ?? 0 } ?? []
        }
        self.position = position.number
    }

    private static func write(_ name: String, _ number: Int64, to bytes: inout [UInt8]) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: name.utf8)
        bytes.append(contentsOf: "\":".utf8)
        bytes.append(contentsOf: String(number).utf8)
    }
}

extension Event {
    /// The ids of the event that get numbers, at most one per subject.
    public var names: [Numbers.Name] {
        Numbers.Subject.allCases.compactMap { subject in
            id(of: subject).map { Numbers.Name(organization, subject, $0) }
        }
    }

    /// The people that `details.people` lists, in its order; nil for one without an id.
    public var listedNames: [Numbers.Name?] {
        (data["details"]?["people"]?.items ?? []).map { person in
            Self.id(person["id"]).map { Numbers.Name(organization, .person, $0) }
        }
    }

    /// Whether the event has a number for a subject, or gets one when it is stored.
    public func isNumbered(_ subject: Numbers.Subject) -> Bool {
        labels.numbers[subject] != nil || id(of: subject) != nil
    }

    /// The event's id for a subject. An id inside a record means the same thing as that thing's own block; if both have
    /// one, the block's counts.
    public func id(of subject: Numbers.Subject) -> String? {
        switch subject {
        case .account: organization.text
        case .panel: labels.panelNumber == nil ? panel?.text : nil
        case .visitor, .vehicle, .unit, .credential, .zone, .visit, .occurrence, .punch:
            Self.id(data[subject.rawValue]?["id"])
        case .person: Self.id(data["person"]?["id"]) ?? inRecords("person_id")
        case .attendance: Self.id(data["attendance"]?["id"]) ?? Self.id(data["punch"]?["attendance"]?["id"])
        case .shift: Self.id(data["punch"]?["shift"]?["id"]) ?? inRecords("shift_id")
        }
    }

    /// An id of an attendance record, alone or inside a punch.
    private func inRecords(_ key: String) -> String? {
        Self.id(data["attendance"]?[key]) ?? Self.id(data["punch"]?["attendance"]?[key])
    }

    /// Vendors write ids as text or as integers; an empty text counts as none.
    private static func id(_ value: JSON?) -> String? {
        guard let value else { return nil }
        if let text = value.text { return text.isEmpty ? nil : text }
        return value.integer.map { String($0) }
    }

    /// The event with the numbers of its names.
    public func numbered(_ numbers: Numbers) -> Event {
        guard !numbers.isEmpty else { return self }
        var parts = parts
        parts.labels.numbers = numbers
        return Event(parts)
    }
}
