public import GatehouseCore

extension APIClient {
    /// One thing as a gateway answered it.
    public protocol Value: Hashable, Sendable {
        /// Everything that was answered, also what this library does not know: a newer gateway says more.
        var json: JSON { get }
        /// Reads an answer.
        ///
        /// - Throws: ``GatehouseError/unreadable(_:)`` where it is not of that sort.
        init(_ json: JSON) throws(GatehouseError)
    }
}

extension JSON {
    /// A member that is always there.
    func must<Part>(_ name: String, _ read: (JSON) -> Part?) throws(GatehouseError) -> Part {
        guard let member = self[name], let part = read(member) else {
            throw .unreadable("the gateway's answer has no `\(name)`, or none that this client understands")
        }
        return part
    }

    /// A text that is always there.
    func text(of name: String) throws(GatehouseError) -> String { try must(name, \.text) }

    /// A whole number that is always there.
    func integer(of name: String) throws(GatehouseError) -> Int {
        try must(name) { $0.integer.flatMap { Int(exactly: $0) } }
    }

    /// A truth value that is always there.
    func flag(of name: String) throws(GatehouseError) -> Bool { try must(name, \.bool) }

    /// A time that is always there.
    func instant(of name: String) throws(GatehouseError) -> Instant { try must(name) { $0.time } }

    /// The time that a text spells by RFC 3339.
    var time: Instant? { text.flatMap { EventTime(stored: $0)?.instant } }

    /// The texts of an array.
    var texts: [String]? { items?.compactMap(\.text) }
}

extension JSONObject {
    /// Adds a member where there is a value for it.
    mutating func put(_ name: String, _ value: JSON?) {
        if let value { self[name] = value }
    }

    /// Adds members, over those that are there.
    mutating func put(all more: JSONObject) {
        for member in more.members { self[member.key] = member.value }
    }
}
