internal import GatehouseCore

/// A value of a body that was sent to us, with its path, so that whatever is wrong with it is said by name.
struct ProdataKeyValue {
    let json: JSON
    let path: String

    /// The last millisecond of the year 9999, the last that a time by RFC 3339 can tell.
    private static let lastMillisecond: Int64 = 253_402_300_799_999

    func text() throws(Fault) -> String {
        guard let text = json.text else { throw wrong("text") }
        return text
    }

    func integer() throws(Fault) -> Int64 {
        guard let integer = json.integer else { throw wrong("a whole number") }
        return integer
    }

    func object() throws(Fault) -> JSONObject {
        guard let object = json.object else { throw wrong("an object") }
        return object
    }

    /// A vendor's id of an event: as long as CloudEvents' `id` may be here.
    func identity() throws(Fault) -> String {
        let text = try text()
        guard (1...256).contains(text.utf8.count) else {
            throw Fault(.outOfBounds, field: path, "\(path) takes 1 to 256 bytes of text")
        }
        return text
    }

    /// An id that can be one of our directory's.
    func identifier() throws(Fault) -> String {
        let text = try text()
        guard IdentifierRule.allows(text) else {
            throw Fault(.outOfBounds, field: path, "\(path) takes \(IdentifierRule.sentence)")
        }
        return text
    }

    func milliseconds() throws(Fault) -> Instant {
        let number = try integer()
        guard (0...Self.lastMillisecond).contains(number) else {
            throw Fault(.outOfBounds, field: path, "\(path) takes milliseconds since 1970, up to the year 9999")
        }
        return Instant(microseconds: number * 1000)
    }

    func check(_ sort: ProdataKeyPlace.Sort) throws(Fault) {
        switch sort {
        case .text: _ = try text()
        case .integer: _ = try integer()
        case .boolean: if json.bool == nil { throw wrong("true or false") }
        case .free: break
        }
    }

    private func wrong(_ wanted: String) -> Fault {
        Fault(.wrongType, field: path, "\(path) takes \(wanted), not \(json.sort)")
    }
}
