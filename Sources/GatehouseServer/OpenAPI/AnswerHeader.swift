internal import GatehouseCore

/// A header field of answers.
struct AnswerHeader: Sendable {
    let name: String
    let schema: Schema
    let sentence: String
    /// Whether every answer that lists it has it.
    let isCertain: Bool

    private static func row(
        _ name: String, _ schema: Schema, _ sentence: String, isCertain: Bool = false
    ) -> AnswerHeader {
        AnswerHeader(name: name, schema: schema, sentence: sentence, isCertain: isCertain)
    }

    // swift-format-ignore
    /// All header fields.
    static let all: [AnswerHeader] = [
        row("X-Request-Id",          .text(), "Names the request in the gateway's log.", isCertain: true),
        row("Location",              .text(), "Where what was made is found.", isCertain: true),
        row("WWW-Authenticate",      .text(), "How to prove who calls.", isCertain: true),
        row("Allow",                 .text(), "The methods that the path takes.", isCertain: true),
        row("Accept-Encoding",       .text(), "The coding of bodies that is read, where another was sent."),
        row("Retry-After",           .text(pattern: "^[0-9]+$"), "In how many seconds to come again."),
        row("X-RateLimit-Limit",     .text(pattern: "^[0-9]+$"), "How many requests a minute the key may make; where it is held to a rate."),
        row("X-RateLimit-Remaining", .text(pattern: "^[0-9]+$"), "How many are left of this minute."),
        row("X-RateLimit-Reset",     .text(pattern: "^[0-9]+$"), "When the minute is over, in seconds since 1970."),
    ]

    /// The field in the document.
    var json: JSON {
        var object = JSONObject()
        object["description"] = .string(sentence)
        if isCertain { object["required"] = true }
        object["schema"] = schema.json
        return .object(object)
    }

    /// The header fields of an answer: the request's id, the rate limit of the key, and the answer's own fields.
    static func references(keyed: Bool, _ more: [String]) -> JSON {
        let rates = keyed ? all.map(\.name).filter { $0.hasPrefix("X-RateLimit") } : []
        let names = ["X-Request-Id"] + more + rates
        return .object(
            JSONObject(
                names.map { JSONObject.Member($0, ["$ref": .string("#/components/headers/\($0)")]) }))
    }
}
