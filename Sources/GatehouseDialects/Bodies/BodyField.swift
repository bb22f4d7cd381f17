internal import GatehouseCore

/// One value of a body: its key, its place in the event, and its fallback if the event has no value.
struct BodyField: Sendable {
    let key: String
    let place: BodyPlace
    var need: BodyNeed = []
    /// The value to write if the event has none.
    var fallback: BodyFallback?
    /// Whether it is written; otherwise it is only read.
    var isWritten = true
    /// Whether it is read after all its neighbours, because its meaning depends on them.
    var isReadLast = false

    init(_ key: String, _ place: BodyPlace, _ need: BodyNeed = [], or fallback: BodyFallback? = nil) {
        self.key = key
        self.place = place
        self.need = need
        self.fallback = fallback
    }

    func value(in view: BodyView) -> JSON? { place.value(view) ?? fallback?.value(view) }
}

/// When a contract requires a value.
struct BodyNeed: OptionSet, Sendable {
    let rawValue: Int

    /// The value is required to read a body.
    static let toRead = BodyNeed(rawValue: 1)
    /// The value is required to write a body: an event without it is not delivered.
    static let toTell = BodyNeed(rawValue: 2)
    static let always: BodyNeed = [.toRead, .toTell]
}

/// The value to write if the event has none.
struct BodyFallback: Sendable {
    let value: @Sendable (BodyView) -> JSON?

    static let organization = BodyFallback { .string($0.event.organization.text) }
    static let panelName = BodyFallback { $0.event.labels.panelName.map { .string($0) } }
    static let doorName = BodyFallback { $0.event.labels.doorName.map { .string($0) } }
    /// The event's time in whole milliseconds since 1970.
    static let milliseconds = BodyFallback { .integer($0.event.time.instant.milliseconds) }

    /// The same value for every event, such as a default of the contract.
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

    /// A value that is read after all its neighbours.
    static func last(_ key: String, _ place: BodyPlace) -> BodyMember {
        var field = BodyField(key, place)
        field.isReadLast = true
        return .value(field)
    }

    /// An object in every body, with these members.
    static func object(_ key: String, _ layout: BodyLayout) -> BodyMember {
        .object(BodyPart(key: key, layout: layout))
    }

    /// An optional object.
    static func optional(
        _ key: String, _ layout: BodyLayout, mayBeNull: Bool = true,
        isTold: @escaping @Sendable (BodyView) -> Bool = { _ in true }
    ) -> BodyMember {
        .object(BodyPart(key: key, layout: layout, isOptional: true, mayBeNull: mayBeNull, isTold: isTold))
    }
}
