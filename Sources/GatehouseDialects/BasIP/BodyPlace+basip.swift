internal import GatehouseCore

// The places that only BAS-IP's log model has. A withheld or unknown value is `""`, or 0 for a number.
extension BodyPlace {
    /// The data of a test, in place of a log entry.
    static let basIPTest = BodyPlace(
        value: { _ in BasIPPayload.testData }, put: { _, _ throws(ValidationError) in })

    static let basIPLock = BodyPlace(
        value: { .integer($0.basIPLock) },
        put: { value, draft throws(ValidationError) in
            let number = try value.integer()
            draft.labels.doorNumber = number == 0 ? nil : number
        })

    /// The credential's number: text, or a whole number. It is a detail if the kind has no credential.
    static let basIPNumber = BodyPlace(
        value: { $0.basIPNumber },
        put: { value, draft throws(ValidationError) in
            guard value.json != "" else { return }
            guard value.json.text != nil || value.json.integer != nil else { throw value.wrong("text") }
            draft.set(value.json, at: "number", of: draft.mayHave(.credential) ? .credential : .details)
        })

    /// The person's name; a detail if the kind has no person.
    static let basIPOwner = BodyPlace(
        value: { .string($0.basIPOwner) },
        put: { value, draft throws(ValidationError) in
            let isPerson = draft.mayHave(.person)
            try draft.tell(value, at: isPerson ? "name" : "owner", of: isPerson ? .person : .details)
        })

    static let basIPApartment = BodyPlace(
        value: { .string($0.basIPApartment) },
        put: { value, draft throws(ValidationError) in
            try draft.tell(value, at: "apartment", of: draft.mayHave(.person) ? .person : .details)
        })

    /// The word for the presented identifier. A word that would lead to another name, or that we do not have, is kept
    /// as the vendor's own word, which is written instead of ours.
    static let basIPType = BodyPlace(
        value: { .string($0.basIPType) },
        put: { value, draft throws(ValidationError) in
            let type = try value.text()
            let before = draft[.credential]
            if before?["form"] == nil, draft.mayHave(.credential), let form = BasIPWord.form(ofType: type) {
                draft.set(.string(form.rawValue), at: "form", of: .credential)
                let name = BasIPEvents.row(of: draft.kind, data: draft.data)?.name
                if name != draft.name { draft[.credential] = before }
            }
            let told = BasIPWord.type(of: AccessMeans(of: draft.kind, data: draft.data).method)
            if told != type { draft.original["type"] = .string(type) }
        })

    /// The vendor's own word, else the reporter's if the contract has it, else that of the name.
    static func basIPWord(
        _ key: String, of words: [String], otherwise: @escaping @Sendable (BasIPEvents.Row) -> String
    ) -> BodyPlace {
        BodyPlace(
            value: { view in
                if let own = view.original[key]?.text { return .string(own) }
                if let told = view.data["details"]?[key]?.text, words.contains(told) { return .string(told) }
                return .string(BasIPEvents.table.row(named: view.name).map(otherwise) ?? "")
            },
            put: { value, draft throws(ValidationError) in
                let word = try value.text()
                if words.contains(word) {
                    draft.set(.string(word), at: key, of: .details)
                } else {
                    draft.original[key] = .string(word)
                }
            })
    }

    /// Composed from the values that are not withheld, never copied, because a source's own text may contain withheld
    /// values. A text that differs from ours is kept as a detail, but not sent again.
    static let basIPText = BodyPlace(
        value: { .string($0.basIPText) },
        put: { value, draft throws(ValidationError) in
            let text = try value.text()
            var parts = Event.Parts(
                id: EventID(high: 0, low: 0), kind: draft.kind, organization: OrganizationID(""),
                received: Instant(microseconds: 0))
            parts.data = draft.data
            parts.labels = draft.labels
            parts.original = draft.original
            let view = BodyView(Event(parts), as: draft.name, at: .everything)
            if !view.basIPText.hasBytes(of: text) { draft.set(.string(text), at: "text", of: .details) }
        })
}

extension BodyDraft {
    /// Whether events of the kind can have a block.
    fileprivate func mayHave(_ block: Block) -> Bool { Catalogue.row(of: kind).blocks.contains(block) }

    /// Sets a field to a text, unless the text is empty.
    fileprivate mutating func tell(_ value: PayloadValue, at name: String, of block: Block) throws(ValidationError) {
        let text = try value.text()
        if !text.isEmpty { set(.string(text), at: name, of: block) }
    }
}

// The parts of the text of an entry.
extension BodyView {
    fileprivate var basIPLock: Int64 { event.labels.doorNumber ?? 0 }

    fileprivate var basIPNumber: JSON {
        data["credential"]?["number"]?.codeValue ?? data["details"]?["number"]?.codeValue ?? ""
    }

    fileprivate var basIPOwner: String {
        name(of: .person) ?? name(of: .visitor) ?? data["details"]?["owner"]?.text ?? ""
    }

    fileprivate var basIPType: String { original["type"]?.text ?? BasIPWord.type(of: event.means.method) }

    fileprivate var basIPApartment: String {
        (data["person"]?["apartment"] ?? data["visitor"]?["apartment"] ?? data["details"]?["apartment"])?.text ?? ""
    }

    fileprivate var basIPText: String {
        let (owner, apartment, lock) = (basIPOwner, basIPApartment, basIPLock)
        let number = basIPNumber.text ?? basIPNumber.integer.map { String($0) } ?? ""
        let identifier = [basIPType, number].filter { !$0.isEmpty }.joined(separator: " ")
        let home = apartment.isEmpty ? "" : "apartment \(apartment)"
        let door = lock == 0 ? "" : "lock \(lock)"
        let said = [owner, home, identifier, door].filter { !$0.isEmpty }
        let title = BasIPEvents.table.row(named: name)?.title ?? ""
        return said.isEmpty ? title : "\(title): \(said.joined(separator: ", "))"
    }
}
