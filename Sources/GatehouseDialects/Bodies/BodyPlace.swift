internal import GatehouseCore

/// The place in an event of a body's member: ``value`` reads it to write a body, ``put`` sets it when a body is read.
///
/// Places of several contracts are here. A place of only one contract is a static member in its vendor's folder, and is
/// used in the vendor's layout like the others.
struct BodyPlace: Sendable {
    /// The event's value at the subscriber's level; nil if there is none.
    let value: @Sendable (BodyView) -> JSON?
    /// The missing part that the contract requires: nil for none, `""` for the value itself, else the path below it.
    let missing: @Sendable (Event) -> String?
    /// Sets a value that was read.
    let put: @Sendable (PayloadValue, inout BodyDraft) throws(ValidationError) -> Void
    /// The name of the detail; nil if it is not a detail.
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

// MARK: Name, identity and time

extension BodyPlace {
    /// The vendor's name of the event. It was read before all other members.
    static let name = BodyPlace(value: { .string($0.name) }, put: { _, _ throws(ValidationError) in })

    /// The source's own id if it is a UUID like ours, else our id: never a new one, so that a receiver can recognize a
    /// repetition.
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

    /// The event's time as text in UTC, in whole seconds. Text that is not a time is read as no time.
    static let seconds = BodyPlace(
        value: { .string(RFC3339.secondsText($0.event.time.instant)) },
        put: { value, draft throws(ValidationError) in
            let text = try value.text()
            draft.time = try? TimeText(text)
        })

    /// The same, unless the vendor's own message had another spelling.
    static func spelledSeconds(_ key: String) -> BodyPlace {
        BodyPlace(
            value: { .string($0.original[key]?.text ?? RFC3339.secondsText($0.event.time.instant)) },
            put: { value, draft throws(ValidationError) in
                try take(value, as: key, into: &draft) { RFC3339.secondsText($0.instant) }
            })
    }

    /// The event's local time, unless the vendor's own message had another spelling.
    static func spelledLocalTime(_ key: String) -> BodyPlace {
        BodyPlace(
            value: { .string($0.original[key]?.text ?? $0.localTime) },
            put: { value, draft throws(ValidationError) in
                try take(value, as: key, into: &draft) {
                    RFC3339.localText($0.instant, offsetMinutes: $0.offsetMinutes)
                }
            })
    }

    /// Reads a time. Text that is not a time, as in some vendors' own examples, and a spelling that differs from ours
    /// are kept as the vendor's spelling.
    private static func take(
        _ value: PayloadValue, as key: String, into draft: inout BodyDraft, writing: (EventTime) -> String
    ) throws(ValidationError) {
        let text = try value.text()
        draft.time = try? TimeText(text)
        let written = (draft.time?.time).map(writing)
        if written != text { draft.original[key] = .string(text) }
    }
}

// MARK: Places and persons

extension BodyPlace {
    /// The event's panel, by its id.
    static let panel = BodyPlace(
        value: { $0.data["panel"] }, missing: { $0.panel == nil ? "" : nil },
        put: { value, draft throws(ValidationError) in draft[.panel] = .string(try value.identifier()) })

    /// The door's number at its panel: that of the named door, else of the panel's only door.
    static let doorNumber = BodyPlace(
        value: { $0.event.toldDoorNumber.map { .integer($0) } }, missing: { $0.toldDoorNumber == nil ? "" : nil },
        put: { value, draft throws(ValidationError) in draft.labels.doorNumber = try value.integer() })

    static let doorName = BodyPlace(
        value: { $0.event.toldDoorName.map { .string($0) } }, missing: { $0.toldDoorName == nil ? "" : nil },
        put: { value, draft throws(ValidationError) in draft.labels.doorName = try value.text() })

    /// The number that replaces the id of a subject.
    static func number(_ subject: Numbers.Subject) -> BodyPlace {
        BodyPlace(
            value: { $0.event.labels.numbers[subject].map { .integer($0) } },
            missing: { $0.isNumbered(subject) ? nil : "" },
            put: { value, draft throws(ValidationError) in draft.name(subject, try value.integer()) })
    }

    /// A field of a block, by its name in the block. A value of another type than the contract's is not written.
    static func field(_ block: Block, _ name: String, _ sort: BodySort) -> BodyPlace {
        BodyPlace(
            value: { $0.data[block.rawValue]?[name].flatMap(sort.fitted) },
            missing: { $0.data[block.rawValue]?[name].flatMap(sort.fitted) == nil ? "" : nil },
            put: { value, draft throws(ValidationError) in
                try value.check(sort)
                draft.set(value.json, at: name, of: block)
            })
    }

    /// A detail. It is read with any type, unless the contract requires a type.
    static func detail(_ name: String, _ sort: BodySort, isChecked: Bool = false) -> BodyPlace {
        var place = field(.details, name, isChecked ? sort : .free)
        place = BodyPlace(
            value: { $0.data["details"]?[name].flatMap(sort.fitted) }, missing: place.missing, put: place.put)
        place.detail = name
        return place
    }
}
