internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

/// `/v1/audit`: who did what to which thing, when and from where.
struct Audit: Sendable {
    let queries: AuditQueries

    /// Lists entries of the organizations that the key reaches, newest first. Counts in memory are written first.
    func list(_ call: Call) async throws -> Response {
        var filter = AuditFilter(limit: try call.query.limit() + 1)
        filter.organizations = try call.chosenReach()
        (filter.since, filter.until) = try call.query.period()
        filter.before = try call.query.cursor()
        let found = try await queries.entries(filter, at: call.now)
        let shown = found.prefix(filter.limit - 1)
        let next = found.count > shown.count ? shown.last.map { String($0.number) } : nil
        return Response(.ok, json: Page.json(shown.map(\.json), next: next))
    }

    /// Checks all entries against the hash chain, and says whether a link that the caller knows is in it: `known` is
    /// null if the link may have been pruned, because then the chain cannot show it. The result holds from `from` on.
    /// Missing entries before that cause a warning if they are younger than the retention of the audit.
    func prove(_ call: Call) async throws -> Response {
        let known = try Self.link(call.query)
        let proof = try await queries.proof(knowing: known, at: call.now)
        return Response(
            .ok,
            json: [
                "intact": .bool(proof.isIntact && (known == nil || proof.hasKnown == true)),
                "entries": .integer(proof.entries), "links": .integer(proof.links),
                "head": .text(proof.head.map { Hex.text($0) }), "known": proof.hasKnown.map { .bool($0) } ?? .null,
                "broken": proof.broken.map { .integer($0) } ?? .null,
                "prunedUpTo": proof.prunedUpTo.map { .integer($0) } ?? .null,
                "from": proof.from.map { .integer($0.number) } ?? .null,
                "fromTime": .text(proof.from.map { RFC3339.text($0.time) }),
                "to": proof.to.map { .integer($0.number) } ?? .null,
                "toTime": .text(proof.to.map { RFC3339.text($0.time) }), "missing": .integer(proof.missing),
                "warnings": .array(
                    proof.warnings(keeping: queries.retention, at: call.now).map { .string($0) }),
            ])
    }

    private static func link(_ query: Query) throws(ValidationError) -> [UInt8]? {
        guard let text = query["known"] else { return nil }
        guard let link = Hex.bytes(text), link.count == 32 else {
            throw ValidationError(
                .outOfBounds, field: "known",
                "known takes the `head` of an earlier answer, 64 hexadecimal digits; this is not one")
        }
        return link
    }
}

extension AuditRecord {
    fileprivate var json: JSONObject {
        var object = JSONObject()
        object["number"] = .integer(number)
        for member in entry.json.members { object[member.key] = member.value }
        return object
    }
}
