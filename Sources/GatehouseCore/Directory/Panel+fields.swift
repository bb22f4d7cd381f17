extension Panel: FieldSubject {
    package typealias FieldContext = any TimeZones

    // swift-format-ignore
    /// The fields of a panel, one row each.
    package static let fields = FieldTable<Panel>("panel", [
        .fixed("id", .id, "Unique in its organization.", "id cannot change: make another panel") { .string($0.id.text) }
            .taking("Made where it is left out."),
        .fixed("organization", .id, "Whose it is.", "organization cannot change: make another panel there") { .string($0.organization.text) }.required(),
        .row("name", \.name, .name, "What people call it.").required(),
        .nullable("number",   \.number,   .number,   "The integer by which vendors' contracts know it, where it has one.")
            .taking("The integer by which vendors' contracts know it.")
            .changing("The integer by which vendors' contracts know it; null takes it away."),
        .nullable("timeZone", \.timeZone, .timeZone, "Where it stands, by an IANA name; null where its organization is.")
            .taking("Where it stands, by an IANA name; its organization's where it is left out.")
            .changing("An IANA name; null for its organization's."),
        .described("vendorNumber", .count.orNull, "The integer that vendors' contracts get for it (Situator's serverId): `number`, else one that the gateway gave. Null where it has none yet and the store can give none."),
    ])

    /// The panel in the format of the native API.
    package var json: JSONObject { Self.fields.json(self) }
}
