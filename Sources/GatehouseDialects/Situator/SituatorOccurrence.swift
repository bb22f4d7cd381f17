internal import GatehouseCore

/// A configured event of an account, as `GET /api/events` lists it: one for each kind that is sent as an occurrence.
/// The ids are ours and the same in every organization; the seed registers 11 and 12.
struct SituatorOccurrence: Sendable {
    let id: Int64
    let kind: Kind
    let name: String
    let code: String
    /// The vendor's number of its type; the first if the vendor has several, nil for the one of all other kinds.
    let typeId: Int64?
    /// The vendor's scale: a greater number is more urgent; ours are 1 to 3, and every kind of the urgent lane has 3.
    let priority: Int64

    // swift-format-ignore
    static let all: [SituatorOccurrence] = [
        SituatorOccurrence(id: 11, kind: .occurrenceRaised,  name: "Occurrence",     code: "OCCURRENCE", typeId: nil, priority: 1),
        SituatorOccurrence(id: 12, kind: .panicRaised,       name: "Panic",          code: "PANIC",      typeId: 85,  priority: 3),
        SituatorOccurrence(id: 13, kind: .intercomTriggered, name: "Intercom",       code: "INTERCOM",   typeId: 91,  priority: 2),
        SituatorOccurrence(id: 14, kind: .doorForced,        name: "Door forced",    code: "FORCED",     typeId: 53,  priority: 3),
        SituatorOccurrence(id: 15, kind: .doorPropped,       name: "Door left open", code: "LEFT_OPEN",  typeId: 50,  priority: 2),
        SituatorOccurrence(id: 16, kind: .deviceTampered,    name: "Tamper",         code: "TAMPER",     typeId: 59,  priority: 3),
        SituatorOccurrence(id: 17, kind: .alarmRaised,       name: "Alarm",          code: "ALARM",      typeId: 60,  priority: 3),
    ]

    // swift-format-ignore
    /// The kinds of the vendor's numbers; any other number is a general occurrence.
    private static let kinds: [Int64: Kind] = [
        85: .panicRaised, 26: .panicRaised, 34: .panicRaised, 91: .intercomTriggered, 53: .doorForced, 50: .doorPropped,
        59: .deviceTampered, 60: .alarmRaised, 61: .alarmRaised, 62: .alarmRaised, 86: .alarmRaised, 87: .alarmRaised,
        88: .alarmRaised,
    ]

    /// The configured event of a kind.
    static func of(_ kind: Kind) -> SituatorOccurrence? { all.first { $0.kind == kind } }

    /// The configured event under which an event is sent: webhooks register it, and the body has its id.
    ///
    /// A kind with its own configured event is sent as that. The general occurrence is sent as the event that its
    /// reporter names, if the account has it, else as its own: an event that cannot be registered would never be sent.
    static func configured(for event: Event) -> SituatorOccurrence? {
        guard event.kind == .occurrenceRaised, let named = event.data["occurrence"]?["eventId"]?.integer,
            let configured = all.first(where: { $0.id == named })
        else { return of(event.kind) }
        return configured
    }

    /// The kind of the vendor's number.
    static func kind(ofType typeId: Int64?) -> Kind { typeId.flatMap { kinds[$0] } ?? .occurrenceRaised }

    /// The object in `GET /api/events`.
    func json(account: Int64) -> JSON {
        [
            "id": .integer(id), "name": .string(name), "accountId": .integer(account), "code": .string(code),
            "typeId": typeId.map { .integer($0) } ?? .null, "priority": .integer(priority),
        ]
    }
}
