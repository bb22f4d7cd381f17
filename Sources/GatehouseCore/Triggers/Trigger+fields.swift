/// The context for checking the fields of a trigger.
package struct TriggerContext: Sendable {
    /// The directory in which the doors of the trigger are looked up.
    package let directory: Directory
    /// The organization that the trigger belongs to.
    package var organization: OrganizationID

    /// Joins the two.
    package init(directory: Directory, organization: OrganizationID) {
        self.directory = directory
        self.organization = organization
    }
}

extension Trigger: FieldSubject {
    package typealias FieldContext = TriggerContext

    private static let level =
        "How much goes to those whom its holder subscribes, where the dialect's usual level is not stricter. 0: all of "
        + "an event, 1: all but credentials, 2: all but credentials and persons."

    // swift-format-ignore
    /// The fields of a trigger, one row each.
    package static let fields = FieldTable<Trigger>("trigger", [
        .fixed("id", .text(), "Stands in clear in the URL; no secret.", "id cannot change: make another trigger and delete this one") { .string($0.id.text) }.no(.creation),
        .row("name", \.name, .name.answering(.text()), "What people call it.").required(),
        .fixed("organization", .id, "Whose doors it lists and whose events it may subscribe to.", "organization cannot change: make another trigger there") { .string($0.organization.text) }.required().going(before: "name", in: .change),
        .nullable("doors", \.doors, .ownDoors, "The doors that it lists and unlocks; null for all of the organization.")
            .taking("The doors that it lists and unlocks; all where it is left out."),
        .row("mayRegister",   \.mayRegister,   .flag, "Whether its holder may subscribe and unsubscribe.")
            .taking("Whether its holder may subscribe and unsubscribe; true where it is left out."),
        .row("mayUnlock",     \.mayUnlock,     .flag, "Whether its holder may unlock doors.")
            .taking("Whether its holder may unlock doors; false where it is left out."),
        .row("doorsEnvelope", \.doorsEnvelope, .flag, "Whether doors are listed inside an object.")
            .taking("Whether doors are listed inside an object; false where it is left out."),
        .row("privacyLevel",  \.privacyLevel,  .privacyLevel, level)
            .taking("\(level) The level of the key that makes it where it is left out; a less strict one is refused.").going(before: "mayRegister", in: .reading).going(before: "created", in: .listing),
        .nullable("rate",     \.rate,          .rate, "How many requests a minute it takes; null for any number.")
            .taking("How many requests a minute it takes; any number where it is left out."),
        .row("active",        \.isActive,      .flag, "Whether it works at all.")
            .taking("Whether it works at all; true where it is left out.").going(before: "rate", in: .reading),
        .shown("created", .time, "When it was made.") { .string(RFC3339.text($0.created)) },
    ])

    /// The trigger in the format of the native API: nothing in it helps to guess the secret.
    package var json: JSONObject { Self.fields.json(self) }
}

extension FieldCodec where Subject == Trigger, Value == Set<DoorID> {
    /// Doors of exactly the trigger's organization.
    fileprivate static var ownDoors: FieldCodec {
        FieldCodec(
            .list(of: .id), write: { .array($0.map(\.text).sorted().map { .string($0) }) },
            restore: { $0.items.map { Set($0.compactMap(\.text).map { DoorID($0) }) } }
        ) { field, _, reader in
            guard let items = reader.fields.array(field) else { return nil }
            let organization = reader.present?.organization ?? reader.context.organization
            var doors: Set<DoorID> = []
            for (place, item) in items.enumerated() {
                let id = item.text.map { DoorID($0) }
                guard let id, reader.context.directory.door(id, in: organization) != nil else {
                    return reader.fault(
                        .unknownDoor, "doors[\(place)]",
                        "\(organization) has no door \(item.compact); GET /v1/doors lists them")
                }
                doors.insert(id)
            }
            if doors.isEmpty {
                return reader.fault(.outOfBounds, field, "doors names at least one, or is null for all")
            }
            return doors
        }.taking(.list(of: .id, 1...100_000))
    }
}
