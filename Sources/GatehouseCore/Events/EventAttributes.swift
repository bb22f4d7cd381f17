/// The reporter's own attributes of an event: `subject`, `dataschema` and the extension attributes of CloudEvents 1.0.2
/// (sections 3 and 4). They are stored, sent to receivers of CloudEvents, and never interpreted.
public enum EventAttributes {
    /// The maximum number of extension attributes of an event.
    public static let most = 20
    /// The maximum length of their names, in letters and digits (section 3.1).
    public static let longestName = 20
    /// The maximum length of an attribute's text, in bytes.
    public static let longestText = 1024

    /// The trace context: it describes how an event came here, not its content.
    static let tracing: Set<String> = ["traceparent", "tracestate"]
    private static let optional: Set<String> = ["subject", "dataschema"]
    /// Blocks that callers confuse with attributes: a door beside the data instead of in it would be ignored.
    private static let blocks: Set<String> = ["door", "panel"]

    /// Checks the attributes outside the envelope. - Throws: the fault of the first invalid one.
    static func check(_ attributes: JSONObject) throws(ValidationError) {
        for member in attributes.members {
            if optional.contains(member.key) { try checkOptional(member) } else { try checkExtension(member) }
        }
        let count = attributes.members.count { !optional.contains($0.key) }
        guard count <= most else {
            throw ValidationError(
                .outOfBounds, field: attributes.members.last?.key,
                "an event has at most \(most) extension attributes, not \(count)")
        }
    }

    private static func checkOptional(_ member: JSONObject.Member) throws(ValidationError) {
        let name = member.key
        guard let text = member.value.text else {
            throw ValidationError(.wrongType, field: name, "\(name) takes text, not \(member.value.sort)")
        }
        guard !text.isEmpty else {
            throw ValidationError(.outOfBounds, field: name, "\(name) is empty: give it a text, or leave it out")
        }
        try check(text, name)
        guard name == "subject" || isAbsoluteURI(text) else {
            throw ValidationError(
                .outOfBounds, field: name, "\(name) takes an absolute URI, such as https://example.com/schema")
        }
    }

    private static func checkExtension(_ member: JSONObject.Member) throws(ValidationError) {
        let name = member.key
        try checkName(name)
        switch member.value {
        case .string(let text): try check(text, name)
        case .bool: break
        case .number:
            guard let number = member.value.integer, Int32(exactly: number) != nil else {
                throw ValidationError(
                    .outOfBounds, field: name, "\(name) takes whole numbers of 32 bits, text, true or false")
            }
        case .null, .array, .object:
            throw ValidationError(
                .wrongType, field: name,
                "\(name) is an extension attribute: it takes text, a whole number, true or false, not "
                    + "\(member.value.sort). What a kind has beyond the common blocks goes into data.details")
        }
    }

    private static func checkName(_ name: String) throws(ValidationError) {
        if name.hasPrefix("gatehouse") || name == "receivedtime" {
            throw ValidationError(.unknownField, field: name, "\(name) is set by the gateway: leave it out")
        }
        if blocks.contains(name) {
            throw ValidationError(.unknownField, field: name, "\(name) stands in data: {\"data\":{\"\(name)\":…}}")
        }
        guard isName(name), name.utf8.count <= longestName else {
            let hint = Nearest.hint(for: name, among: CloudEventDraft.names)
            throw ValidationError(
                .unknownField, field: name,
                "an event has no attribute \(name.prefix(100))\(hint) What a kind has beyond the common blocks goes "
                    + "into data.details; the name of an extension attribute has 1 to \(longestName) lower-case "
                    + "letters and digits")
        }
    }

    /// Whether an attribute's name may have these characters. It does not check the length.
    public static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy(isLetterOrDigit)
    }

    /// The value of an extension attribute in the form of a header field (CloudEvents 1.0.2, section 3.1): in binary
    /// mode every value is a text.
    static func canonical(_ value: JSON) -> JSON {
        switch value {
        case .bool(let flag): .string(flag ? "true" : "false")
        case .number(let number): .string(number.text)
        case .null, .string, .array, .object: value
        }
    }

    private static func check(_ text: String, _ name: String) throws(ValidationError) {
        guard text.utf8.count <= longestText else {
            throw ValidationError(.outOfBounds, field: name, "\(name) takes at most \(longestText) bytes of text")
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }) else {
            throw ValidationError(.outOfBounds, field: name, "\(name) takes no control characters")
        }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// RFC 3986, section 4.3, limited to a scheme, a colon, and printable ASCII without blanks.
    private static func isAbsoluteURI(_ text: String) -> Bool {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), let first = text.utf8.first else { return false }
        let isScheme =
            (first | 0x20).isLowerCaseLetter
            && text.utf8[..<colon].allSatisfy {
                isLetterOrDigit($0 | 0x20) || isLetterOrDigit($0) || "+-.".utf8.contains($0)
            }
        return isScheme && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

extension UInt8 {
    fileprivate var isLowerCaseLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
}
