/// The uses of a field.
package struct FieldUses: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    /// The body of a creation may have it.
    package static let creation = FieldUses(rawValue: 1)
    /// The body of a change may have it.
    package static let change = FieldUses(rawValue: 2)
    /// An answer has it.
    package static let answer = FieldUses(rawValue: 4)
    /// The stored form has it.
    package static let store = FieldUses(rawValue: 8)
    /// The document describes it among the properties of an answer.
    package static let description = FieldUses(rawValue: 16)

    /// All.
    package static let all: FieldUses = [.creation, .change, .answer, .store, .description]
    /// The uses in bodies.
    package static let taken: FieldUses = [.creation, .change]
    /// What callers see.
    static let seen: FieldUses = [.answer, .description]
}

/// The published orders of fields that may differ from the order of the rows.
package enum FieldOrder: Hashable, Sendable {
    /// The members of an answer; starts from the order of the description.
    case answer
    /// The properties of an answer in the document.
    case description
    /// The properties of a change in the document.
    case change
    /// The reading of fields, and so their faults.
    case reading
    /// The names in the sentence that lists the known fields.
    case listing
}

/// One field of a noun: its name, its place, and how it is read, written, refused, described and masked.
package struct FieldRow<Subject: FieldSubject>: Sendable {
    /// The requirement on the stored form of a field.
    package enum Keeping: Sendable {
        /// None: if it is missing or unreadable, the default is used.
        case any
        /// If it is stored, it must be readable; otherwise the bytes are damaged.
        case sound
        /// Every stored object has it.
        case always
    }

    /// The place of the value in the subject.
    package typealias Place<Value> = any WritableKeyPath<Subject, Value> & Sendable

    /// Its name in bodies, answers and the store.
    package let name: String
    /// Its uses.
    package private(set) var uses: FieldUses = .all
    /// The meaning of an answer's value, in a sentence for the document.
    let help: String
    /// The sentence for the body of a creation.
    private(set) var takenHelp: String
    /// The sentence for the body of a change.
    private(set) var changedHelp: String
    /// The sentence of the fault if it is missing; nil if it is optional.
    private(set) var missing: (@Sendable (Subject.FieldContext) -> String)?
    /// Whether it never changes: it is set at creation, and a change is refused.
    private(set) var isFixed = false
    /// Whether `null` in a change removes its value. Otherwise the value stays, since a default could allow more than
    /// before.
    private(set) var isRemovable = false
    /// Whether only its creator sees it, once.
    private(set) var isShownOnce = false
    /// Whether an answer may lack it.
    private(set) var mayLack = false
    /// The row that it precedes in another order.
    package private(set) var places: [FieldOrder: String] = [:]

    /// Reads it from a body.
    private(set) var read: @Sendable (JSON, inout FieldReader<Subject>) -> Void
    /// Writes its value; nil if the member is omitted.
    let write: @Sendable (Subject) -> JSON?
    /// The value, if a change of it says where events go; nil for a field that every manager may change.
    private(set) var decisive: @Sendable (Subject) -> JSON?
    /// Reads its stored value; false if that is not valid.
    private(set) var restore: @Sendable (JSON, inout Subject) -> Bool = { _, _ in true }
    /// The requirement on its stored form.
    package private(set) var keeping: Keeping = .any
    /// Replaces its value by the mask, if it is secret.
    private(set) var mask: @Sendable (inout Subject) -> Void = { _ in }
    /// The schema of an answer.
    let answered: Schema
    /// The schema of a body.
    private(set) var taken: Schema

    private init(
        _ name: String, _ answered: Schema, _ help: String,
        read: @escaping @Sendable (JSON, inout FieldReader<Subject>) -> Void = { _, _ in },
        write: @escaping @Sendable (Subject) -> JSON? = { _ in nil }
    ) {
        self.name = name
        (self.help, self.takenHelp, self.changedHelp) = (help, help, help)
        (self.answered, self.taken) = (answered, answered)
        self.read = read
        self.write = write
        self.decisive = write
    }
}

// MARK: Sorts of rows

extension FieldRow {
    /// A field with a value.
    package static func row<Value>(
        _ name: String, _ place: Place<Value>, _ codec: FieldCodec<Subject, Value>, _ help: String = ""
    ) -> FieldRow {
        var row = FieldRow(
            name, codec.answered, help,
            read: { json, reader in
                if let value = codec.read(name, json, &reader) { reader.set(place, value) }
            },
            write: { codec.write($0[keyPath: place]) })
        row.taken = codec.taken
        row.restore = { json, subject in
            guard let value = codec.restore(json) else { return false }
            subject[keyPath: place] = value
            return true
        }
        if let masked = codec.masked { row.mask = { $0[keyPath: place] = masked($0[keyPath: place]) } }
        return row
    }

