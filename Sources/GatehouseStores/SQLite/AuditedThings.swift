internal import GRDB
internal import GatehouseCore

/// A resource whose creation has an entry in the audit.
struct AuditedThing: Hashable {
    let sort: String
    /// Set if the id is unique only in its organization; empty for all others.
    let organization: String
    let id: String

    init(sort: String, organization: String, id: String) {
        self.sort = sort
        self.organization = organization
        self.id = id
    }

    /// The resource that an entry says was created. An entry of another action names no existing resource.
    init(madeBy entry: AuditEntry) {
        guard entry.action == .add else {
            self.init(sort: "", organization: "", id: "")
            return
        }
        let isInside = entry.sort == .panel || entry.sort == .door
        self.init(
            sort: entry.sort.rawValue, organization: isInside ? entry.organization?.text ?? "" : "", id: entry.id)
    }

    /// The name in a sentence: `door lobby of acme`.
    var text: String { "\(sort) \(id)" + (organization.isEmpty ? "" : " of \(organization)") }
}

/// The resources in the store that must have an entry that says who created them.
///
/// Exempt are resources from before this check existed, and those older than the retention of the audit: pruning
/// records them together with the entries that it deletes.
struct AuditedThings {
    let all: Set<AuditedThing>

    init(in database: Database) throws {
        let sql = "\(Self.existing) EXCEPT SELECT sort, organization, id FROM auditExempt"
        var things: Set<AuditedThing> = []
        let rows = try Row.fetchCursor(database, sql: sql)
        while let row = try rows.next() {
            things.insert(AuditedThing(sort: row["sort"], organization: row["organization"], id: row["id"]))
        }
        all = things
    }

    private static let existing = """
        SELECT 'organization' AS sort, '' AS organization, id FROM organizations
        UNION ALL SELECT 'panel', organization, id FROM panels
        UNION ALL SELECT 'door', organization, id FROM doors
        UNION ALL SELECT 'key', '', id FROM keys
        UNION ALL SELECT 'trigger', '', id FROM triggers
        UNION ALL SELECT 'subscription', '', id FROM subscriptions WHERE deleted IS NULL
        """

    /// Exempts the resources that the entries up to that number say were created, if they still exist.
    static func exempt(upTo last: Int64, in database: Database) throws {
        let bodies = try Row.fetchAll(database, sql: "SELECT body FROM audit WHERE number <= ?", arguments: [last])
        for entry in bodies.compactMap({ AuditEntry(stored: $0.bytes("body")) }) where entry.action == .add {
            let thing = AuditedThing(madeBy: entry)
            try database.cachedStatement(
                sql: """
                    INSERT OR IGNORE INTO auditExempt (sort, organization, id)
                    SELECT * FROM (\(existing)) WHERE sort = ? AND organization = ? AND id = ?
                    """
            ).execute(arguments: [thing.sort, thing.organization, thing.id])
        }
    }

    /// Removes exemptions of resources that no longer exist.
    static func forgetGone(in database: Database) throws {
        guard try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM auditExempt)") ?? false else { return }
        try database.execute(
            sql: "DELETE FROM auditExempt WHERE (sort, organization, id) NOT IN (SELECT * FROM (\(existing)))")
    }
}
