internal import GRDB
internal import GatehouseCore
internal import HTTPTypes

/// The header fields of attempts, each form stored once.
///
/// The fields of two attempts differ in few values: the event's id, the time, the number of the attempt. A form has the
/// fields with a place for each such value. So nothing is guessed: the form and the attempt give exactly the fields
/// that were sent.
///
/// A part of ``WriterMemory``: only the writer's thread touches it.
final class HeaderForms {
    /// How many forms may be stored. The fields of further ones stand with their attempts.
    private static let most = 10_000
    /// How many forms are remembered that occurred once.
    private static let mostCandidates = 1000

    private var known: [String: Int64] = [:]
    private var candidates: Set<String> = []

    func load(_ database: Database, prefix: String = "") throws {
        known = [:]
        candidates = []
        for row in try Row.fetchAll(database, sql: "SELECT number, form FROM \(prefix)headerForms") {
            known[row["form"]] = row["number"]
        }
    }

    /// The number of a form. Nil for one that occurs for the first time, which may never occur again, and beyond the
    /// bound.
    func number(of form: String, in database: Database, prefix: String = "") throws -> Int64? {
        if let number = known[form] { return number }
        guard known.count < Self.most else { return nil }
        guard candidates.remove(form) != nil else {
            if candidates.count >= Self.mostCandidates { candidates.removeAll() }
            candidates.insert(form)
            return nil
        }
        try database.execute(sql: "INSERT INTO \(prefix)headerForms (form) VALUES (?)", arguments: [form])
        let number = database.lastInsertedRowID
        known[form] = number
        return number
    }
}

/// The values of an attempt that its header fields may repeat.
struct HeaderValues {
    let event: EventID
    let started: Instant
    let number: Int

    /// The places in a form, as its JSON has them.
    private enum Place: Int64, CaseIterable {
        case event = 1
        case seconds, time, attempt
    }

    private func value(at place: Place) -> String {
        switch place {
        case .event: event.description
        case .seconds: String(started.seconds)
        case .time: RFC3339.secondsText(started)
        case .attempt: String(number)
        }
    }

    /// The form of these fields: a JSON array of pairs, each a name with its value or the number of a place.
    func form(of fields: HTTPFields) -> String {
        let places = Place.allCases.map { ($0, value(at: $0)) }
        let pairs = fields.map { field -> JSON in
            let place = places.first { $0.1 == field.value }?.0
            return .array([.string(field.name.rawName), place.map { .integer($0.rawValue) } ?? .string(field.value)])
        }
        return JSON.array(pairs).compact
    }

    /// The fields of a form; nil if the form is damaged.
    func fields(of form: String) -> HTTPFields? {
        guard let pairs = (try? JSONParser.parse(Array(form.utf8)))?.items else { return nil }
        var fields = HTTPFields()
        for pair in pairs {
            guard let parts = pair.items, parts.count == 2, let name = parts[0].text.flatMap({ HTTPField.Name($0) })
            else { return nil }
            let place = parts[1].integer.flatMap { Place(rawValue: $0) }
            guard let value = parts[1].text ?? place.map({ self.value(at: $0) }) else { return nil }
            fields.append(HTTPField(name: name, value: value))
        }
        return fields
    }
}
