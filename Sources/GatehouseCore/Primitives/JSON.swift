/// A JSON value that keeps what vendors' contracts need: the order of keys and the spelling of numbers.
///
/// Bodies built from it have equal bytes on every retry, and a parsed body is written again unchanged (compact, RFC
/// 8259). Parsing is strict and bounded, see ``JSONParser``. Texts and keys are compared by their bytes
/// (``ExactText``).
public enum JSON: Hashable, Sendable {
    /// The literal `null`.
    case null
    /// The literals `true` and `false`.
    case bool(Bool)
    /// A number in its spelling.
    case number(JSONNumber)
    /// A text, without its escapes.
    case string(String)
    /// Values in their order.
    case array([JSON])
    /// Members in their order.
    case object(JSONObject)
}

/// A number in its original spelling, so that `1.50` does not become `1.5`, and a large integer is not rounded.
public struct JSONNumber: Hashable, Sendable {
    /// The spelling, valid by RFC 8259 section 6.
    public let text: String

    /// Takes a spelling that the caller knows to be valid.
    init(spelled text: String) {
        self.text = text
    }

    /// The number as an integer, if it is one and fits.
    public var integer: Int64? { Int64(text) }

    /// The number as a binary fraction, rounded if necessary.
    public var double: Double? { Double(text) }
}

/// The members of a JSON object in their order; every key occurs once.
///
/// A few members are searched; many have an index of their keys, so that reading or setting one costs the same in an
/// object of any size.
public struct JSONObject: Sendable {
    /// One key with its value.
    public struct Member: Hashable, Sendable {
        /// The key.
        @ExactText public private(set) var key: String
        /// The value; it can be changed in place.
        public var value: JSON

        /// Joins a key and a value.
        public init(_ key: String, _ value: JSON) {
            self._key = ExactText(key)
            self.value = value
        }
    }

    /// The members in order.
    public private(set) var members: [Member]
    /// The place of each key; nil if there are few members.
    private var places: [ExactText: Int]?

    /// The maximum number of members without an index.
    static let searched = 16

    /// Takes members in order; if a key occurs twice, the later value replaces the earlier one in its place.
    public init(_ members: [Member] = []) {
        self.members = []
        self.members.reserveCapacity(members.count)
        for member in members { self[member.key] = member.value }
    }

    /// Takes members with different keys, and their places if there are many and the places are known.
    init(distinct members: [Member], at places: [ExactText: Int]? = nil) {
        self.members = members
        self.places = places
        if places == nil { rebuildIndex() }
    }

    /// Whether there are no members.
    public var isEmpty: Bool { members.isEmpty }

    /// The value of a key. Setting a new key appends it, setting nil removes it.
    public subscript(key: String) -> JSON? {
        get { place(of: key).map { members[$0].value } }
        set {
            switch (place(of: key), newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil):
                members.remove(at: place)
                rebuildIndex()
            case (nil, let value?):
                members.append(Member(key, value))
                if places == nil { rebuildIndex() } else { places?[ExactText(key)] = members.count - 1 }
            case (nil, nil): break
            }
        }
    }

    /// Inserts a member with a new key right before another one, or at the end if there is no such member.
    mutating func insert(_ member: Member, before key: String) {
        members.insert(member, at: place(of: key) ?? members.endIndex)
        rebuildIndex()
    }

    private func place(of key: String) -> Int? {
        places.map { $0[ExactText(key)] } ?? members.firstIndex { $0.key.hasBytes(of: key) }
    }

    private mutating func rebuildIndex() {
        guard members.count > Self.searched else {
            places = nil
            return
        }
        places = Self.index(of: members)
    }

    /// The place of each key.
    static func index(of members: [Member]) -> [ExactText: Int] {
        var places = [ExactText: Int](minimumCapacity: members.count)
        for (place, member) in members.enumerated() { places[ExactText(member.key)] = place }
        return places
    }
}

extension JSONObject: Hashable {
    /// Whether the members and their order are equal.
    public static func == (left: JSONObject, right: JSONObject) -> Bool { left.members == right.members }

    public func hash(into hasher: inout Hasher) { hasher.combine(members) }
}

extension JSON {
    /// The string, if this is one.
    public var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The integer, if this is a number that is one.
    public var integer: Int64? {
        guard case .number(let number) = self else { return nil }
        return number.integer
    }

    /// The boolean, if this is one.
    public var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The items, if this is an array.
    public var items: [JSON]? {
        guard case .array(let items) = self else { return nil }
        return items
    }

    /// The object, if this is one.
    public var object: JSONObject? {
        guard case .object(let object) = self else { return nil }
        return object
    }

    /// The value of a member; nil if this is no object or has no such key.
    public subscript(key: String) -> JSON? { object?[key] }

    /// RFC 8259's name for the type of this value, for error messages.
    public var sort: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(nilLiteral: ()) { self = .null }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(JSONObject(elements.map { JSONObject.Member($0, $1) }))
    }

    /// An integer as a number.
    public static func integer(_ value: some BinaryInteger) -> JSON {
        .number(JSONNumber(spelled: String(value)))
    }

    /// A fraction in its shortest spelling that reads back equal; a value that is not finite becomes null.
    public static func fraction(_ value: Double) -> JSON {
        value.isFinite ? .number(JSONNumber(spelled: "\(value)")) : .null
    }

    /// A text, or null for nil.
    public static func text(_ value: String?) -> JSON {
        value.map { .string($0) } ?? .null
    }
}
