public import GatehouseCore

extension APIClient {
    /// A value that a gateway answered.
    public protocol Value: Hashable, Sendable {
        /// Everything that was answered, also fields that this library does not know: a newer gateway sends more.
        var json: JSON { get }
        /// Reads an answer.
        ///
        /// - Throws: ``GatehouseError/unreadable(_:)`` if it does not have this form.
        init(_ json: JSON) throws(GatehouseError)
    }
}

extension JSON {
    /// A member that is always there.
    func must<Part>(_ name: String, _ read: (JSON) -> Part?) throws(GatehouseError) -> Part {
        guard let member = self[name], let part = read(member) else {
            throw .unreadable("the gateway's answer has no `\(name)` that this client understands")
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

    /// The time of an RFC 3339 text.
    var time: Instant? { text.flatMap { EventTime(stored: $0)?.instant } }

    /// The texts of an array.
    var texts: [String]? { items?.compactMap(\.text) }
}

extension JSONObject {
    /// Adds a member if it has a value.
    mutating func put(_ name: String, _ value: JSON?) {
        if let value { self[name] = value }
    }

    /// Adds members, replacing existing ones.
    mutating func put(all more: JSONObject) {
        for member in more.members { self[member.key] = member.value }
    }
}
