internal import GatehouseCore

extension Kinds {
    /// The document's part about the catalogue.
    static func subject(of gateway: DescribedGateway) -> Subject {
        Subject(
            "Kinds", "The catalogue of all that can happen, with every dialect's name for it.",
            schemas: [
                ("Kind", kind(gateway.dialects)), ("KindPage", .page(of: "Kind")), ("KindName", name),
                ("KindNames", names),
            ],
            operations: [
                .get("/v1/kinds", "listKinds", "Lists the whole catalogue").answers(
                    "KindPage", sample(gateway.dialects))
            ])
    }

    private static let name = Schema.word(Catalogue.rows.map(\.name)).saying("What sort of thing happened.")

    // swift-format-ignore
    private static let names = Schema.record([
        .must("names",  .list(of: .text()), "The names that the kind can get; none where the dialect is silent."),
        .may ("reason", .text(),            "Why it is silent."),
    ])

    // swift-format-ignore
    private static func kind(_ dialects: DialectTable) -> Schema {
        .record([
            .must("kind",     .ref("KindName")),
            .must("lane",     .word(Lane.allCases.map(\.name)), "How soon deliveries of it want to leave."),
            .must("blocks",   .list(of: .word(Block.allCases.map(\.rawValue))), "The blocks that its data may carry."),
            .must("toldBy",   .word(Teller.allCases.map(\.rawValue)), "The least role whose keys may post it; `gateway` where the gateway alone raises it."),
            .must("meaning",  .text(), "What happened, in a few words."),
            .must("dialects", .record(dialects.dialects.map { .must($0.name.text, .ref("KindNames")) }), "What each dialect calls it."),
        ])
    }

    /// A page with only the catalogue's first kind.
    private static func sample(_ dialects: DialectTable) -> JSON {
        ["items": .array(Array((page(of: dialects)["items"]?.items ?? []).prefix(1))), "next": nil]
    }
}
