internal import GRDB
internal import GatehouseCore

/// Verifies entries and links in the order of their numbers.
struct AuditCheck {
    let known: [UInt8]?
    private var chain = AuditChain()
    private var entries = 0
    private var links = 0
    private var hasKnown = false
    private var broken: Int64?
    /// The last entry that was pruned.
    private var prunedUpTo: Int64?
    /// The first and the last entry since the last link.
    private var open: (first: Int64, last: AuditProof.Place)?
    /// The first entry, the first one from which on all are unchanged, and the last one that a link covers.
    private var first: AuditProof.Place?
    private var from: AuditProof.Place?
    private var to: AuditProof.Place?
    private var pruning: AuditProof.Pruning?
    /// The times of the unchanged entries, and of those since the last link.
    private var span: Span?
    private var openSpan: Span?
    /// Resources that exist and have had no entry so far that says who created them.
    private var untold: Set<AuditedThing> = []
    private var end: AuditEnd?

    private struct Span {
        var earliest: Instant
        var latest: Instant

        static func joined(_ one: Span?, _ other: Span?) -> Span? {
            guard let one, let other else { return one ?? other }
            return Span(earliest: min(one.earliest, other.earliest), latest: max(one.latest, other.latest))
        }
    }

    init(known: [UInt8]?) {
        self.known = known
    }

    /// What must be found besides the linked entries: an entry for each existing resource, and the end.
    mutating func expect(_ things: AuditedThings, end: AuditEnd?) {
        untold = things.all
        self.end = end
    }

    /// Begins after the pruned part: the link that ended it must be there and be the first.
    mutating func begin(behind pruned: Int64, _ link: (last: Int64, hash: [UInt8])?) {
        prunedUpTo = pruned
        guard let link, link.last == pruned else { return fail(pruned) }
        chain = AuditChain(from: link.hash)
        if link.hash == known { hasKnown = true }
    }

    /// The columns for finding entries must agree with the entry.
    mutating func take(_ row: Row) {
        let number: Int64 = row["number"]
        let body = row.bytes("body")
        let entry = AuditEntry(stored: body)
        let organization: String? = row["organization"]
        let place = AuditProof.Place(number, Instant(microseconds: row["time"]))
        first = first ?? place
        from = from ?? place
        if number <= prunedUpTo ?? 0 { fail(number) }
        if entry?.time.microseconds != (row["time"] as Int64) || entry?.organization?.text != organization {
            fail(number)
        }
        if let told = entry?.pruning { pruning = told }
        if let entry, !untold.isEmpty { untold.remove(AuditedThing(madeBy: entry)) }
        if from != nil { openSpan = .joined(openSpan, Span(earliest: place.time, latest: place.time)) }
        entries += 1
        open = (open?.first ?? number, place)
        chain.take(number: number, body)
    }

    mutating func close(_ last: Int64, _ hash: [UInt8]) {
        links += 1
        if chain.close() != hash || open?.last.number != last { fail(open?.first ?? last) }
        if hash == known { hasKnown = true }
        if from != nil {
            to = open?.last ?? to
            span = .joined(span, openSpan)
        }
        (open, openSpan) = (nil, nil)
        // Entries after a break are compared with the links as they are, so that only the first break is reported.
        chain = AuditChain(from: hash)
    }

    func proof(written: Int64) -> AuditProof {
        var proof = AuditProof(
            entries: entries, links: links, head: links == 0 && prunedUpTo == nil ? nil : chain.link,
            hasKnown: known.flatMap { _ in hasKnown ? true : prunedUpTo == nil ? false : nil },
            broken: broken ?? open?.first, prunedUpTo: prunedUpTo)
        proof.first = first
        proof.written = max(written, end?.number ?? 0, open?.last.number ?? to?.number ?? 0)
        // Entries that no link covers may have been inserted. Tallies are recorded late, so the first entry need not be
        // the earliest.
        if let from, let to, let span, from.number <= to.number {
            proof.from = AuditProof.Place(from.number, span.earliest)
            proof.to = AuditProof.Place(to.number, span.latest)
        }
        proof.pruning = pruning
        proof.hasEnd = end?.link == chain.link
        proof.untold = untold.map(\.text).sorted()
        return proof
    }

    private mutating func fail(_ number: Int64) {
        if broken == nil { broken = number }
        (from, to, span, openSpan) = (nil, nil, nil, nil)
    }
}

extension AuditEntry {
    /// The record of ``AuditPruning``; nil for any other entry.
    fileprivate var pruning: AuditProof.Pruning? {
        guard action == .prune, sort == .store, id == Prunable.audit.rawValue, let upTo = details["upTo"]?.integer,
            let newest = details["newest"]?.text.flatMap({ EventTime(stored: $0) })?.instant
        else { return nil }
        return AuditProof.Pruning(upTo: upTo, newest: newest)
    }
}
