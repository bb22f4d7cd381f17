/// Reads a body by the table of a noun and gathers every fault on the way.
///
/// What was read is kept as changes and applied at the end, so that one missing field does not hide what is wrong with
/// the others. `null` is a field that is left out, but where it takes away: it never asks for a default, which could
/// allow more than was there.
package struct FieldReader<Subject: FieldSubject> {
    /// The table that is read by.
    package let table: FieldTable<Subject>
    /// The body, without what is left out.
    package let object: JSONObject
    /// What the fields are judged by.
    package var context: Subject.FieldContext
    /// What is to be changed; nil where one is to be made.
    package let present: Subject?
    /// Reads single fields of the body, and holds the faults.
    package var fields: Fields
    private var changes: [@Sendable (inout Subject) -> Void] = []
    private var finished: Set<String> = []

    /// How many wrong members of one list are told; each costs a search for the nearest right one.
    private static var reported: Int { 10 }

    /// Takes a body, to make a subject or to change one.
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

    /// What is wrong so far.
    package var faults: ValidationErrors { fields.faults }

    // MARK: Reading

    /// Refuses what is shown in the place of a value: kept, it would be the value.
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

    /// Reads all that were not read yet, in the order of the table.
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

    /// Reads one field whose value is needed before the others; nil and a fault where it is missing or cannot stand.
    package mutating func take<Value>(_ name: String, _ codec: FieldCodec<Subject, Value>) -> Value? {
        finished.insert(name)
        guard let value = object[name] else {
            if let missing = table[name]?.missing { refuse(.missingField, name, missing(context)) }
            return nil
        }
        return codec.read(name, value, &self)
    }

    /// Reads what was not read yet, and makes of it what is to be.
    ///
    /// - Parameter subject: what the values are put into: one that has the defaults, or the one to change.
    /// - Throws: every fault at once.
    package mutating func finish(_ subject: Subject) throws(ValidationErrors) -> Subject {
        readOthers()
        try check()
        return applied(to: subject)
    }

    // MARK: Changing

    /// Keeps a value for ``applied(to:)``.
    package mutating func set<Value: Sendable>(_ place: FieldRow<Subject>.Place<Value>, _ value: Value) {
        changes.append { $0[keyPath: place] = value }
    }

    /// What comes of a subject by what was read, its faults aside.
    package func applied(to subject: Subject) -> Subject {
        var subject = subject
        for change in changes { change(&subject) }
        return subject
    }

    // MARK: Faults

    /// Throws what was found, if anything was.
    package func check() throws(ValidationErrors) { try fields.check() }

    /// Adds a fault.
    package mutating func refuse(_ code: ValidationError.Code, _ field: String, _ sentence: String) {
        fields.refuse(ValidationError(code, field: field, sentence))
    }

    /// Adds a fault, in the place of a value.
    package mutating func fault<Value>(_ code: ValidationError.Code, _ field: String, _ sentence: String) -> Value? {
        refuse(code, field, sentence)
        return nil
    }

    /// Tells of the first of what is wrong in one list, and counts the rest.
    package mutating func refuse<Item>(_ wrong: [Item], _ fault: (Item) -> ValidationError) {
        for item in wrong.prefix(Self.reported) { fields.refuse(fault(item)) }
        fields.countUntold(wrong.count - Self.reported)
    }

    /// A value of another type than is wanted.
    package mutating func wrongType<Value>(_ field: String, _ wanted: String, _ value: JSON) -> Value? {
        fault(.wrongType, field, "\(field) takes \(wanted), not \(value.sort)")
    }
}
