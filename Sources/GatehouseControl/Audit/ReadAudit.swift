package import GatehouseCore

/// Writes into the audit who read more than what everybody with a key may read: one line for each key, what it read and
/// hour, with a count. A read costs an addition in memory; nothing is written where it happens.
package final class ReadAudit: Sendable {
    /// What a caller read.
    package enum What: Hashable, Sendable {
        /// The values of secrets that an owner set: of custom header fields, of queries of URLs.
        case reveal(AuditEntry.Sort, id: String)
        /// Bodies that were kept of what was sent, or of what receivers answered.
        case storedBodies
        /// What is kept of one person.
        case person(String)
        /// Events with everything in them, credentials too: privacy level 0.
        case everything
    }

    private let audit: AuditTally

    /// Begins with nothing.
    package init(store: any AuditStore) {
        audit = AuditTally(store: store, turn: .seconds(3600), lines: 1000)
    }

    /// What is to be written into the audit.
    package var tally: any Tally { audit }

    /// Notes that a caller has read something. The line belongs to the organization of the key, and to none for a key
    /// above all trees.
    package func note(_ what: What, by author: Author) {
        audit.note(author.readingEntry(what))
    }

    /// Notes that a caller reads events, if its key reads everything in them.
    package func noteEvents(by author: Author) {
        if author.key.privacyLevel == .everything { note(.everything, by: author) }
    }
}

extension ReadAudit.What {
    fileprivate var word: String {
        switch self {
        case .reveal: "reveal"
        case .storedBodies: "stored-bodies"
        case .person: "person"
        case .everything: "level-0"
        }
    }

    /// Whether the line says from which address it was read.
    fileprivate var hasAddress: Bool {
        switch self {
        case .reveal: true
        case .storedBodies, .person, .everything: false
        }
    }

    /// What the line says that was read. A person's id is told, and that of what had its secrets shown; of the others
    /// there may be thousands.
    fileprivate var subject: (sort: AuditEntry.Sort, id: String) {
        switch self {
        case .reveal(let sort, let id): (sort, id)
        case .storedBodies: (.delivery, word)
        case .person(let id): (.person, id)
        case .everything: (.event, word)
        }
    }
}

extension Author {
    /// The audit's line about reading. It has the caller's address where secrets were shown; without it the line is one
    /// for each key.
    fileprivate func readingEntry(_ what: ReadAudit.What) -> AuditEntry {
        let address = what.hasAddress ? client.json.object : nil
        let actor = AuditEntry.Actor(
            key: key.id.text, user: key.userJSON.object ?? JSONObject(), client: address ?? JSONObject())
        var entry = AuditEntry(.read, what.subject.sort, what.subject.id, of: key.organization, by: actor, at: now)
        entry.details["what"] = .string(what.word)
        return entry
    }
}
