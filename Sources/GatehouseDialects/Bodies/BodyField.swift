internal import GatehouseCore

/// One value of a body: its key, its place in the event, and what stands there where the event does not say.
struct BodyField: Sendable {
    let key: String
    let place: BodyPlace
    var need: BodyNeed = []
    /// What is written in the place of a value that the event does not have.
    var fallback: BodyFallback?
    /// Whether it is written; what is not is read alone.
    var isWritten = true
    /// Whether it is read behind all that stands beside it, since what is made of it hangs on the rest.
    var isReadLast = false

    init(_ key: String, _ place: BodyPlace, _ need: BodyNeed = [], or fallback: BodyFallback? = nil) {
        self.key = key
        self.place = place
        self.need = need
        self.fallback = fallback
    }

    func value(in view: BodyView) -> JSON? { place.value(view) ?? fallback?.value(view) }
}

/// What a contract cannot be without.
struct BodyNeed: OptionSet, Sendable {
    let rawValue: Int

    /// A body without the value cannot be read.
    static let toRead = BodyNeed(rawValue: 1)
    /// No body is written without the value: an event that has nothing for it is not owed.
    static let toTell = BodyNeed(rawValue: 2)
    static let always: BodyNeed = [.toRead, .toTell]
}

/// What is written in the place of a value that the event does not have.
struct BodyFallback: Sendable {
    let value: @Sendable (BodyView) -> JSON?

    static let organization = BodyFallback { .string($0.event.organization.text) }
    static let panelName = BodyFallback { $0.event.labels.panelName.map { .string($0) } }
    static let doorName = BodyFallback { $0.event.labels.doorName.map { .string($0) } }
    /// The event's time in whole milliseconds since 1970.
    static let milliseconds = BodyFallback { .integer($0.event.time.instant.milliseconds) }

    /// The same for every event, such as what is true of things that nothing has changed.
    static func always(_ value: JSON) -> BodyFallback { BodyFallback { _ in value } }
}

extension BodyMember {
    /// A value under its key.
    static func field(
        _ key: String, _ place: BodyPlace, _ need: BodyNeed = [], or fallback: BodyFallback? = nil
    ) -> BodyMember {
        .value(BodyField(key, place, need, or: fallback))
    }

    /// A value that is read and never written.
    static func readOnly(_ key: String, _ place: BodyPlace) -> BodyMember {
        var field = BodyField(key, place)
        field.isWritten = false
        return .value(field)
    }

    /// A value that is read when all that stands beside it has been.
    static func last(_ key: String, _ place: BodyPlace) -> BodyMember {
        var field = BodyField(key, place)
        field.isReadLast = true
        return .value(field)
    }

    /// An object that stands in every body, with these members.
    static func object(_ key: String, _ layout: BodyLayout) -> BodyMember {
        .object(BodyPart(key: key, layout: layout))
    }

    /// An object that a body may be without.
    static func optional(
        _ key: String, _ layout: BodyLayout, mayBeNull: Bool = true,
        isTold: @escaping @Sendable (BodyView) -> Bool = { _ in true }
    ) -> BodyMember {
        .object(BodyPart(key: key, layout: layout, isOptional: true, mayBeNull: mayBeNull, isTold: isTold))
    }
}
