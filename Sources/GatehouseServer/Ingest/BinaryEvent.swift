internal import GatehouseCore
internal import HTTPTypes

/// An event in the binary mode of the CloudEvents HTTP binding (1.0.2, section 3.1): attributes in `ce-*` header
/// fields, the data in the body.
enum BinaryEvent {
    /// Says whether a request is in binary mode: it has at least one attribute.
    static func isOne(_ headers: HTTPFields) -> Bool {
        headers.contains { $0.name.canonicalName.hasPrefix("ce-") }
    }

    /// The draft as the structured mode would have it.
    static func draft(_ headers: HTTPFields, data: JSON?) throws(ValidationError) -> JSON {
        var draft = JSONObject()
        for field in headers where field.name.canonicalName.hasPrefix("ce-") {
            let name = String(field.name.canonicalName.dropFirst(3))
            guard EventAttributes.isName(name) else { throw Self.refusal(of: name) }
            guard name != "data", draft[name] == nil else {
                throw ValidationError(
                    .malformed, field: name, "the header field ce-\(name) may not stand here, or stands twice")
            }
            guard let value = value(of: field.value) else {
                throw ValidationError(.malformed, field: name, "the value of ce-\(name) is not percent-encoded UTF-8")
            }
            draft[name] = .string(value)
        }
        draft["data"] = data
        return .object(draft)
    }

    /// The refusal of a header field that is not an attribute, because its name has more than letters and digits
    /// (CloudEvents 1.0.2, section 3.1). `data_base64` is one: it is a member of the JSON format.
    private static func refusal(of name: String) -> ValidationError {
        let shown = name.prefix(100)
        let advice =
            name == "data_base64"
            ? "here the body is the data" : "the name of an attribute has lower-case letters and digits alone"
        return ValidationError(.unknownField, field: name, "ce-\(shown) is no attribute of a CloudEvent: \(advice)")
    }

    /// Removes quotes first and then the percent-encoding, as section 3.1.3.2 requires of receivers.
    private static func value(of field: String) -> String? {
        guard field.utf8.count >= 2, field.hasPrefix("\""), field.hasSuffix("\"") else {
            return PercentEncoding.decode(field)
        }
        var text = ""
        var isEscaped = false
        for character in field.dropFirst().dropLast() {
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                text.append(character)
                isEscaped = false
            }
        }
        return PercentEncoding.decode(text)
    }
}
