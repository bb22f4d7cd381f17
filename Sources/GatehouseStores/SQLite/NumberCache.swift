internal import GRDB
internal import GatehouseCore

/// Gives names their numbers, and remembers frequent ones.
///
/// A part of ``WriterMemory``: only the writer's thread touches it, and it is emptied after a rollback.
final class NumberCache {
    private struct Row: Hashable {
        let organization: OrganizationID
        let subject: Numbers.Subject
    }

    /// How many names are remembered; about 100 bytes each. Beyond it, the cache is emptied.
    private static let bound = 50_000

    private var known: [Numbers.Name: Int64] = [:]
    private var last: [Row: Int64] = [:]

    func forget() {
        known = [:]
        last = [:]
    }

    /// The numbers of an event's names and of those that it lists; new names get theirs now.
    func numbers(
        of names: [Numbers.Name], listing people: [Numbers.Name?], in database: Database
    ) throws -> Numbers {
        var numbers = Numbers()
        for name in names { numbers[name.subject] = try number(of: name, in: database) }
        numbers.people = try people.map { try $0.map { try number(of: $0, in: database) } ?? 0 }
        return numbers
    }

    /// The number of one name; a new name gets its number now.
    func number(of name: Numbers.Name, in database: Database) throws -> Int64 {
        if let number = known[name] { return number }
        if known.count >= Self.bound { known = [:] }
        let number = try Self.stored(name, in: database) ?? give(name, in: database)
        known[name] = number
        return number
    }

    /// The number of a name; nil if it has none yet. It changes nothing in memory.
    static func stored(_ name: Numbers.Name, in database: Database) throws -> Int64? {
        let statement = try database.cachedStatement(
            sql: "SELECT number FROM numbers WHERE organization = ? AND subject = ? AND id = ?")
        return try Int64.fetchOne(
            statement, arguments: [name.organization.text, name.subject.rawValue, name.id])
    }

    private func give(_ name: Numbers.Name, in database: Database) throws -> Int64 {
        if let own = name.ownNumber, try isFree(own, name, in: database) {
            try insert(name, own, isOwn: true, in: database)
            return own
        }
        let row = Row(organization: name.organization, subject: name.subject)
        var number = try last[row] ?? lastGiven(row, in: database)
        repeat { number += 1 } while try !isFree(number, name, in: database)
        guard number <= Numbers.last else {
            throw StoreError.unavailable("\(name.organization) has no free number for a \(name.subject.rawValue)")
        }
        last[row] = number
        try insert(name, number, isOwn: false, in: database)
        return number
    }

    /// Whether the number is free: no other id has it, and no panel got it from its owner.
    private func isFree(_ number: Int64, _ name: Numbers.Name, in database: Database) throws -> Bool {
        if name.subject == .panel {
            let owned = try database.cachedStatement(
                sql: "SELECT 1 FROM panels WHERE organization = ? AND id <> ? AND number = ?")
            let arguments: StatementArguments = [name.organization.text, name.id, number]
            guard try Int64.fetchOne(owned, arguments: arguments) == nil else { return false }
        }
        let statement = try database.cachedStatement(
            sql: "SELECT 1 FROM numbers WHERE organization = ? AND subject = ? AND number = ?")
        return try Int64.fetchOne(
            statement, arguments: [name.organization.text, name.subject.rawValue, number]) == nil
    }

    private func lastGiven(_ row: Row, in database: Database) throws -> Int64 {
        let sql = "SELECT max(number) FROM numbers WHERE organization = ? AND subject = ? AND isOwn = 0"
        let number = try Int64.fetchOne(
            database, sql: sql, arguments: [row.organization.text, row.subject.rawValue])
        return max(number ?? 0, row.subject.firstGiven - 1)
    }

    private func insert(_ name: Numbers.Name, _ number: Int64, isOwn: Bool, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT INTO numbers (organization, subject, id, number, isOwn) VALUES (?, ?, ?, ?, ?)")
        try statement.execute(
            arguments: [name.organization.text, name.subject.rawValue, name.id, number, isOwn])
    }
}
