internal import GatehouseCore
internal import HTTPTypes

extension Events {
    /// The document's part about events.
    static func subject(of gateway: DescribedGateway) -> Subject {
        Subject(
            "Events",
            "What happened at a building: posted once, delivered to all that subscribed, and kept to be fetched behind "
                + "a cursor. An event is never changed.",
            schemas: [
                ("Event", .record(event).beside(.ref("EventAttribute"))),
                ("EventDraft", .record(draft).beside(.any(of: [.ref("EventAttribute"), .always(nil)]))),
                ("EventAttribute", attribute),
                ("EventBatch", .list(of: .ref("EventDraft"), 1...gateway.settings.batchEvents)),
                ("Receipts", .record([.must("events", .list(of: .ref("Receipt")), "In the order of the batch.")])),
                ("Receipt", .record(receipt)), ("FeedPage", .record(page)), ("EventShown", .record(shown)),
            ] + BlockSchemas.all,
            operations: [posting(gateway.settings)] + reading)
    }

    private static func posting(_ settings: ServerSettings) -> Operation {
        .post("/v1/events", "postEvents", "Takes one event or several, all or none")
            .saying(
                """
                202 after the durable commit, with every delivery that is owed. The same organization, source and id \
                again: 202 and `duplicate`, and nothing is delivered twice; with another body 409. An urgent event, or \
                one under duress, is taken also where it names an unknown panel or door, contradicts itself or uses an \
                id again, and is flagged. Takes CloudEvents \
                1.0.2, structured and in batches, the same as plain JSON, JSON lines; and with `ce-*` header fields, \
                as any type of JSON or without a Content-Type, the data alone or nothing (binary mode). Extension \
                attributes, at most \(EventAttributes.most), have names of 1 to \(EventAttributes.longestName) \
                lower-case letters and digits; they are kept, and carried to Standard deliveries and the feed. \
                At most \(settings.batchEvents) events and \
                \(settings.batchBytes) bytes, each of at most \(settings.eventBytes).
                """
            )
            .takes([
                .init("application/cloudevents+json", .ref("EventDraft"), [("", EventSample.draft)]),
                .init("application/cloudevents-batch+json", .ref("EventBatch"), [("", [EventSample.second])]),
                .init(
                    "application/json", .any(of: [.ref("EventDraft"), .ref("EventBatch")]),
                    [("one", EventSample.third), ("several", [EventSample.draft, EventSample.second])]),
                .init("application/x-ndjson", .text(), [("", .string(EventSample.lines))]),
            ])
            .answers(
                .init(
                    .accepted, "Kept for good.",
                    [.init("application/json", .ref("Receipts"), [("", EventSample.receipts)])])
            )
            .fails(
                .unknownKind, .unknownOrganization, .unknownPanel, .unknownDoor, .misplacedBlock, .contradiction,
                .conflict
            )
            .fails(.draining)
    }

    // swift-format-ignore
    private static let reading: [Operation] = [
        .get("/v1/events",         "listEvents",   "Reads events, oldest first").saying("Ask again with `after` = `next`. An empty page has null: there is nothing more at present, and the cursor before it stays good. With `wait` the answer comes with the first event.").answers("FeedPage", EventSample.page).fails(.storeAway, .overloaded, .storeDamaged, .manyWaits),
        .get("/v1/events/stream",  "streamEvents", "Reads events as they come, without an end").saying("Server-sent events: the cursor as `id`, the kind as `event`, the event as `data`. Begins behind `Last-Event-ID`, else `after`, else at `since`, else at the newest event.").reads("Last-Event-ID").answers(stream).fails(.storeAway, .overloaded, .storeDamaged, .manyWaits),
        .get("/v1/events/{event}", "showEvent",    "Shows an event with the newest of its deliveries").answers("EventShown", EventSample.shown).fails(.storeAway, .storeDamaged),
    ]

    private static let stream = Operation.Answer(
        .ok, "One event after another.", [.init("text/event-stream", .text(), [("", .string(EventSample.stream))])])

