internal import Foundation
internal import GRDB
internal import GatehouseCore
internal import HTTPTypes

/// One result as rows: the delivery's new state, and its attempt.
struct SettledRow: Sendable {
    let delivery: DeliveryID
    let state: Int
    let reason: String?
    let attempt: AttemptRow?
    /// Whether the receiver answered 410 and its subscription is disabled for it.
    let isGone: Bool
    private let untold: UntoldAlarm?
    private let due: Int64?

    /// A result is written once: if its attempt is already counted, it was written before, and the delivery may have
    /// been claimed again since. The columns of the first attempt keep what they have.
    static let settle = """
        UPDATE deliveries SET state = ?, due = coalesce(?, due), reason = ?, lease = NULL, attempts = max(attempts, ?),
            tried = coalesce(tried, ?), started = coalesce(started, ?), duration = coalesce(duration, ?),
            status = coalesce(status, ?), level = coalesce(level, ?), form = coalesce(form, ?),
            excerpt = coalesce(excerpt, ?)
        WHERE event = ? AND subscription = ? AND round = ? AND state = 1 AND lease = ? AND attempts < ?
        """
    /// A retry for a deleted subscription is no longer owed.
    static let cancelOrphan = """
        UPDATE deliveries SET state = 4, reason = ?, lease = NULL
        WHERE event = ? AND subscription = ? AND round = ? AND state = 0
        AND subscription IN (SELECT number FROM subscriptions WHERE deleted IS NOT NULL)
        """

    init(_ settlement: Settlement) {
        delivery = settlement.delivery
        untold = settlement.untold
        isGone = if case .verdict(.gone) = settlement.next { true } else { false }
        attempt = settlement.attempt.map { AttemptRow($0, of: settlement.event) }
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

    /// Whether the attempt may stand in the delivery's own row.
    private func isBrief(_ memory: WriterMemory) -> Bool {
        state == StateCode.delivered && attempt?.isBrief == true && delivery.event.number > memory.triesMark
    }

    /// A delivery that this incarnation does not hold is unchanged; the attempt was made all the same and is stored.
    func write(by incarnation: Incarnation, noting health: HealthWork) throws {
        let (database, hot) = (health.database, health.memory.hot)
        let form = try attempt?.storedForm(in: database, health.memory)
        let inside = form != nil && isBrief(health.memory) ? attempt : nil
        let isMoved =
            try hot.statement(.settle, in: database)
            .bind(state).bind(due).bind(reason).bind(attempt?.number ?? 0)
            .bind(inside.map { _ in incarnation.number }).bind(inside?.started).bind(inside?.duration)
            .bind(inside?.status).bind(inside?.level).bind(inside.flatMap { _ in form }).bind(inside?.excerpt)
            .bind(delivery).bind(incarnation.number).bind(attempt?.number ?? Int.max).run() == 1
        if state == StateCode.waiting {
            try hot.statement(.cancelOrphan, in: database)
                .bind(DeliveryState.CancelReason.subscriptionDeleted.rawValue).bind(delivery).run()
        }
        if let attempt, inside == nil || !isMoved {
            try attempt.write(of: delivery, by: incarnation, form, in: database, hot)
        }
        guard isMoved else { return }
        try health.note(self)
        if let untold { try UntoldWork(database: health.database, memory: health.memory).note(untold) }
    }
}

extension HotStatement {
    /// Binds the key of a delivery.
    func bind(_ delivery: DeliveryID) -> HotStatement {
        bind(delivery.event.number).bind(delivery.subscription).bind(delivery.round)
    }
}

/// One attempt as a row of `attempts`, or as columns of its delivery.
struct AttemptRow: Sendable {
    /// The longest part of a receiver's answer that a delivery has in its own row, in bytes.
    static let briefest = 64

    let number: Int
    let started: Int64
    let duration: Int64
    let outcome: String
    let status: Int?
    let isAccepted: Bool
    var ended: Int64 { started + duration }
    let note: String?
    let excerpt: [UInt8]?
    let level: Int?
    private let headers: HTTPFields
    private let form: String?

    /// Whether it may stand in its delivery's own row: the first attempt, accepted, with a short answer.
    var isBrief: Bool { number == 1 && isAccepted && note == nil && (excerpt?.count ?? 0) <= Self.briefest }

