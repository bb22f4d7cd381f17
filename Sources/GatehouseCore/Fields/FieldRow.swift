/// What a field is there for.
package struct FieldUses: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    /// A body that makes one may name it.
    package static let creation = FieldUses(rawValue: 1)
    /// A body that changes one may name it.
    package static let change = FieldUses(rawValue: 2)
    /// It is shown.
    package static let answer = FieldUses(rawValue: 4)
    /// The store keeps it in the stored form.
    package static let store = FieldUses(rawValue: 8)
    /// The document tells of it among the properties of an answer.
    package static let description = FieldUses(rawValue: 16)

    /// All.
    package static let all: FieldUses = [.creation, .change, .answer, .store, .description]
    /// What callers may name.
    package static let taken: FieldUses = [.creation, .change]
}

/// The orders that callers see beside that of the rows.
package enum FieldOrder: Hashable, Sendable {
    /// Of the members of an answer; begins with that of the description.
    case answer
    /// Of the properties of an answer in the document.
    case description
    /// Of the properties of a change in the document.
    case change
    /// In which fields are read, and so of their faults.
    case reading
    /// Of the names in the sentence that tells which there are.
    case listing
}

/// One field of a noun: its name, where its value is, how it is read, written, refused, described and hidden.
package struct FieldRow<Subject: FieldSubject>: Sendable {
    /// What is asked of the stored form of a field.
    enum Keeping: Sendable {
        /// Nothing: where it is not there or cannot be read, the default holds.
        case any
        /// Where it is there it can be read; bytes that cannot are damaged.
        case sound
        /// It is there in everything that was ever stored.
        case always
    }

    /// A place in the subject.
    package typealias Place<Value> = any WritableKeyPath<Subject, Value> & Sendable

    /// Its name in bodies, answers and the store.
    package let name: String
    /// What it is there for.
    package private(set) var uses: FieldUses = .all
    /// What an answer's value means, in a sentence for the document.
    let help: String
    /// The same of a body that makes one.
    private(set) var takenHelp: String
    /// The same of a body that changes one.
    private(set) var changedHelp: String
    /// What is said where it is missing; nil where it may be left out.
    private(set) var missing: (@Sendable (Subject.FieldContext) -> String)?
    /// Whether it never changes: it is read by what makes the subject, and a change of it is refused.
    private(set) var isFixed = false
    /// Whether `null` in a change takes its value away; else the value stays, since a default in its place could
    /// allow more than was there.
    private(set) var isRemovable = false
    /// Whether it is shown to the caller who made it, once, and never again.
    private(set) var isShownOnce = false
    /// Whether an answer may lack it.
    private(set) var mayLack = false
    /// The row before which it goes in an order of its own.
    package private(set) var places: [FieldOrder: String] = [:]

    /// Reads what a body has of it.
    private(set) var read: @Sendable (JSON, inout FieldReader<Subject>) -> Void
    /// Writes its value; nil where the member is left out.
    let write: @Sendable (Subject) -> JSON?
    /// The value of which a change says where events go; nil of a field that any manager may change.
    private(set) var decisive: @Sendable (Subject) -> JSON?
    /// Reads what the store has of it; false where that is no value of it.
    private(set) var restore: @Sendable (JSON, inout Subject) -> Bool = { _, _ in true }
    /// What must be stored of it.
    private(set) var keeping: Keeping = .any
    /// Puts the mask in the place of its value, where it is secret.
    private(set) var mask: @Sendable (inout Subject) -> Void = { _ in }
    /// What an answer has.
    let answered: Schema
    /// What a body may have.
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

    /// A field that may be without a value; it is `null` then, and `null` in a change takes the value away.
    package static func nullable<Value>(
        _ name: String, _ place: Place<Value?>, _ codec: FieldCodec<Subject, Value>, _ help: String = ""
    ) -> FieldRow {
        var row = FieldRow.row(name, place, codec.orNull, help)
        row.isRemovable = true
        return row
    }

    /// A field that is set where the subject is made, and never changes.
    ///
    /// - Parameter refusal: what is said of a change.
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

    /// A field that is shown and not set: what the gateway itself writes down.
    package static func shown(
        _ name: String, _ schema: Schema, _ help: String, _ write: @escaping @Sendable (Subject) -> JSON?
    ) -> FieldRow {
        FieldRow(name, schema, help, write: write).only([.answer, .store, .description])
    }

    /// A field that others put into the answer; the table describes it.
    package static func described(_ name: String, _ schema: Schema, _ help: String) -> FieldRow {
        FieldRow(name, schema, help).only(.description)
    }

    /// A field that a body may name, and that is refused but for what happens anyway: its behaviour does not exist yet.
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

// MARK: What else is said of one

extension FieldRow {
    private func with(_ change: (inout FieldRow) -> Void) -> FieldRow {
        var row = self
        change(&row)
        return row
    }

    /// The same, there for these uses alone.
    package func only(_ uses: FieldUses) -> FieldRow { with { $0.uses = uses } }

    /// The same, not there for these uses.
    package func no(_ uses: FieldUses) -> FieldRow { with { $0.uses.subtract(uses) } }

    /// The same, with another sentence for bodies.
    package func taking(_ help: String) -> FieldRow {
        with { row in
            row.takenHelp = help
            if !row.isFixed { row.changedHelp = help }
        }
    }

    /// The same, with another sentence for bodies that change one.
    package func changing(_ help: String) -> FieldRow { with { $0.changedHelp = help } }

    /// The same, with another schema for bodies.
    package func taking(_ schema: Schema) -> FieldRow { with { $0.taken = schema } }

    /// The same, where it must be there when one is made.
    package func required(_ missing: String? = nil) -> FieldRow {
        let missing = missing ?? "\(name) is missing"
        return required { _ in missing }
    }

    /// The same, where what is said depends on what there is.
    package func required(_ missing: @escaping @Sendable (Subject.FieldContext) -> String) -> FieldRow {
        with { $0.missing = missing }
    }

    /// The same, which `null` in a change takes away or sets back.
    package var removable: FieldRow { with { $0.isRemovable = true } }

    /// The same, which an answer may lack.
    package var optional: FieldRow { with { $0.mayLack = true } }

    /// The same, shown once.
    package var once: FieldRow { with { $0.isShownOnce = true } }

    /// The same, which any manager may change: it says neither where events go nor which.
    package var harmless: FieldRow { with { $0.decisive = { _ in nil } } }

    /// The same, of whose value a part alone says where events go.
    package func deciding(_ part: @escaping @Sendable (Subject) -> JSON?) -> FieldRow { with { $0.decisive = part } }

    /// The same, without which what is stored is damaged.
    package var always: FieldRow { with { $0.keeping = .always } }

    /// The same, which must be readable where it is stored.
    package var sound: FieldRow { with { $0.keeping = .sound } }

    /// The same, read in a way of its own.
    package func reading(_ read: @escaping @Sendable (JSON, inout FieldReader<Subject>) -> Void) -> FieldRow {
        with { $0.read = read }
    }

    /// The same, which goes before another row in one order.
    package func going(before other: String, in order: FieldOrder) -> FieldRow { with { $0.places[order] = other } }
}
