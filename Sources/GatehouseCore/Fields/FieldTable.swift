/// A noun whose fields stand in a table.
package protocol FieldSubject: Sendable {
    /// What its fields are judged by while they are read: the directory, the present instant and the like.
    associatedtype FieldContext: Sendable
}

/// The fields of one noun, one row a field. All that is done with fields follows from the rows: JSON out and in, every
/// fault at once, the merge of a change (RFC 7396), the names of changed fields for the audit, masks, the stored form,
/// the properties of the OpenAPI document.
///
/// The rows stand in the order in which the document has the fields of a draft. Where another order was promised to
/// callers, a row says before which other one it goes there: ``FieldRow/going(before:in:)``.
package struct FieldTable<Subject: FieldSubject>: Sendable {
    /// What one of them is called: `subscription`.
    package let noun: String
    /// All rows.
    package let rows: [FieldRow<Subject>]
    /// Builds the sentence about a field that there is not, from its name and the names that there are.
    let unknown: @Sendable (String, [String]) -> String
    /// How many of those are told one by one.
    let toldUnknown: Int
    private let byName: [String: FieldRow<Subject>]
    private let written: [FieldRow<Subject>]
    private let described: [FieldRow<Subject>]
    /// In the order in which their faults are told.
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

    /// The row of that name; nil where the noun has no such field.
    package subscript(name: String) -> FieldRow<Subject>? { byName[name] }

    /// The names that a body may have, in the order in which callers are told of them.
    package func names(_ use: FieldUses) -> [String] {
        listed.filter { !$0.uses.isDisjoint(with: use) }.map(\.name)
    }

    /// The rows moved to where this order has them. The last row moves first, so that a row may go before one that
    /// moved itself.
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

// MARK: Out

extension FieldTable {
    /// The subject in the words of the native API, with as much of what is secret as is to be shown.
    package func json(_ subject: Subject, _ showing: Showing = .revealed) -> JSONObject {
        var shown = subject
        if showing == .masked { mask(&shown) }
        var object = JSONObject()
        for row in written where row.uses.contains(.answer) && (showing == .secrets || !row.isShownOnce) {
            object[row.name] = row.write(shown)
        }
        return object
    }

    /// Puts the mask in the place of all that lets callers in.
    package func mask(_ subject: inout Subject) {
        for row in rows { row.mask(&subject) }
    }

    /// The names of the fields that differ, as the audit tells them.
    package func names(of subject: Subject, differingFrom other: Subject) -> [String] {
        changed(subject, other) { $0.write }
    }

    /// The names of those among them that say where events go, who can take them there, or which they are.
    package func decisiveNames(of subject: Subject, differingFrom other: Subject) -> [String] {
        changed(subject, other) { $0.decisive }
    }

    /// A field that has no value now is told after those that have one.
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

// MARK: In

extension FieldTable {
    /// The subject with what a body names put in place of what was; what it does not name stays (RFC 7396).
    ///
    /// - Throws: every fault at once.
    package func change(
        _ subject: Subject, by object: JSONObject, _ context: Subject.FieldContext
    ) throws(ValidationErrors) -> Subject {
        var reader = FieldReader(object, by: self, context, changing: subject)
        reader.refuseUnknown()
        return try reader.finish(subject)
    }
}

// MARK: What is stored

extension FieldTable {
    /// The subject as the store keeps it, every secret included.
    package func stored(_ subject: Subject) -> JSONObject {
        var object = JSONObject()
        for row in written where row.uses.contains(.store) { object[row.name] = row.write(subject) }
        return object
    }

    /// Puts what ``stored(_:)`` wrote into a subject that has the defaults. A field that was not there when it was
    /// written keeps its default.
    ///
    /// - Returns: whether the object is whole; false where it is damaged.
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

// MARK: What the document tells

extension FieldTable {
    /// The properties of an answer.
    package var answered: [Property] {
        described.filter { $0.uses.contains(.description) }.map { row in
            Property(name: row.name, schema: row.answered.saying(row.help), isRequired: !row.mayLack)
        }
    }

    /// The properties of a body that makes one.
    package var drafted: [Property] {
        rows.filter { $0.uses.contains(.creation) }.map { row in
            Property(
                name: row.name, schema: (row.missing == nil ? row.taken.orNull : row.taken).saying(row.takenHelp),
                isRequired: row.missing != nil)
        }
    }

    /// The properties of a body that changes one.
    package var changed: [Property] {
        Self.ordered(rows, in: .change).filter { $0.uses.contains(.change) }.map { row in
            Property(name: row.name, schema: row.taken.orNull.saying(row.changedHelp), isRequired: false)
        }
    }
}
