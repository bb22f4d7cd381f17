internal import Foundation
internal import GRDB
internal import GatehouseCore
internal import HTTPTypes

/// One result as rows: the delivery's new state, and its attempt.
struct SettledRow: Sendable {
    let delivery: Int64
    let subscription: SubscriptionID?
    let state: Int
    let reason: String?
    let attempt: AttemptRow?
    /// Whether the receiver answered 410 and its subscription is disabled for it.
    let isGone: Bool
    private let untold: UntoldAlarm?
    private let due: Int64?

    /// A result is written once: if its attempt is already counted, it was written before, and the delivery may have
    /// been claimed again since. A retry for a deleted subscription is no longer owed.
    private static let settle = """
        UPDATE deliveries SET state = ?, due = coalesce(?, due), reason = ?, lease = NULL, attempts = max(attempts, ?)
        WHERE id = ? AND state = 1 AND lease = ? AND attempts < ?
        """
    private static let cancelOrphan = """
        UPDATE deliveries SET state = 4, reason = ?, lease = NULL
        WHERE id = ? AND state = 0
        AND subscription IN (SELECT number FROM subscriptions WHERE deleted IS NOT NULL)
        """

    init(_ settlement: Settlement) {
        delivery = settlement.delivery.number
        subscription = settlement.subscription
        untold = settlement.untold
        isGone = if case .verdict(.gone) = settlement.next { true } else { false }
        attempt = settlement.attempt.map { AttemptRow($0) }
        switch settlement.next {
        case .verdict(.delivered): (state, due, reason) = (StateCode.delivered, nil, nil)
        case .verdict(.dueAgain(let at)), .verdict(.gone(let at)), .handedBack(let at):
            (state, due, reason) = (StateCode.waiting, at.microseconds, nil)
        case .verdict(.dead(let why)):
            // A dead delivery is never due; the column has the time of its death, from which its retention counts.
            let died = settlement.attempt.map { ($0.started + $0.duration).microseconds }
            (state, due, reason) = (StateCode.dead, died, why.rawValue)
        case .cancelled(let why): (state, due, reason) = (StateCode.cancelled, nil, why.rawValue)
        }
    }

    /// A delivery that this incarnation does not hold is unchanged; the attempt was made all the same and is stored.
    func write(by incarnation: Incarnation, in database: Database, noting health: HealthWork) throws {
        try database.cachedStatement(sql: Self.settle).execute(arguments: [
            state, due, reason, attempt?.number ?? 0, delivery, incarnation.number, attempt?.number ?? Int.max,
        ])
        let isMoved = database.changesCount == 1
        if state == StateCode.waiting {
            try database.cachedStatement(sql: Self.cancelOrphan).execute(arguments: [
                DeliveryState.CancelReason.subscriptionDeleted.rawValue, delivery,
            ])
        }
        if let attempt { try attempt.write(of: delivery, by: incarnation, in: database) }
        guard isMoved else { return }
        try health.note(self)
        if let untold { try UntoldWork(database: health.database, memory: health.memory).note(untold) }
    }
}

/// One attempt as a row.
struct AttemptRow: Sendable {
    let number: Int
    let started: Int64
    private let duration: Int64
    let outcome: String
    let status: Int?
    let isAccepted: Bool
    var ended: Int64 { started + duration }
    private let note: String?
    private let excerpt: Data?
    private let headers: Data
    private let level: Int?

    init(_ attempt: Attempt) {
        number = attempt.number
        started = attempt.started.microseconds
        duration = attempt.duration.microseconds
        outcome = attempt.outcome.word
        isAccepted = attempt.outcome.isAccepted
        headers = attempt.headers.stored.blob
        level = attempt.privacyLevel?.rawValue
        switch attempt.outcome {
        case .answered(let answer):
            // For a redirect the location is stored: its time for a retry is useless.
            (status, note, excerpt) = (
                answer.status, answer.redirect ?? answer.retryAfter,
                answer.excerpt.isEmpty ? nil : answer.excerpt.blob
            )
        case .timedOut(let phase): (status, note, excerpt) = (nil, phase.rawValue, nil)
        case .forbidden(let why), .unresolved(let why), .unreachable(let why), .proxyFailed(let why),
            .untrusted(let why), .broken(let why):
            (status, note, excerpt) = (nil, why, nil)
        }
    }

    func write(of delivery: Int64, by incarnation: Incarnation, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO attempts
                    (delivery, number, lease, started, duration, outcome, status, note, excerpt, headers, level)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            delivery, number, incarnation.number, started, duration, outcome, status, note, excerpt, headers, level,
        ])
    }

    /// Reads a row; nil if it makes no sense.
    static func attempt(_ row: Row) -> Attempt? {
        guard let outcome = outcome(row), let headers = HTTPFields(stored: row.bytes("headers")) else { return nil }
        var attempt = Attempt(
            number: row["number"], started: Instant(microseconds: row["started"]),
            duration: .microseconds(row["duration"] as Int64), outcome: outcome, headers: headers)
        attempt.privacyLevel = (row["level"] as Int?).flatMap { PrivacyLevel(rawValue: $0) }
        return attempt
    }

    private static func outcome(_ row: Row) -> Outcome? {
        let note: String? = row["note"]
        if let status: Int = row["status"] {
            let excerpt = row["excerpt"] == nil ? [] : row.bytes("excerpt")
            // Seconds and dates have no parenthesis and no such word; attempts of older versions have only those.
            let isPlace = (300..<400).contains(status) && note.map { $0.hasSuffix(")") || $0.hasPrefix("a ") } ?? false
            var answer = Outcome.Answer(status: status, retryAfter: isPlace ? nil : note, excerpt: excerpt)
            answer.redirect = isPlace ? note : nil
            return .answered(answer)
        }
        switch row["outcome"] as String {
        case "forbidden": return .forbidden(reason: note ?? "")
        case "unresolved": return .unresolved(reason: note ?? "")
        case "unreachable": return .unreachable(reason: note ?? "")
        case "proxy-failed": return .proxyFailed(reason: note ?? "")
        case "untrusted": return .untrusted(reason: note ?? "")
        case "broken": return .broken(reason: note ?? "")
        case "timed-out": return note.flatMap { Outcome.Phase(rawValue: $0) }.map { .timedOut($0) }
        default: return nil
        }
    }
}
