internal import GatehouseCore
internal import HTTPTypes

/// Reads each form in which events may be posted, into drafts that the admission checks.
///
/// | Content-Type | body |
/// |---|---|
/// | `application/cloudevents+json` | one event (structured mode of the CloudEvents HTTP binding) |
/// | `application/cloudevents-batch+json` | an array of them (batched mode) |
/// | any JSON, or none named, with `ce-*` header fields | the event's data, or nothing (binary mode) |
/// | `application/json` | one event, or an array of them |
/// | `application/x-ndjson` | one event a line, blank lines skipped |
struct EventDecoder: Sendable {
    /// The accepted content types.
    static let taken = [
        "application/cloudevents+json", "application/cloudevents-batch+json", "application/json",
        "application/x-ndjson",
    ]

    /// The bounds in force.
    let settings: ServerSettings

    /// The drafts in a body, at least one, in its order.
    ///
    /// - Throws: a fault; it names the place of the draft if one draft causes it.
    func drafts(_ headers: HTTPFields, _ body: [UInt8]) throws(ValidationError) -> [JSON] {
        if let draft = try binary(headers, body) { return [draft] }
        switch ContentType(headers)?.essence {
        case "application/cloudevents+json":
            return [try value(in: body[...])]
        case "application/cloudevents-batch+json":
            return try batch(in: body)
        case "application/json":
            let first = body.first { !Self.isSpace($0) }
            return first == UInt8(ascii: "[") ? try batch(in: body) : [try value(in: body[...])]
        case "application/x-ndjson":
            return try lines(in: body)
        default:
            throw ContentType.refusal(of: headers, taken: Self.taken)
        }
    }

    /// The draft of a request in binary mode; nil if it is not in binary mode. A body without a Content-Type is JSON
    /// there (CloudEvents' HTTP binding, section 3.1), and an empty body is an event without data.
    private func binary(_ headers: HTTPFields, _ body: [UInt8]) throws(ValidationError) -> JSON? {
        let type = headers[.contentType]
        let isStructured = type?.lowercased().hasPrefix("application/cloudevents") ?? false
        guard !isStructured, type.map(JSONMediaType.isOne) ?? true, BinaryEvent.isOne(headers) else { return nil }
        return try BinaryEvent.draft(headers, data: body.isEmpty ? nil : try value(in: body[...]))
    }

    private func batch(in body: [UInt8]) throws(ValidationError) -> [JSON] {
        // The array around the events is one more level than an event may have.
        let value = try value(in: body[...], depth: settings.depth + 1)
        guard let drafts = value.items else {
            throw ValidationError(.malformed, "the body is an array of events, not \(value.sort)")
        }
        try checkCount(drafts.count)
        return drafts
    }

    private func lines(in body: [UInt8]) throws(ValidationError) -> [JSON] {
        var drafts: [JSON] = []
        for line in body.split(separator: UInt8(ascii: "\n")) where !line.allSatisfy(Self.isSpace) {
            try checkCount(drafts.count + 1)
            drafts.append(try value(in: line, index: drafts.count))
        }
        try checkCount(drafts.count)
        return drafts
    }

    private func checkCount(_ count: Int) throws(ValidationError) {
        guard count > 0 else { throw ValidationError(.malformed, "there is no event in the body; send at least one") }
        guard count <= settings.batchEvents else {
            throw ValidationError(
                .tooLarge, "the batch has more than \(settings.batchEvents) events; send several batches")
        }
    }

    private func value(in bytes: ArraySlice<UInt8>, index: Int? = nil, depth: Int? = nil) throws(ValidationError)
        -> JSON
    {
        do {
            return try JSONParser.parse(Array(bytes), depthLimit: depth ?? settings.depth)
        } catch {
            let place = index == nil ? "byte \(error.offset) of the body" : "byte \(error.offset) of the event's line"
            throw ValidationError(
                error.isTooLarge ? .tooLarge : .malformed, "\(error.sentence), at \(place)", index: index)
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}
