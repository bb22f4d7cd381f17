internal import GatehouseCore

/// A parameter of a request, apart from its body. There is one table for each place of parameters; a route's pattern
/// and query say which ones it takes.
struct Parameter: Sendable {
    /// The place of a parameter.
    enum Place: String, CaseIterable, Sendable {
        case path, query, header
    }

    let place: Place
    let name: String
    let schema: Schema
    let sentence: String
    let sample: JSON

    private static func row(
        _ place: Place, _ name: String, _ schema: Schema, _ sentence: String, _ sample: JSON
    ) -> Parameter {
        Parameter(place: place, name: name, schema: schema, sentence: sentence, sample: sample)
    }

    /// All parameters.
    static let all: [Parameter] = paths + queries + headers

    /// The parameter with that name, in that place; nil if it is not described.
    static func named(_ name: String, in place: Place) -> Parameter? {
        all.first { $0.place == place && $0.name == name }
    }

    // swift-format-ignore
    /// The placeholders of patterns.
    static let paths: [Parameter] = [
        row(.path, "organization", .text(), "The organization's id.",                    "acme"),
        row(.path, "panel",        .text(), "The panel's id.",                           "1070000"),
        row(.path, "door",         .text(), "The door's id.",                            "lobby"),
        row(.path, "key",          .text(), "The key's id.",                             "key_4f1d2c3b4a596877"),
        row(.path, "subscription", .text(), "The subscription's id.",                    "subscription_7a1b2c3d4e5f6071"),
        row(.path, "trigger",      .text(), "The trigger's id.",                         "trig-h7Kq2XwZ"),
        row(.path, "delivery",     .text(),  "The delivery's id.",                        "42-3"),
        row(.path, "replay",       .text(), "The replay's id, a number.",                "1"),
        row(.path, "person",       .text(), "The person's id, as events name it.",       "31"),
        row(.path, "event",        .text(),  "The event's id in the store, `gatehouseid`.", "019cdc2f-1c2d-7abc-8def-0123456789ab"),
    ]

    // swift-format-ignore
    /// The parameters of queries. A parameter that a route does not know is refused.
    static let queries: [Parameter] = [
        row(.query, "limit",        .integer(1...Int64(Query.longestPage)).byDefault(100), "How many items a page has at most.", 50),
        row(.query, "cursor",       .text(1...), "The `next` of the page before, to go on behind it.", "42"),
        row(.query, "organization", .text(), "In a list: this organization and all below it. At one panel or door: the organization where it stands, where several that the key reaches have one of that id.", "acme"),
        row(.query, "panel",        .text(), "The doors of the panels of that id alone.", "1070000"),
        row(.query, "since",        .told, "From this instant on (a `+` as `%2B`). For events, when the gateway took them; for deliveries, when they came to be owed.", "2026-03-11T00:00:00Z"),
        row(.query, "until",        .told, "Before this instant; a date alone means the end of that day.", "2036-03-12T00:00:00Z"),
        row(.query, "after",        .text(pattern: "^(0|[1-9][0-9]{0,17})$"), "The `next` of the page before, or a stream's last id; 0 for the beginning.", "0"),
        row(.query, "kind",         .text(1...), "Globs over the names of kinds, at most 100, with commas between them.", "access.*,door.forced"),
        row(.query, "door",         .text(1...), "Ids of doors, at most 100, with commas between them. Alarms at no door that the directory knows are told too.", "lobby"),
        row(.query, "wait",         .text(pattern: wait), "How long to wait for the first event where there is none yet: up to 60s, as in 30s or 500ms.", "100ms"),
        row(.query, "subscription", .text(), "Deliveries to this subscription alone.", "subscription_7a1b2c3d4e5f6071"),
        row(.query, "state",        .word(DeliveryState.Name.allCases.map(\.rawValue)), "Deliveries in this state alone.", "waiting"),
        row(.query, "outcome",      .word(Outcome.words), "Deliveries whose last attempt that is kept met this alone.", "rejected"),
        row(.query, "event",        .uuid, "Deliveries of this event alone.", "019cdc2f-1c2d-7abc-8def-0123456789ab"),
        row(.query, "reveal",       .word(["true", "false"]), "Whether to show what stands as •••: paths and queries of URLs, values of header fields, passwords. For managers, and audited.", "true"),
        row(.query, "dryRun",       .word(["true", "false"]), "Whether to count and change nothing.", "true"),
        row(.query, "known",        .text(pattern: "^[0-9A-Fa-f]{64}$"), "The `head` of an earlier proof, which must still be a link of the chain.", .string(AuditSample.head)),
    ]

    // swift-format-ignore
    /// The header fields of requests.
    static let headers: [Parameter] = [
        row(.header, "Idempotency-Key", .text(pattern: #"^[\u0021-\u007E]{1,255}$"#), "The same wish told twice by the same caller with the same key is carried out once, and answered alike.", "open-lobby-0001"),
        row(.header, "Last-Event-ID",   .text(pattern: "^(0|[1-9][0-9]{0,17})$"), "The last id that was heard, to go on behind it.", "0"),
    ]

    /// Up to a minute, in the three units.
    private static let wait = "^([0-9]|[1-5][0-9]|60)s$|^[01]m$|^([0-9]|[1-9][0-9]{1,3}|[1-5][0-9]{4}|60000)ms$"

    /// Its name among the document's components.
    var key: String { "\(place.rawValue).\(name)" }

    /// A reference to it.
    var reference: JSON { ["$ref": .string("#/components/parameters/\(key)")] }

    /// The parameter for routes that require it.
    var required: JSON { json.with(["required": true]) }

    /// The parameter in the document.
    var json: JSON {
        var object = JSONObject()
        object["name"] = .string(name)
        object["in"] = .string(place.rawValue)
        object["description"] = .string(sentence)
        if place == .path { object["required"] = true }
        object["schema"] = schema.json
        object["example"] = sample
        return .object(object)
    }
}
