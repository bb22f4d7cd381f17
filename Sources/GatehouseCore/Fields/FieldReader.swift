/// A field that an answer has beside those of the table of its noun.
package struct ShownField: Sendable {
    /// Its value; nil where it is not known.
    let value: JSON?
    /// What is said to a caller who wants to set it.
    let refusal: String

    /// Joins the two.
    package init(_ value: JSON?, refusal: String) {
        self.value = value
        self.refusal = refusal
    }
}

/// Reads a body by a field table and collects every fault.
///
/// It stores the values as changes and applies them at the end, so that one missing field does not hide faults of
/// others. `null` counts as an omitted field, unless the field is removable: `null` never asks for a default, which
/// could allow more than before.
package struct FieldReader<Subject: FieldSubject> {
    /// The field table.
    package let table: FieldTable<Subject>
    /// The body, without its omitted fields.
    package let object: JSONObject
    /// The context for checking the fields.
    package var context: Subject.FieldContext
    /// The subject to change; nil to create one.
    package let present: Subject?
    /// Reads single fields of the body, and collects the faults.
    package var fields: Fields
    /// Fields by their names that are shown beside those of the table, and that a body does not set.
    package var shown: [String: ShownField] = [:]
    private var changes: [@Sendable (inout Subject) -> Void] = []
    private var finished: Set<String> = []

    /// How many wrong items of one list are reported; each costs a search for the nearest valid one.
    private static var reported: Int { 10 }

    /// Takes a body for creating or changing a subject.
    package init(
        _ object: JSONObject, by table: FieldTable<Subject>, _ context: Subject.FieldContext,
        changing present: Subject? = nil
    ) {
        let use: FieldUses = present == nil ? .creation : .change
        let taken = object.members.filter { member in
            guard member.value == .null, let row = table[member.key], row.uses.contains(use) else { return true }
            return present != nil && row.isRemovable
        }
        self.table = table
        self.object = JSONObject(taken)
        self.context = context
        self.present = present
        self.fields = Fields(self.object)
    }

    /// The faults so far.
    package var faults: ValidationErrors { fields.faults }

    // MARK: Reading

    /// Refuses a mask in place of a value: stored, it would become the value.
    package mutating func refuseMasks() {
        if let place = Mask.place(in: .object(object)) { fields.refuse(Mask.fault(at: place)) }
    }

    /// Refuses fields that the noun does not have, and those that it shows and that callers do not set. A change may
    /// repeat such a field as it is, so that a client can send back what it read.
    package mutating func refuseUnknown() {
        let known = table.names(present == nil ? .creation : .change)
        let strangers = object.members.filter { !known.contains($0.key) && !isRepeated($0) }
        for member in strangers.prefix(table.toldUnknown) {
            let name = member.key
            if let field = shown[name] {
                refuse(present == nil ? .unknownField : .outOfBounds, name, field.refusal)
            } else {
                refuse(.unknownField, name, table.refusalToSet(name) ?? table.unknown(name, known))
            }
        }
        fields.countUntold(strangers.count - table.toldUnknown)
    }

    /// Whether a change has a field that callers do not set with the value that the field has. Secrets are not
    /// compared, because an acceptance would prove them.
    private func isRepeated(_ member: JSONObject.Member) -> Bool {
        guard let present else { return false }
        if let field = shown[member.key] { return field.value == member.value }
        guard let row = table[member.key], row.uses.contains(.answer), !row.isShownOnce else { return false }
        return (row.write(present) ?? .null) == member.value
    }

    /// Reads these fields, in this order.
    package mutating func read(_ names: String...) {
        for name in names { table[name].map { read($0) } }
    }

    /// Reads all remaining fields, in the order of the table.
    package mutating func readOthers() {
        for row in table.read { read(row) }
    }

    private mutating func read(_ row: FieldRow<Subject>) {
        guard finished.insert(row.name).inserted, !row.uses.isDisjoint(with: .taken) else { return }
        if row.isFixed, present == nil { return }
        if let value = object[row.name] {
            row.read(value, &self)
        } else if present == nil, let missing = row.missing {
            refuse(.missingField, row.name, missing(context))
        }
    }

    /// Reads one field whose value is needed before the others; nil and a fault if it is missing or not valid.
    package mutating func take<Value>(_ name: String, _ codec: FieldCodec<Subject, Value>) -> Value? {
        finished.insert(name)
        guard let value = object[name] else {
            if let missing = table[name]?.missing { refuse(.missingField, name, missing(context)) }
            return nil
        }
        return codec.read(name, value, &self)
    }

    /// Reads the remaining fields, and makes the new subject.
    ///
    /// - Parameter subject: gets the values: a subject with the defaults, or the one to change.
    /// - Throws: all faults at once.
    package mutating func finish(_ subject: Subject) throws(ValidationErrors) -> Subject {
        readOthers()
        try check()
        return applied(to: subject)
    }

    // MARK: Changing

    /// Stores a value for ``applied(to:)``.
    package mutating func set<Value: Sendable>(_ place: FieldRow<Subject>.Place<Value>, _ value: Value) {
        changes.append { $0[keyPath: place] = value }
    }

    /// A subject with the values that were read, in spite of faults.
    package func applied(to subject: Subject) -> Subject {
        var subject = subject
        for change in changes { change(&subject) }
        return subject
    }

    // MARK: Faults

    /// Throws the collected faults, if there are any.
    package func check() throws(ValidationErrors) { try fields.check() }

    /// Adds a fault.
    package mutating func refuse(_ code: ValidationError.Code, _ field: String, _ sentence: String) {
        fields.refuse(ValidationError(code, field: field, sentence))
    }

    /// Adds a fault and returns nil in place of a value.
    package mutating func fault<Value>(_ code: ValidationError.Code, _ field: String, _ sentence: String) -> Value? {
        refuse(code, field, sentence)
        return nil
    }

    /// Reports the first wrong items of one list, and counts the rest.
    package mutating func refuse<Item>(_ wrong: [Item], _ fault: (Item) -> ValidationError) {
        for item in wrong.prefix(Self.reported) { fields.refuse(fault(item)) }
        fields.countUntold(wrong.count - Self.reported)
    }

    /// The fault of a value with the wrong type.
    package mutating func wrongType<Value>(_ field: String, _ wanted: String, _ value: JSON) -> Value? {
        fault(.wrongType, field, "\(field) takes \(wanted), not \(value.sort)")
    }
}