    /// - Parameter event: the id of the delivery's event, if it is known.
    init(_ attempt: Attempt, of event: EventID?) {
        number = attempt.number
        started = attempt.started.microseconds
        duration = attempt.duration.microseconds
        outcome = attempt.outcome.word
        isAccepted = attempt.outcome.isAccepted
        headers = attempt.headers
        form = event.map {
            HeaderValues(event: $0, started: attempt.started, number: attempt.number).form(of: attempt.headers)
        }
        level = attempt.privacyLevel?.rawValue
        switch attempt.outcome {
        case .answered(let answer):
            // For a redirect the location is stored: its time for a retry is useless.
            (status, note, excerpt) = (
                answer.status, answer.redirect ?? answer.retryAfter, answer.excerpt.isEmpty ? nil : answer.excerpt
            )
        case .timedOut(let phase): (status, note, excerpt) = (nil, phase.rawValue, nil)
        case .forbidden(let why), .unresolved(let why), .unreachable(let why), .proxyFailed(let why),
            .untrusted(let why), .broken(let why):
            (status, note, excerpt) = (nil, why, nil)
        }
    }

    /// The number of the form of its header fields; nil if they are stored with it.
    func storedForm(in database: Database, _ memory: WriterMemory) throws -> Int64? {
        try form.flatMap { try memory.headerForms.number(of: $0, in: database) }
    }

    static let insert = """
        INSERT INTO attempts
            (event, subscription, round, number, lease, started, duration, outcome, status, note, excerpt, level, form,
            headers)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14
        WHERE NOT EXISTS (
            SELECT 1 FROM deliveries
            WHERE event = ?1 AND subscription = ?2 AND round = ?3 AND tried = ?5 AND ?4 = 1)
        ON CONFLICT DO NOTHING
        """

    /// An attempt that was written before is not written again.
    func write(
        of delivery: DeliveryID, by incarnation: Incarnation, _ form: Int64?, in database: Database,
        _ hot: HotStatements
    ) throws {
        try hot.statement(.insertAttempt, in: database).bind(delivery)
            .bind(number).bind(incarnation.number).bind(started).bind(duration).bind(outcome).bind(status).bind(note)
            .bind(excerpt).bind(level).bind(form).bind(form == nil ? headers.stored : nil).run()
    }

    /// The columns of an attempt of delivery `d`: those in its own row, and those of `attempts`. The last column is the
    /// form of the header fields.
    static let all = """
        SELECT 1 AS number, d.tried AS lease, d.started, d.duration, 'accepted' AS outcome, d.status, NULL AS note,
            d.excerpt, d.level, NULL AS headers, f.form AS form
        FROM deliveries d LEFT JOIN headerForms f ON f.number = d.form
        WHERE d.event = ?1 AND d.subscription = ?2 AND d.round = ?3 AND d.tried IS NOT NULL
        UNION ALL
        SELECT a.number, a.lease, a.started, a.duration, a.outcome, a.status, a.note, a.excerpt, a.level, a.headers,
            f.form
        FROM attempts a LEFT JOIN headerForms f ON f.number = a.form
        WHERE a.event = ?1 AND a.subscription = ?2 AND a.round = ?3
        ORDER BY number, lease
        """

    /// Reads a row; nil if it makes no sense.
    static func attempt(_ row: Row, of event: EventID) -> Attempt? {
        guard let outcome = outcome(row), let headers = headers(row, event) else { return nil }
        var attempt = Attempt(
            number: row["number"], started: Instant(microseconds: row["started"]),
            duration: .microseconds(row["duration"] as Int64), outcome: outcome, headers: headers)
        attempt.privacyLevel = (row["level"] as Int?).flatMap { PrivacyLevel(rawValue: $0) }
        return attempt
    }

    private static func headers(_ row: Row, _ event: EventID) -> HTTPFields? {
        guard let form: String = row["form"] else {
            return row["headers"] == nil ? nil : HTTPFields(stored: row.bytes("headers"))
        }
        let started = Instant(microseconds: row["started"])
        return HeaderValues(event: event, started: started, number: row["number"]).fields(of: form)
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