    // swift-format-ignore
    private static let event: [Property] = [
        .must("specversion",  .always("1.0"),    "The version of CloudEvents."),
        .must("id",           .text(),           "The caller's own id."),
        .must("source",       .text(),           "Where it comes from."),
        .must("type",         .ref("KindName")),
        .must("time",         .time,             "When it happened, with the offset that was told."),
        .must("organization", .id,               "Whose it is."),
        .must("receivedtime", .time,             "When the gateway took it."),
        .must("gatehouseid",  .uuid,             "The event's id in the store; `webhook-id` on its deliveries."),
        .may ("subject",      .text(),           "What the event is about, in the words of its reporter."),
        .may ("dataschema",   .text(),           "The URI of a schema that the reporter says its data fits. It is never fetched."),
        .may ("gatehouseflag", flag,             "What is wrong with an event that was taken all the same; absent where nothing is."),
        .must("data",         .ref("EventData")),
    ]

    private static let attribute = Schema.any(of: [
        .text(0...EventAttributes.longestText), .integer(Int64(Int32.min)...Int64(Int32.max)), .boolean,
        .always(nil),
    ]).saying(
        "An extension attribute of CloudEvents: of the reporter's own, carried and never acted upon; null is left out.")

    private static let flag = Schema.word(Event.Flag.allCases.map(\.rawValue))

    // swift-format-ignore
    private static let draft: [Property] = [
        .must   ("specversion",     .always("1.0"),    "The version of CloudEvents."),
        .must   ("id",              line(AdmissionBounds.longestID), "The caller's own id; with source and organization it makes the event once."),
        .must   ("source",          line(AdmissionBounds.longestSource), "Where it comes from, such as /panels/1070000."),
        .must   ("type",            .word(posted),     "What happened."),
        .mayNull("time",            .told,             "When it happened, at most 10 minutes ahead; by the clock of the panel where it has no zone; now where it is left out."),
        .mayNull("organization",    .text(),           "Whose it is; the key's where it is left out. A key above all trees must say, unless one organization alone has the panel or door."),
        .mayNull("subject",         .text(1...EventAttributes.longestText), "What it is about; nothing is made of it."),
        .mayNull("dataschema",      .text(1...EventAttributes.longestText), "An absolute URI. It is never fetched."),
        .mayNull("datacontenttype", .text(), "A type of JSON, `application/json` or one that ends in `+json`, in UTF-8."),
        .mayNull("data",            .ref("EventData")),
        .mayNull("data_base64",     .text(),           "The data as JSON, in base64, in the place of `data`."),
    ]

    /// Kinds that only the gateway raises cannot be posted.
    private static let posted = Catalogue.rows.filter { $0.teller != .gateway }.map(\.name)

    private static func line(_ bytes: Int) -> Schema {
        .text(1...bytes, pattern: #"^[^\u0000-\u001F\u007F]*$"#)
    }

    // swift-format-ignore
    private static let receipt: [Property] = [
        .must("event",      .uuid,    "The event's id in the store."),
        .must("id",         .text(),  "The caller's own id."),
        .must("source",     .text(),  "Where it comes from."),
        .must("deliveries", .count,   "How many deliveries it owes."),
        .must("duplicate",  .boolean, "Whether it was taken before."),
        .may ("flag",       flag,     "What is wrong with it, where it was taken all the same."),
    ]

    // swift-format-ignore
    private static let page: [Property] = [
        .must("events", .list(of: .ref("Event")), "Oldest first."),
        .must("next",   Schema.text().orNull,     "Where to go on, as `after`; null where there is nothing more at present."),
        .may ("pruned", .boolean,                 "True where events behind the cursor are missing, because they are kept no longer."),
    ]

    // swift-format-ignore
    private static let shown: [Property] = [
        .must("event",      .ref("Event")),
        .must("deliveries", .ref("DeliveryPage")),
        .may("unsayable",   .list(of: .record(unsayable)), "Who asks for the event and is not owed it: the contract requires what it lacks."),
    ]

    // swift-format-ignore
    private static let unsayable: [Property] = [
        .must("subscription", .text(), "Its id."),
        .must("dialect",      .text()),
        .must("lacking",      .list(of: .text()), "The contract's keys for which the event has nothing."),
    ]
}