    /// A field with an optional value; it is `null` without one, and `null` in a change removes the value.
    package static func nullable<Value>(
        _ name: String, _ place: Place<Value?>, _ codec: FieldCodec<Subject, Value>, _ help: String = ""
    ) -> FieldRow {
        var row = FieldRow.row(name, place, codec.orNull, help)
        row.isRemovable = true
        return row
    }

    /// A field that is set at creation and never changes.
    ///
    /// - Parameter refusal: the sentence that refuses a change.
    package static func fixed(
        _ name: String, _ schema: Schema, _ help: String, _ refusal: String,
        _ write: @escaping @Sendable (Subject) -> JSON?
    ) -> FieldRow {
        var row = FieldRow(
            name, schema, help,
            read: { json, reader in
                if let present = reader.present, json != write(present) {
                    reader.refuse(.outOfBounds, name, refusal)
                }
            }, write: write)
        row.isFixed = true
        row.changedHelp = "As it is: it cannot change."
        return row
    }

    /// A read-only field, written by the gateway itself.
    package static func shown(
        _ name: String, _ schema: Schema, _ help: String, _ write: @escaping @Sendable (Subject) -> JSON?
    ) -> FieldRow {
        FieldRow(name, schema, help, write: write).only([.answer, .store, .description])
    }

    /// A field that other code adds to the answer; the table only describes it.
    package static func described(_ name: String, _ schema: Schema, _ help: String) -> FieldRow {
        FieldRow(name, schema, help).only(.description)
    }

    /// A field whose behaviour does not exist yet: a body may have it, and any value other than the present behaviour
    /// is refused.
    package static func notBuilt(
        _ name: String, accepting accepted: [JSON], as schema: Schema, _ help: String, advice: String
    ) -> FieldRow {
        FieldRow(
            name, schema, help,
            read: { json, reader in
                guard !accepted.contains(json) else { return }
                reader.refuse(.notBuilt, name, "\(name) is not built yet; \(advice)")
            }
        ).only(.taken)
    }
}

// MARK: Modifiers

extension FieldRow {
    private func with(_ change: (inout FieldRow) -> Void) -> FieldRow {
        var row = self
        change(&row)
        return row
    }

    /// The row with only these uses.
    package func only(_ uses: FieldUses) -> FieldRow { with { $0.uses = uses } }

    /// The row without these uses.
    package func no(_ uses: FieldUses) -> FieldRow { with { $0.uses.subtract(uses) } }

    /// The row with another sentence for bodies.
    package func taking(_ help: String) -> FieldRow {
        with { row in
            row.takenHelp = help
            if !row.isFixed { row.changedHelp = help }
        }
    }

    /// The row with another sentence for bodies of changes.
    package func changing(_ help: String) -> FieldRow { with { $0.changedHelp = help } }

    /// The row with another schema for bodies.
    package func taking(_ schema: Schema) -> FieldRow { with { $0.taken = schema } }

    /// The row, required at creation.
    package func required(_ missing: String? = nil) -> FieldRow {
        let missing = missing ?? "\(name) is missing"
        return required { _ in missing }
    }

    /// The row, required at creation, with a sentence that depends on the context.
    package func required(_ missing: @escaping @Sendable (Subject.FieldContext) -> String) -> FieldRow {
        with { $0.missing = missing }
    }

    /// The row, with `null` in a change removing or resetting it.
    package var removable: FieldRow { with { $0.isRemovable = true } }

    /// The row, optional in an answer.
    package var optional: FieldRow { with { $0.mayLack = true } }

    /// The row, shown once.
    package var once: FieldRow { with { $0.isShownOnce = true } }

    /// The row, open to every manager: it says neither where events go nor which.
    package var harmless: FieldRow { with { $0.decisive = { _ in nil } } }

    /// The row, with only a part of its value saying where events go.
    package func deciding(_ part: @escaping @Sendable (Subject) -> JSON?) -> FieldRow { with { $0.decisive = part } }

    /// The row, without which a stored object is damaged.
    package var always: FieldRow { with { $0.keeping = .always } }

    /// The row, which must be readable if it is stored.
    package var sound: FieldRow { with { $0.keeping = .sound } }

    /// The row with its own way of reading.
    package func reading(_ read: @escaping @Sendable (JSON, inout FieldReader<Subject>) -> Void) -> FieldRow {
        with { $0.read = read }
    }

    /// The row, before another one in one of the orders.
    package func going(before other: String, in order: FieldOrder) -> FieldRow { with { $0.places[order] = other } }
}
