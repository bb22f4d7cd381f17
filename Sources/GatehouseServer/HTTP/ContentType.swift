internal import GatehouseCore
internal import HTTPTypes

/// The media type of a body without its parameters. The only charset is UTF-8.
struct ContentType: Hashable, Sendable {
    /// Type and subtype in lower case, `application/json`.
    let essence: String

    /// Reads the header field; nil if there is none, or it names a charset other than UTF-8.
    init?(_ headers: HTTPFields) {
        guard let field = headers[.contentType] else { return nil }
        let parts = field.split(separator: ";").map { Self.trimmed($0).lowercased() }
        guard let essence = parts.first else { return nil }
        for parameter in parts.dropFirst() where parameter.hasPrefix("charset=") {
            let charset = parameter.dropFirst("charset=".count).filter { $0 != "\"" }
            guard charset == "utf-8" || charset == "utf8" else { return nil }
        }
        self.essence = essence
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let front = text.drop { $0 == " " || $0 == "\t" }
        guard let end = front.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return front[...end]
    }

    /// The refusal of every other type; it names the accepted ones.
    static func refusal(of headers: HTTPFields, taken: [String]) -> ValidationError {
        let given = headers[.contentType].map { "not \($0)" } ?? "and it must be named"
        return ValidationError(
            .unsupportedMedia, field: "content-type",
            "the body's Content-Type is one of \(taken.joined(separator: ", ")), in UTF-8, \(given)")
    }
}
