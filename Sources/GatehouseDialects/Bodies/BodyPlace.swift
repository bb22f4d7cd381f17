internal import GatehouseCore

/// Where in an event a member of a body has its value: what ``value`` takes from there when a body is written, ``put``
/// puts there when one is read.
///
/// Those that several contracts have are here. One that a single contract has is made in its vendor's folder, as a
/// static member of its own, and stands in the vendor's layout like any other.
struct BodyPlace: Sendable {
    /// What the event has for it at the subscriber's level; nil for nothing.
    let value: @Sendable (BodyView) -> JSON?
    /// What the event lacks to be told: nil for nothing, `""` for the value itself, else the path below it.
    let missing: @Sendable (Event) -> String?
    /// Puts what was read into the event.
    let put: @Sendable (PayloadValue, inout BodyDraft) throws(ValidationError) -> Void
    /// The detail that it is; nil where it is none.
    var detail: String?

    init(
        value: @escaping @Sendable (BodyView) -> JSON?,
        missing: @escaping @Sendable (Event) -> String? = { _ in nil },
        put: @escaping @Sendable (PayloadValue, inout BodyDraft) throws(ValidationError) -> Void
    ) {
        self.value = value
        self.missing = missing
        self.put = put
    }
}

// MARK: What, when and which

extension BodyPlace {
    /// What happened, in the vendor's word. It was read before all else.
    static let name = BodyPlace(value: { .string($0.name) }, put: { _, _ throws(ValidationError) in })

    /// The source's own id where it has the form of ours, a UUID, else ours: never one that is made anew, so that a
    /// receiver can tell a repetition.
    static let identity = BodyPlace(
        value: { .string(EventID($0.event.sourceID) == nil ? $0.event.id.description : $0.event.sourceID) },
        put: { value, draft throws(ValidationError) in draft.sourceID = try value.identity() })

    /// The event's own number: its place in the store, the same on every retry.
    static let position = BodyPlace(
        value: { $0.event.labels.numbers.position.map { .integer($0) } },
        put: { value, draft throws(ValidationError) in
            let number = try value.integer()
            draft.sourceID = String(number)
            draft.labels.numbers.position = number
        })

    /// The event's time in whole milliseconds since 1970.
    static let milliseconds = BodyPlace(
        value: { .integer($0.event.time.instant.milliseconds) },
        put: { value, draft throws(ValidationError) in draft.time = TimeText(try value.milliseconds()) })

    /// The event's time as text in UTC, in whole seconds. What is no time is read as none.
    static let seconds = BodyPlace(
        value: { .string(RFC3339.secondsText($0.event.time.instant)) },
        put: { value, draft throws(ValidationError) in
            let text = try value.text()
            draft.time = try? TimeText(text)
        })

    /// The same, unless the vendor's own message spelled it otherwise.
    static func spelledSeconds(_ key: String) -> BodyPlace {
        BodyPlace(
            value: { .string($0.original[key]?.text ?? RFC3339.secondsText($0.event.time.instant)) },
            put: { value, draft throws(ValidationError) in
                try take(value, as: key, into: &draft) { RFC3339.secondsText($0.instant) }
            })
    }

    /// The event's time where it happened, unless the vendor's own message spelled it otherwise.
    static func spelledLocalTime(_ key: String) -> BodyPlace {
        BodyPlace(
            value: { .string($0.original[key]?.text ?? $0.localTime) },
            put: { value, draft throws(ValidationError) in
                try take(value, as: key, into: &draft) {
                    RFC3339.localText($0.instant, offsetMinutes: $0.offsetMinutes)
                }
            })
    }

    /// Takes a time as it is spelled. What is no time, as in some vendors' own examples, and what would be written
    /// otherwise than it came, is kept as its vendor's spelling.
    private static func take(
        _ value: PayloadValue, as key: String, into draft: inout BodyDraft, writing: (EventTime) -> String
    ) throws(ValidationError) {
        let text = try value.text()
        draft.time = try? TimeText(text)
        let written = (draft.time?.time).map(writing)
        if written != text { draft.original[key] = .string(text) }
    }
}

// MARK: Where and who

extension BodyPlace {
    /// The panel that it speaks about, by its id.
    static let panel = BodyPlace(
        value: { $0.data["panel"] }, missing: { $0.panel == nil ? "" : nil },
        put: { value, draft throws(ValidationError) in draft[.panel] = .string(try value.identifier()) })

    /// The door's number at its panel: that of the door that is named, else of the panel's only one.
    static let doorNumber = BodyPlace(
        value: { $0.event.toldDoorNumber.map { .integer($0) } }, missing: { $0.toldDoorNumber == nil ? "" : nil },
        put: { value, draft throws(ValidationError) in draft.labels.doorNumber = try value.integer() })

    static let doorName = BodyPlace(
        value: { $0.event.toldDoorName.map { .string($0) } }, missing: { $0.toldDoorName == nil ? "" : nil },
        put: { value, draft throws(ValidationError) in draft.labels.doorName = try value.text() })

    /// The integer that stands for the id of somebody or something, which is named by it.
    static func number(_ subject: Numbers.Subject) -> BodyPlace {
        BodyPlace(
            value: { $0.event.labels.numbers[subject].map { .integer($0) } },
            missing: { $0.isNumbered(subject) ? nil : "" },
            put: { value, draft throws(ValidationError) in draft.name(subject, try value.integer()) })
    }

    /// A field of a block, under its name there. What is of another sort than the contract has is not written.
    static func field(_ block: Block, _ name: String, _ sort: BodySort) -> BodyPlace {
        BodyPlace(
            value: { $0.data[block.rawValue]?[name].flatMap(sort.fitted) },
            missing: { $0.data[block.rawValue]?[name].flatMap(sort.fitted) == nil ? "" : nil },
            put: { value, draft throws(ValidationError) in
                try value.check(sort)
                draft.set(value.json, at: name, of: block)
            })
    }

    /// A detail. A reader takes it as it comes, unless a contract cannot do without it.
    static func detail(_ name: String, _ sort: BodySort, isChecked: Bool = false) -> BodyPlace {
        var place = field(.details, name, isChecked ? sort : .free)
        place = BodyPlace(
            value: { $0.data["details"]?[name].flatMap(sort.fitted) }, missing: place.missing, put: place.put)
        place.detail = name
        return place
    }
}
