internal import GatehouseCore

// The places that only Situator's contract has.
extension BodyPlace {
    /// The number of the organization. A reader keeps it among the details too.
    static let situatorAccount = BodyPlace(
        value: { integer($0.event.labels.numbers[.account]) },
        put: { value, draft throws(ValidationError) in draft.labels.numbers[.account] = try value.integer() })

    /// The number of the panel.
    static let situatorServer = BodyPlace(
        value: { integer($0.event.situatorServer) },
        missing: { $0.situatorServer != nil || $0.isNumbered(.panel) ? nil : "" },
        put: { value, draft throws(ValidationError) in
            let number = try value.integer()
            draft.labels.panelNumber = number
            draft[.panel] = .string(String(number))
        })

    // MARK: Passages

    /// A true-or-false fact about the passage, as in the catalogue; unknown means false.
    static func situatorPassage(_ name: String) -> BodyPlace {
        BodyPlace(
            value: { .bool($0.event.passage(name)?.bool ?? false) },
            put: { value, draft throws(ValidationError) in
                draft.set(.bool(try value.boolean()), at: name, of: .access)
            })
    }

    static let situatorDirection = BodyPlace(
        value: { index(of: $0.event.passage("direction")?.text, in: SituatorWords.directions) },
        put: { value, draft throws(ValidationError) in
            draft.set(.string(try value.word(of: SituatorWords.directions)), at: "direction", of: .access)
        })

    /// The means that opened the door, by the index of its word in a list.
    static let situatorMeans = BodyPlace(
        value: { index(of: $0.event.means.method.rawValue, in: SituatorWords.methods) },
        put: { value, draft throws(ValidationError) in
            draft.set(.string(try value.word(of: SituatorWords.methods)), at: "method", of: .access)
        })

    /// The presented credential. Keys that the contract does not have become a detail.
    static let situatorCard = BodyPlace(
        value: { $0.data["credential"]?.object.map { .object(SituatorCard.object($0)) } },
        put: { value, draft throws(ValidationError) in
            draft[.credential] = .object(try SituatorCard.credential(value))
            let unknownKeys = try SituatorCard.unknownKeys(in: value)
            if !unknownKeys.isEmpty { draft.set(.object(unknownKeys), at: "credential", of: .details) }
        })

    // MARK: Occurrences

    /// The number of the occurrence, which our events also have: that of its id if its reporter gives one, else the
    /// event's. Events from before occurrences had numbers have the reporter's.
    static let situatorOccurrenceNumber = BodyPlace(
        value: { view in
            let numbers = view.event.labels.numbers
            if let number = numbers[.occurrence] { return .integer(number) }
            return occurrence("id", view) ?? integer(numbers.record(.occurrence))
        },
        put: { value, draft throws(ValidationError) in
            let number = try value.integer()
            draft.set(.integer(number), at: "id", of: .occurrence)
            draft.labels.numbers[.occurrence] = number
        })

    /// The reporter's number of the action.
    static let situatorOccurrenceSubtype = BodyPlace(
        value: { occurrence("subtype", $0) ?? 1 },
        put: { value, draft throws(ValidationError) in
            draft.set(.integer(try value.integer()), at: "subtype", of: .occurrence)
        })

    /// The configured event that occurred, which selected the webhook.
    static let situatorOccurrenceEvent = BodyPlace(
        value: { integer(SituatorOccurrence.configured(for: $0.event)?.id) },
        put: { value, draft throws(ValidationError) in
            draft.set(.integer(try value.integer()), at: "eventId", of: .occurrence)
        })

    /// The vendor's number of the occurrence's type; a detail if it is not a number.
    static let situatorOccurrenceType = BodyPlace(
        value: { _ in .none },
        put: { value, draft throws(ValidationError) in
            draft.set(value.json, at: "typeId", of: value.json.integer == nil ? .details : .occurrence)
        })

    private static func occurrence(_ name: String, _ view: BodyView) -> JSON? {
        integer(view.data["occurrence"]?[name]?.integer)
    }

    // MARK: Registrations

    /// The change of a registration: as reported, else by the kind.
    static let situatorChange = BodyPlace(
        value: { index(of: $0.data["change"]?.text ?? change(of: $0.event.kind), in: SituatorWords.changes) },
        put: { value, draft throws(ValidationError) in
            draft[.change] = .string(try value.word(of: SituatorWords.changes))
        })

    private static func change(of kind: Kind) -> String? {
        switch kind {
        case .personCreated: "created"
        case .personUpdated: "updated"
        case .personDeleted: "deleted"
        default: nil
        }
    }

    /// The number of a credential with this form, or with an unknown form.
    static func situatorCredential(_ form: AccessMeans.Form) -> BodyPlace {
        BodyPlace(
            value: { hasCredential($0.data, form) ? integer($0.event.labels.numbers[.credential]) : .none },
            missing: { $0.isNumbered(.credential) && hasCredential($0.data, form) ? nil : "" },
            put: { value, draft throws(ValidationError) in draft.name(.credential, try value.integer()) })
    }

    private static func hasCredential(_ data: JSONObject, _ form: AccessMeans.Form) -> Bool {
        AccessMeans.Form(of: data).map { $0 == form } ?? true
    }

    /// The type of a resource, as the vendor's number or as text.
    static let situatorResourceType = BodyPlace(
        value: { number("resourceType", $0) ?? $0.data["resource"]?["type"]?.codeValue },
        put: { value, draft throws(ValidationError) in
            if value.json.text != nil {
                draft.set(value.json, at: "type", of: .resource)
            } else {
                draft.set(.integer(try value.integer()), at: "resourceType", of: .details)
            }
        })

    /// A number that only the contract knows: it is an id, and so visible at every level.
    static func situatorDetail(_ name: String) -> BodyPlace {
        BodyPlace(
            value: { number(name, $0) },
            put: { value, draft throws(ValidationError) in
                draft.set(.integer(try value.integer()), at: name, of: .details)
            })
    }

    private static func number(_ name: String, _ view: BodyView) -> JSON? {
        view.event.data["details"]?[name]?.wholeNumber
    }

    /// A person's code.
    static let situatorPIN = BodyPlace(
        value: { $0.data["details"]?["pin"]?.codeValue },
        put: { value, draft throws(ValidationError) in draft.set(try value.code(), at: "pin", of: .details) })

    // MARK: Shared parts

    private static func integer(_ number: Int64?) -> JSON? { number.map { .integer($0) } }

    /// The number of a word; 0, which means none, for a missing or unknown word.
    private static func index(of word: String?, in words: [String]) -> JSON? {
        .integer(SituatorWords.index(of: word, in: words))
    }
}

extension Event {
    /// The contract's number of the panel: the directory's if it has one, else ours. Until the store has assigned ours,
    /// a decimal id is its own number.
    var situatorServer: Int64? {
        labels.panelNumber ?? labels.numbers[.panel]
            ?? panel.flatMap { Numbers.Name(organization, .panel, $0.text).ownNumber }
    }
}
