/// A noun with a field table.
package protocol FieldSubject: Sendable {
    /// The context for checking its fields: the directory, the present instant and the like.
    associatedtype FieldContext: Sendable
}

/// The fields of one noun, one row per field. Everything about fields follows from the rows: JSON output and input,
/// collecting all faults, merging a change (RFC 7396), the names of changed fields for the audit, masks, the stored
/// form, the properties of the OpenAPI document.
///
/// The rows have the order of the fields of a draft in the document. If another order was promised to callers, a row
/// says which row it precedes there: ``FieldRow/going(before:in:)``.
package struct FieldTable<Subject: FieldSubject>: Sendable {
    /// The noun: `subscription`.
    package let noun: String
    /// All rows.
    package let rows: [FieldRow<Subject>]
    /// The sentence about an unknown field, from its name and the known names.
    let unknown: @Sendable (String, [String]) -> String
    /// How many unknown fields are reported one by one.
    let toldUnknown: Int
    private let byName: [String: FieldRow<Subject>]
    private let written: [FieldRow<Subject>]
    private let described: [FieldRow<Subject>]
    /// The rows in the order of their faults.
    let read: [FieldRow<Subject>]
    private let listed: [FieldRow<Subject>]

    /// Takes the rows.
    package init(
        _ noun: String, _ rows: [FieldRow<Subject>], toldUnknown: Int = ValidationErrors.most,
        unknown: @escaping @Sendable (String, [String]) -> String = Fields.unknown
    ) {
        self.noun = noun
        self.rows = rows
        self.unknown = unknown
        self.toldUnknown = toldUnknown
        self.byName = Dictionary(rows.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.read = Self.ordered(rows, in: .reading)
        self.listed = Self.ordered(rows, in: .listing)
        self.described = Self.ordered(rows, in: .description)
        self.written = Self.ordered(described, in: .answer)
    }

    /// The row with that name; nil if the noun has no such field.
    package subscript(name: String) -> FieldRow<Subject>? { byName[name] }

    /// The names that a body may have, in the order of the list for callers.
    package func names(_ use: FieldUses) -> [String] {
        listed.filter { !$0.uses.isDisjoint(with: use) }.map(\.name)
    }

    /// What is said to a caller who sets a field that the noun shows and callers do not set; nil for another name.
    func refusalToSet(_ name: String) -> String? {
        guard let row = byName[name], row.uses.isDisjoint(with: .taken), !row.uses.isDisjoint(with: .seen) else {
            return nil
        }
        return "\(name) is set by the gateway: leave it out"
    }

    /// The rows in one of the orders. The last row moves first, so that a row may precede one that moved itself.
    private static func ordered(_ rows: [FieldRow<Subject>], in order: FieldOrder) -> [FieldRow<Subject>] {
        var ordered = rows
        for row in rows.reversed() {
            guard let next = row.places[order], let from = ordered.firstIndex(where: { $0.name == row.name }) else {
                continue
            }
            ordered.remove(at: from)
            ordered.insert(row, at: ordered.firstIndex { $0.name == next } ?? ordered.endIndex)
        }
        return ordered
    }
}

// MARK: Output

extension FieldTable {
    /// The subject in the format of the native API, with its secrets as `showing` says.
    package func json(_ subject: Subject, _ showing: Showing = .revealed) -> JSONObject {
        var shown = subject
        if showing == .masked { mask(&shown) }
        var object = JSONObject()
        for row in written where row.uses.contains(.answer) && (showing == .secrets || !row.isShownOnce) {
            object[row.name] = row.write(shown)
        }
        return object
    }

    /// Replaces all that authenticates callers by the mask.
    package func mask(_ subject: inout Subject) {
        for row in rows { row.mask(&subject) }
    }

    /// The names of the fields that differ, for the audit.
    package func names(of subject: Subject, differingFrom other: Subject) -> [String] {
        changed(subject, other) { $0.write }
    }

    /// The names of the changed fields that say where events go, who can send them there, or which events they are.
    package func decisiveNames(of subject: Subject, differingFrom other: Subject) -> [String] {
        changed(subject, other) { $0.decisive }
    }

    /// A field without a value now comes after those with one.
    private func changed(
        _ subject: Subject, _ other: Subject, by write: (FieldRow<Subject>) -> (Subject) -> JSON?
    ) -> [String] {
        var (present, gone): ([String], [String]) = ([], [])
        for row in written where row.uses.contains(.answer) {
            let (now, before) = (write(row)(subject), write(row)(other))
            guard now != before else { continue }
            if now == nil { gone.append(row.name) } else { present.append(row.name) }
        }
        return present + gone
    }
}

// MARK: Input

extension FieldTable {
    /// The subject with the values of a body; a field that the body omits stays (RFC 7396).
    ///
    /// - Throws: all faults at once.
    package func change(
        _ subject: Subject, by object: JSONObject, _ context: Subject.FieldContext
    ) throws(ValidationErrors) -> Subject {
        var reader = FieldReader(object, by: self, context, changing: subject)
        reader.refuseUnknown()
        return try reader.finish(subject)
    }
}

// MARK: Stored form

extension FieldTable {
    /// The subject in its stored form, with every secret.
    package func stored(_ subject: Subject) -> JSONObject {
        var object = JSONObject()
        for row in written where row.uses.contains(.store) { object[row.name] = row.write(subject) }
        return object
    }

    /// Reads what ``stored(_:)`` wrote into a subject with the defaults. A field that did not exist when it was written
    /// keeps its default.
    ///
    /// - Returns: whether the object is whole; false if it is damaged.
    package func restore(_ object: JSONObject, into subject: inout Subject) -> Bool {
        for row in written where row.uses.contains(.store) {
            let kept = object[row.name]
            let isRead = kept.map { row.restore($0, &subject) } ?? false
            switch row.keeping {
            case .any: break
            case .sound where kept == nil: break
            case .sound, .always: guard isRead else { return false }
            }
        }
        return true
    }
}

// MARK: Document

extension FieldTable {
    /// The properties of an answer.
    package var answered: [Property] {
        described.filter { $0.uses.contains(.description) }.map { row in
            Property(name: row.name, schema: row.answered.saying(row.help), isRequired: !row.mayLack)
        }
    }

    /// The properties of the body of a creation.
    package var drafted: [Property] {
        rows.filter { $0.uses.contains(.creation) }.map { row in
            Property(
                name: row.name, schema: (row.missing == nil ? row.taken.orNull : row.taken).saying(row.takenHelp),
                isRequired: row.missing != nil)
        }
    }

    /// The properties of the body of a change.
    package var changed: [Property] {
        Self.ordered(rows, in: .change).filter { $0.uses.contains(.change) }.map { row in
            Property(name: row.name, schema: row.taken.orNull.saying(row.changedHelp), isRequired: false)
        }
    }
}
