internal import GatehouseCore

@testable internal import GatehouseDialects

/// The body of an Acme message: `what, gate, at, who, card`, in that order; a withheld value is `null`.
enum MadeUpPayload {
    private static let layout = BodyLayout(
        [
            .field("what", .name, .always), .field("gate", .doorNumber), .field("at", .milliseconds),
            .field("who", who), .field("card", .field(.credential, "number", .text)),
        ], blank: .null, readsNull: false, others: .passedOver)

    /// The person's name, if both parts are known.
    private static let who = BodyPlace(
        value: { view in
            guard let given = view.data["person"]?["firstName"], let family = view.data["person"]?["lastName"] else {
                return .none
            }
            return ["given": given, "family": family]
        },
        put: { value, draft throws(ValidationError) in
            let who = try value.object()
            draft[.person] = ["firstName": who["given"] ?? .null, "lastName": who["family"] ?? .null]
        })

    static func body(of event: Event, at level: PrivacyLevel) -> [UInt8] {
        guard let name = MadeUpEvents.name(of: event) else { return [] }
        return JSON.object(layout.object(BodyView(event, as: name.text, at: level))).bytes
    }

    /// Reads a message; a `null` in it stays unset.
    static func parse(_ body: [UInt8]) throws(ValidationError) -> ParsedEvent {
        let object = try ParsedEvent.object(in: body)
        let row = try MadeUpEvents.table.row(under: "what", of: object)
        var draft = BodyDraft(row.kind, named: row.name)
        switch row.name {
        case "TURN_IN": draft.set("entry", at: "direction", of: .access)
        case "TURN_OUT": draft.set("exit", at: "direction", of: .access)
        default: break
        }
        try layout.read(object, into: &draft)
        return draft.event()
    }
}
