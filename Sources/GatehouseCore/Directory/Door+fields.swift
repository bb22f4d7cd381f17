extension Door: FieldSubject {
    package typealias FieldContext = DriverTable

    /// The fields of a door, for an answer without the driver's secrets.
    package static let fields = fields(with: DriverTable([]))

    // swift-format-ignore
    /// The fields of a door, one row each.
    ///
    /// - Parameter drivers: know which settings of a driver are secret.
    package static func fields(with drivers: DriverTable) -> FieldTable<Door> {
        FieldTable("door", [
            .fixed("id", .id, "Unique in its organization.", "id cannot change: make another door") { .string($0.id.text) }
                .taking("Made where it is left out."),
            .fixed("panel", .id, "The panel that it hangs on.", "panel cannot change: make another door there") { .string($0.panel.text) }.required(),
            .fixed("organization", .id, "Its panel's.", "organization cannot change: make another door there") { .string($0.organization.text) }
                .taking("Chooses where several panels that the key reaches have that id.").going(before: "panel", in: .description),
            .row("number", \.number, .number, "Unique on its panel.").required(),
            .row("name", \.name, .name, "What people call it.").required(),
            .row("attendance", \.isAttendancePoint, .flag, "Whether passing it is a punch of attendance.")
                .taking("Whether passing it is a punch of attendance; false where it is left out.")
                .changing("Whether passing it is a punch of attendance."),
            .nullable("driver", \.driver, .driver(drivers), "How it is told to open; null where it cannot be.")
                .taking("How it is told to open.")
                .changing("How it is told to open; null for not at all."),
        ])
    }

    /// The door in the format of the native API, with all secrets.
    package var json: JSONObject { Self.fields.json(self) }
}

extension FieldCodec where Subject == Door, Value == JSONObject {
    /// The driver that opens the door, and its settings.
    fileprivate static func driver(_ drivers: DriverTable) -> FieldCodec {
        FieldCodec(.ref("DoorDriver"), write: { .object($0) }, restore: { $0.object }) { field, _, reader in
            guard let named = reader.fields.object(field) else { return nil }
            let settings = JSONObject(named.members.filter { $0.value != .null })
            // A setting that the driver does not have is refused with null too.
            let strange = reader.context.faults(in: named).filter { fault in
                fault.code == .unknownField
                    && named.members.contains { $0.value == .null && fault.field == "driver.\($0.key)" }
            }
            let found = reader.context.faults(in: settings) + strange
            for fault in found { reader.fields.refuse(fault) }
            return found.isEmpty ? settings : nil
        }.hidden { drivers.masked($0) }
    }
}
