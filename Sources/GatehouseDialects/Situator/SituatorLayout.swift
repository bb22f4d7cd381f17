internal import GatehouseCore

/// The members of one type's body in the contract's order, all of them always there. The one list both writes and
/// reads, so that the two cannot part.
struct SituatorLayout: Sendable {
    let members: [SituatorField]
    /// The members without which a receiver cannot read the body, or the body would be about nothing.
    let required: [SituatorField]

    private init(members: [SituatorField], about subject: SituatorField? = nil) {
        self.members = members
        self.required = members.filter { !$0.isOptional || $0.key == subject?.key }
    }

    /// The seed's "Access Event".
    static let access = SituatorLayout(members: [
        .type, .dateTime, SituatorField("id", .eventNumber), .account, .number(.zone),
        SituatorField("serverId", .server, isOptional: false), SituatorField("doorId", .door, isOptional: false),
        .number(.person), SituatorField("direction", .access("direction", .index(SituatorWords.directions))),
        SituatorField("authorized", .access("authorized", .boolean), isOptional: false),
        SituatorField("openingType", .means),
        SituatorField("duress", .access("duress", .boolean)), .number(.vehicle), .number(.visitor),
        SituatorField("credential", .card),
    ])

    /// The seed's "Occurrence Event".
    static let occurrence = SituatorLayout(members: [
        .type, .dateTime, SituatorField("subtype", .occurrenceSubtype), SituatorField("id", .occurrenceNumber),
        .account, SituatorField("eventId", .occurrenceEvent, isOptional: false), .number(.zone), .number(.person),
        .number(.visitor),
    ])

    /// The four keys that every type of registration has, then its own.
    static func registration(_ own: SituatorField...) -> SituatorLayout {
        SituatorLayout(
            members: [.type, .dateTime, SituatorField("subtype", .change), .account] + own,
            about: own.first.flatMap { $0.namesSomething ? $0 : nil })
    }

    /// Writes the body.
    func object(_ view: SituatorView) -> JSONObject {
        JSONObject(members.map { JSONObject.Member($0.key, $0.place.value(in: view) ?? .null) })
    }

    /// Reads a body. - Throws: the fault of the first field that is missing or of another type.
    func read(_ body: JSONObject, into draft: inout SituatorDraft) throws(ValidationError) {
        for field in members {
            guard let value = body[field.key], value != .null else {
                guard field.isOptional else {
                    throw ValidationError(.missingField, field: field.key, "\(field.key) is missing")
                }
                continue
            }
            try field.place.put(PayloadValue(value, at: field.key), into: &draft)
        }
        for member in body.members where !members.contains(where: { $0.key == member.key }) { draft.keep(member) }
    }
}

/// One member of a body: its key and its place in the event.
struct SituatorField: Sendable {
    let key: String
    let place: SituatorPlace
    /// Whether a body without it can still be read. Only what says what happened, and where, must be there.
    let isOptional: Bool

    init(_ key: String, _ place: SituatorPlace, isOptional: Bool = true) {
        self.key = key
        self.place = place
        self.isOptional = isOptional
    }

    /// Whether it is the number of a person or a thing that our events have a block for.
    var namesSomething: Bool {
        switch place {
        case .number, .credential: true
        default: false
        }
    }

    /// Whether the event has what stands there, or gets a number for it when it is kept.
    func isTold(by event: Event) -> Bool {
        switch place {
        case .number(let subject): event.isNumbered(subject)
        case .credential(let form):
            event.isNumbered(.credential) && (AccessMeans.Form(of: event.data).map { $0 == form } ?? true)
        case .server: event.situatorServer != nil || event.isNumbered(.panel)
        case .door: event.toldDoorNumber != nil
        default: true
        }
    }

    static let type = SituatorField("type", .type, isOptional: false)
    static let dateTime = SituatorField("dateTime", .dateTime)
    static let account = SituatorField("accountId", .account)
    static let server = SituatorField("serverId", .server)
    static let door = SituatorField("doorId", .door)
    static let scheduling = SituatorField("schedulingId", .number(.visit))
    static let accessCard = SituatorField("accessCardId", .credential(.card))
    static let fingerprint = SituatorField("fingerprintId", .credential(.fingerprint))
    static let resourceType = SituatorField("resourceType", .resourceType)
    static let pin = SituatorField("pin", .pin)

    /// A number under its subject's own name: `personId`.
    static func number(_ subject: Numbers.Subject) -> SituatorField {
        SituatorField("\(subject.rawValue)Id", .number(subject))
    }

    /// A number that only the contract knows, kept in `details` under its key.
    static func detail(_ key: String) -> SituatorField { SituatorField(key, .detail(key)) }
}
