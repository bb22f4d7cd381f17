extension Organization: FieldSubject {
    package typealias FieldContext = any TimeZones

    // swift-format-ignore
    /// The fields of an organization, one row each.
    package static let fields = FieldTable<Organization>("organization", [
        .fixed("id", .id, "Unique in the store.", "id cannot change: make another organization") { .string($0.id.text) }
            .taking("Made where it is left out."),
        .row("name", \.name, .name, "What people call it.").required(),
        .fixed("parent", .id.orNull, "The organization above it; null at the top of a tree.", "parent cannot change: make another organization there") { .text($0.parent?.text) }.removable.going(before: "name", in: .reading)
            .taking(.id)
            .taking("The organization above it; without one it is the top of a tree."),
        .row("timeZone", \.timeZone, .timeZone, "Where its panels stand that say nothing else, by an IANA name.")
            .taking("An IANA name such as America/Sao_Paulo; UTC where it is left out.")
            .changing("An IANA name."),
        .described("vendorNumber", .count.orNull, "The integer that vendors' contracts get for it: Situator's accountId, 1UPVISION's organization_id. Null where it has none yet and the store can give none."),
    ])

    /// The organization in the format of the native API.
    package var json: JSONObject { Self.fields.json(self) }
}
