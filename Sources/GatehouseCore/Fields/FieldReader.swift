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

    /// Refuses fields that the noun does not have.
    package mutating func refuseUnknown() {
        let known = table.names(present == nil ? .creation : .change)
        let strangers = object.members.map(\.key).filter { !known.contains($0) }
        for name in strangers.prefix(table.toldUnknown) {
            refuse(.unknownField, name, table.unknown(name, known))
        }
        fields.countUntold(strangers.count - table.toldUnknown)
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
