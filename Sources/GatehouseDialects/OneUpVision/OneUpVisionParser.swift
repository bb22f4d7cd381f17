internal import GatehouseCore

/// Reads the contract's bodies back into our words. The name of what happened is in a header; where there is none, a
/// body is read as the creation of what it tells of.
struct OneUpVisionParser {
    private let row: OneUpVisionEvents.Row
    private let value: JSON
    private var parsed: ParsedEvent

    /// Reads a body. - Throws: the fault of the first field that is missing or of another type.
    static func parse(_ body: [UInt8], named name: String?) throws(ValidationError) -> ParsedEvent {
        let object = try ParsedEvent.object(in: body)
        let row = try row(of: object, named: name)
        guard let value = object[row.resource.key] else {
            throw ValidationError(.missingField, field: row.resource.key, "\(row.resource.key) is missing")
        }
        var parser = OneUpVisionParser(row: row, value: value, parsed: ParsedEvent(kind: row.kind))
        try parser.read()
        return parser.parsed
    }

    private static func row(of object: JSONObject, named name: String?) throws(ValidationError) -> OneUpVisionEvents.Row
    {
        if let name {
            if let row = OneUpVisionEvents.row(named: name) { return row }
            throw ValidationError(
                .unknownKind, field: "X-ServiceHook-Event",
                "there is no event \"\(name)\"\(Nearest.hint(for: name, among: OneUpVisionEvents.names))")
        }
        let row = OneUpVisionEvents.rows.first { object[$0.resource.key] != nil && $0.kind != .accessGranted }
        guard let row else {
            throw ValidationError(.missingField, field: "punch", "the body names no resource of the contract")
        }
        return row
    }

    private mutating func read() throws(ValidationError) {
        switch row.resource {
        case .person:
            parsed.data["change"] = change
            try readPerson(try object(value, row.resource.key), at: row.resource.key)
        case .people, .peopleGone:
            guard value.items != nil else { throw wrong("people", "a list") }
            parsed.data["change"] = change
            parsed.data["details"] = ["people": value]
            parsed.labels.numbers.people = value.items?.map { $0["id"]?.integer ?? 0 } ?? []
            number(.account, value.items?.first?["organization_id"])
        case .punch, .passage: try readBlock("punch", timed: "punched_at")
        case .attendance: try readBlock("attendance", timed: "updated_at")
        case .visit: try readVisit()
        }
    }

    private var change: JSON {
        switch row.kind {
        case .personUpdated, .personBulkUpdated: "updated"
        case .personDeleted, .personBulkDeleted: "deleted"
        default: "created"
        }
    }

    // MARK: One of each

    private mutating func readPerson(_ person: JSONObject, at path: String) throws(ValidationError) {
        var block = JSONObject()
        var rest = JSONObject()
        for member in person.members {
            if member.key == "id" {
                guard let number = member.value.integer else { throw wrong("\(path).id", "a whole number") }
                block["id"] = .string(String(number))
                parsed.labels.numbers[.person] = number
            } else if let own = OneUpVisionView.personKeys.first(where: { $0.key == member.key })?.block,
                member.value.text != nil
            {
                block[own] = member.value
            } else {
                rest[member.key] = member.value
            }
        }
        number(.account, person["organization_id"])
        if block["id"] == nil { throw ValidationError(.missingField, field: "\(path).id", "\(path).id is missing") }
        parsed.data["person"] = .object(block)
        if !rest.isEmpty { parsed.data["details"] = ["person": .object(rest)] }
    }

    /// A resource whose fields our block has under the same names, its person apart.
    private mutating func readBlock(_ block: String, timed: String) throws(ValidationError) {
        var fields = try object(value, block)
        guard let id = fields["id"] else {
            throw ValidationError(.missingField, field: "\(block).id", "\(block).id is missing")
        }
        parsed.sourceID = id.text ?? id.compact
        parsed.time = fields[timed]?.text.flatMap { try? TimeText($0) }
        numberRecords(of: fields, in: block)
        let person = fields["person"]
        fields["person"] = nil
        if let person, person != .null { try readPerson(try object(person, "\(block).person"), at: "\(block).person") }
        parsed.data[block] = .object(fields)
        // In the order in which the shipped events have them.
        if let details = parsed.data["details"] {
            parsed.data["details"] = nil
            parsed.data["details"] = details
        }
    }

    private mutating func readVisit() throws(ValidationError) {
        var fields = try object(value, "visit")
        guard let id = fields["id"] else {
            throw ValidationError(.missingField, field: "visit.id", "visit.id is missing")
        }
        parsed.sourceID = id.text ?? id.compact
        parsed.time = fields["updated_at"]?.text.flatMap { try? TimeText($0) }
        number(.visit, id)
        number(.account, fields["organization_id"])
        var visit = JSONObject()
        for (key, own) in [("id", "id"), ("checked_in_at", "checkedInAt"), ("checked_out_at", "checkedOutAt")] {
            if let value = fields[key], value != .null { visit[own] = value }
            fields[key] = nil
        }
        let visitor = fields["visitor"]
        fields["visitor"] = nil
        for member in fields.members where member.value != .null { visit[member.key] = member.value }
        parsed.data["visit"] = .object(visit)
        if let visitor, visitor != .null { try readVisitor(try object(visitor, "visit.visitor")) }
    }

    private mutating func readVisitor(_ visitor: JSONObject) throws(ValidationError) {
        var block = JSONObject()
        if let id = visitor["id"], id != .null {
            guard let number = id.integer else { throw wrong("visit.visitor.id", "a whole number") }
            block["id"] = .string(String(number))
            parsed.labels.numbers[.visitor] = number
        }
        for (key, own) in OneUpVisionView.visitorKeys {
            if let value = visitor[key], value != .null { block[own] = value }
        }
        parsed.data["visitor"] = .object(block)
    }

    // MARK: What they share

    /// The numbers of a punch or an attendance record, and of what stands in it. A body that gives one thing two
    /// numbers keeps the first.
    private mutating func numberRecords(of fields: JSONObject, in block: String) {
        let attendance = block == "attendance" ? JSON.object(fields) : fields["attendance"]
        if block == "punch" { number(.punch, fields["id"]) }
        number(.attendance, attendance?["id"])
        number(.shift, fields["shift"]?["id"])
        number(.shift, attendance?["shift_id"])
        number(.person, fields["person"]?["id"])
        number(.person, attendance?["person_id"])
        number(.account, fields["organization_id"])
    }

    private mutating func number(_ subject: Numbers.Subject, _ value: JSON?) {
        guard parsed.labels.numbers[subject] == nil else { return }
        parsed.labels.numbers[subject] = value?.integer
    }

    private func object(_ json: JSON, _ path: String) throws(ValidationError) -> JSONObject {
        guard let object = json.object else { throw wrong(path, "an object") }
        return object
    }

    private func wrong(_ path: String, _ wanted: String) -> ValidationError {
        ValidationError(.wrongType, field: path, "\(path) takes \(wanted)")
    }
}
