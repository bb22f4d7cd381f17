internal import GatehouseControl
internal import GatehouseCore
internal import HTTPTypes

/// Reads the question of a reader of events from the query.
extension FeedQuestion {
    /// The parameters that every route of the feed knows.
    static let parameters: Set<String> = ["after", "kind", "door", "organization", "since", "until"]
    /// The longest time that a request may wait for an event.
    static let longestWait = Duration.seconds(60)
    /// How many kinds or doors may be named at once.
    private static let longestList = 100

    /// Reads the query. - Throws: the fault in it, or 404 for an organization that the key does not reach.
    init(_ call: Call) throws {
        let query = call.query
        var filter = FeedFilter(limit: FeedReader.slice)
        filter.kinds = try Self.kinds(query)
        filter.doors = try Self.doors(query)
        (filter.since, filter.until) = try query.period()
        _ = try call.chosenReach()
        self.init(filter, organization: query["organization"].map { OrganizationID($0) })
    }

    /// `wait`: `30s`, `500ms` or `1m`, up to ``longestWait``; zero if it is missing.
    static func wait(_ query: Query) throws(ValidationError) -> Duration {
        guard let text = query["wait"] else { return .zero }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        if let number = Int64(digits), number <= 60_000 {
            let units: [Substring: Duration] = ["ms": .milliseconds(1), "s": .seconds(1), "m": .seconds(60)]
            if let unit = units[text[digits.endIndex...]], unit * Int(number) <= longestWait {
                return unit * Int(number)
            }
        }
        throw Query.refusal(of: "wait", text, takes: "a time up to 60s, as 30s or 500ms")
    }

    /// A cursor from a page of the feed; nil if there is none.
    static func cursor(_ text: String?, _ field: String) throws(ValidationError) -> EventPosition? {
        guard let text else { return nil }
        guard let number = Int64(text), number >= 0, "\(number)" == text else {
            throw Query.refusal(of: field, text, takes: "the `next` of an earlier page, or a stream's last id")
        }
        return EventPosition(number)
    }

    /// `door`: several ids separated by commas; nil for all.
    static func doors(_ query: Query) throws(ValidationError) -> Set<DoorID>? {
        try list("door", query).map { Set($0.map { DoorID($0) }) }
    }

    /// `kind`: several globs separated by commas.
    static func kinds(_ query: Query) throws(ValidationError) -> KindSet {
        guard let globs = try list("kind", query) else { return .all }
        for glob in globs {
            if let fault = ValidationError(ofGlob: glob, field: "kind") { throw fault }
        }
        return KindGlob.expand(globs)
    }

    /// Several values with commas between them.
    private static func list(_ name: String, _ query: Query) throws(ValidationError) -> [String]? {
        guard let text = query[name] else { return nil }
        let values = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let takes = "\(name) takes at most \(longestList) values with commas between them, each of 1 to 128 bytes"
        guard values.count <= longestList else {
            throw ValidationError(.outOfBounds, field: name, "\(takes); these are \(values.count)")
        }
        if let wrong = values.first(where: { !(1...128).contains($0.utf8.count) }) {
            let what = wrong.isEmpty ? "one is empty: take a comma away" : "\(Query.shown(wrong)) is longer"
            throw ValidationError(.outOfBounds, field: name, "\(takes); \(what)")
        }
        return values
    }
}
