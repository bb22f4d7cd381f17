internal import FoundationEssentials

/// A CloudEvent (1.0.2, JSON format) as a caller posts it: the parts that are checked, and the reporter's own
/// attributes, which are kept unchanged.
struct CloudEventDraft {
    /// The attributes that are checked, and the data.
    private(set) var draft: JSONObject
    /// `subject`, `dataschema` and the extension attributes, in their order.
    private(set) var own: JSONObject

    /// Reads a draft. A null value counts as omitted (JSON format, section 2.3), except in a required attribute.
    ///
    /// - Throws: the fault of the first invalid attribute, or of unreadable data.
    init(_ posted: JSONObject, depth: Int) throws(ValidationError) {
        draft = posted
        own = JSONObject()
        // Most events have no attributes of their own and need no copy.
        if !posted.members.allSatisfy({ Self.judged.contains($0.key) && !$0.value.isNull }) {
            let present = posted.members.filter { !$0.value.isNull || Self.required.contains($0.key) }
            draft = JSONObject(distinct: present.filter { Self.judged.contains($0.key) })
            own = JSONObject(distinct: present.filter { !Self.judged.contains($0.key) })
            try EventAttributes.check(own)
        }
        try checkVersion()
        try checkType()
        try readBase64(depth: depth)
        if let data = draft["data"]?.object, let present = Self.withoutNulls(data) { draft["data"] = .object(present) }
    }

    /// The data without nulls where none is allowed: a null block, or a null field of a block, counts as omitted. In
    /// open fields and in `details` null is a value. Nil if there is nothing to remove: most events need no copy.
    private static func withoutNulls(_ data: JSONObject) -> JSONObject? {
        let isSuspect = data.members.contains { member in
            member.value.isNull || (member.value.object?.members.contains { $0.value.isNull } ?? false)
        }
        guard isSuspect else { return nil }
        return JSONObject(
            distinct: data.members.compactMap { member in
                guard let block = Block(rawValue: member.key) else { return member }
                guard let object = member.value.object else { return member.value.isNull ? nil : member }
                let present = object.members.filter { field in
                    !field.value.isNull || BlockTable.rule(field.key, of: block)?.complaint(.null) == nil
                }
                return JSONObject.Member(member.key, .object(JSONObject(distinct: present)))
            })
    }

    /// What two posts of the same event have in common. It is the same in every mode of CloudEvents.
    ///
    /// Extension attributes count as texts, as in header fields. The type of the data does not count, because it is
    /// JSON under every name. The trace context does not count either: it describes how the event came here
    /// (distributed tracing extension), so a repetition with another trace context is the same event.
    var identity: JSON {
        guard !own.isEmpty || draft[Self.type] != nil else { return .object(draft) }
        let kept = own.members.filter { !EventAttributes.tracing.contains($0.key) }
        return .object(
            JSONObject(
                distinct: draft.members.filter { $0.key != Self.type }
                    + kept.map { JSONObject.Member($0.key, EventAttributes.canonical($0.value)) }))
    }

    private static let type = "datacontenttype"

    /// The attributes that are checked one by one, and the data.
    private static let judged = required + optional + ["data_base64"]

    private static let required = ["specversion", "id", "source", "type"]
    private static let optional = ["time", "organization", "datacontenttype", "data"]

    /// Every attribute that a misspelled name may mean.
    static let names = required + optional + ["subject", "dataschema"]

    private func checkVersion() throws(ValidationError) {
        guard let version = draft["specversion"] else {
            throw ValidationError(.missingField, field: "specversion", "specversion is missing: it is \"1.0\"")
        }
        guard version == "1.0" else {
            throw ValidationError(.outOfBounds, field: "specversion", "specversion takes \"1.0\"")
        }
    }

    /// The type of the data is JSON, in any spelling.
    private mutating func checkType() throws(ValidationError) {
        guard let type = draft["datacontenttype"] else { return }
        guard let text = type.text, JSONMediaType.isOne(text) else {
            throw ValidationError(
                .outOfBounds, field: "datacontenttype",
                "datacontenttype takes \"application/json\" or another type of JSON, in UTF-8")
        }
        if text != "application/json" { draft["datacontenttype"] = "application/json" }
    }

    /// Binary data that is JSON counts as ordinary data.
    private mutating func readBase64(depth: Int) throws(ValidationError) {
        let name = "data_base64"
        guard let value = draft[name] else { return }
        guard let text = value.text else {
            throw ValidationError(.wrongType, field: name, "\(name) takes text, not \(value.sort)")
        }
        guard draft["data"] == nil else {
            throw ValidationError(.contradiction, field: name, "an event has data or data_base64, not both")
        }
        guard let bytes = Data(base64Encoded: text) else {
            throw ValidationError(.wrongType, field: name, "data_base64 takes base64 (RFC 4648, section 4)")
        }
        draft[name] = nil
        guard !bytes.isEmpty else { return }
        do {
            let data = try JSONParser.parse(Array(bytes), depthLimit: depth)
            // A null value counts as omitted, in this mode as in the others.
            if !data.isNull { draft["data"] = data }
        } catch {
            throw ValidationError(
                error.isTooLarge ? .tooLarge : .malformed, field: name,
                "data_base64 holds JSON: \(error.sentence), at byte \(error.offset) of what it stands for")
        }
    }
}

extension JSON {
    fileprivate var isNull: Bool {
        guard case .null = self else { return false }
        return true
    }
}
