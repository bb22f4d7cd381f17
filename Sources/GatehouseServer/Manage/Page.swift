internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

/// Makes pages of lists that are in memory.
struct Pager: Sendable {
    /// Sorts long lists, so that no other request waits for it.
    let pages: HeavyWork

    /// The answer with one page.
    ///
    /// The cursor is the place of the last shown item, so that items created or deleted meanwhile neither repeat nor
    /// hide others. `place` gives identifiers, whose characters need no escaping in a query.
    func cut<Item: Sendable>(
        _ items: [Item], _ query: Query, by place: (Item) -> String, show: (Item) -> JSONObject
    ) async throws -> Response {
        let (shown, next) = try await slice(items, query, by: place)
        return Response(.ok, json: Page.json(shown.map(show), next: next))
    }

    /// The items of one page and the next cursor, for callers that must look up something for each item.
    func slice<Item: Sendable>(
        _ items: [Item], _ query: Query, by place: (Item) -> String
    ) async throws -> (shown: [Item], next: String?) {
        try await pages.run(on: items.count * Self.weight) { try Self.sorted(items, query, by: place) }
    }

    /// The work of sorting one item, in bytes.
    private static let weight = 64

    private static func sorted<Item>(
        _ items: [Item], _ query: Query, by place: (Item) -> String
    ) throws(ValidationError) -> (shown: [Item], next: String?) {
        let limit = try query.limit()
        var sorted = items.map { (place: place($0), item: $0) }
        let after = query["cursor"]
        guard after != "" else {
            throw Query.refusal(of: "cursor", "", takes: "the `next` of an earlier page of this list")
        }
        if let after { sorted.removeAll { $0.place <= after } }
        sorted.sort { $0.place < $1.place }
        let shown = sorted.prefix(limit)
        return (shown.map(\.item), sorted.count > limit ? shown.last?.place : nil)
    }
}

/// One page of a list, `{"items": […], "next": cursor or null}`.
enum Page {
    /// A page of items that were selected before.
    ///
    /// - Parameter lookedBackTo: given if the search ended before the page was full: how far back it looked.
    static func json(_ items: [JSONObject], next: String?, lookedBackTo: String? = nil) -> JSON {
        var page = JSONObject()
        page["items"] = .array(items.map { .object($0) })
        page["next"] = .text(next)
        page["lookedBackTo"] = lookedBackTo.map { .string($0) }
        return .object(page)
    }
}
