internal import GatehouseCore

extension Audit {
    /// The document's part about the audit.
    static let subject = Subject(
        "Audit", "Who did what to which thing, when and from where: a line in the commit of each change, chained.",
        schemas: [
            ("AuditRecord", .record(record)), ("AuditRecordPage", .page(of: "AuditRecord")),
            ("AuditProof", .record(proof)), ("Person", .person), ("Client", .client),
        ],
        operations: operations)

    // swift-format-ignore
    private static let operations: [Operation] = [
        .get("/v1/audit",       "listAudit",  "Lists entries, newest first").answers("AuditRecordPage", AuditSample.record.page).fails(.storeAway, .storeDamaged),
        .get("/v1/audit/proof", "proveAudit", "Holds all entries against the chain").saying("The store is held against it too: what exists has an entry that says who made it. Who can write the whole file can write the whole audit anew, and nothing in that file shows it. So keep `head` in another place and give it back as `known`: the answer says then whether what stood there is still there.").answers("AuditProof", AuditSample.proof).fails(.storeAway, .storeDamaged),
    ]

    // swift-format-ignore
    private static let record: [Property] = [
        .must("number",       .count,         "Grows with every entry."),
        .must("time",         .time,          "When it was done."),
        .must("organization", .id.orNull,     "The organization that it concerns; null for what stands above all trees."),
        .must("key",          Schema.text().orNull, "The key or trigger; null for the gateway itself, and for who proved none."),
        .must("user",         .ref("Person"), "The person behind it, or the program's key; `gateway` for the gateway itself."),
        .must("clientInfo",   .ref("Client"), "Where the request came from."),
        .must("deed",         .word(AuditEntry.Action.allCases.map(\.rawValue)), "What was done."),
        .must("subject",      .word(AuditEntry.Sort.allCases.map(\.rawValue)), "To what sort of thing."),
        .must("id",           .text(),        "To which one."),
        .must("details",      .free,          "What else there is to say, such as the names of fields that were `changed`."),
    ]

    private static let head = Schema.text(pattern: "^[0-9a-f]{64}$")

    // swift-format-ignore
    private static let proof: [Property] = [
        .must("intact",  .boolean,        "Whether every entry is as it was written, none is missing at the end, and what is `known` is still there."),
        .must("entries", .count,          "How many entries there are."),
        .must("links",   .count,          "How many links the chain has."),
        .must("head",    head.orNull,     "The last link; null where there is none."),
        .must("known",   Schema.boolean.orNull, "Whether what was known before is a link; null where nothing was asked, or where it may have stood for what is kept no longer."),
        .must("broken",  .count.orNull,   "The first entry that is not as it was written; null where there is none."),
        .must("prunedUpTo", .count.orNull, "The last entry that is kept no longer, from which on the chain is held; null where all are kept."),
        .must("from",    .count.orNull,   "The entry from which on all are as they were written; null where none is."),
        .must("fromTime", Schema.time.orNull, "The earliest time of those entries. What is counted for a while is written down behind what happened later."),
        .must("to",      .count.orNull,   "The last entry up to which they are."),
        .must("toTime",  Schema.time.orNull, "The latest time of those entries."),
        .must("missing", .count,          "How many entries were written and are not there any more."),
        .must("warnings", .list(of: .text()), "What an operator should look into, such as that entries are missing which are younger than the audit is kept."),
    ]
}

/// Examples of the audit.
enum AuditSample {
    /// A link of the chain.
    static let head = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

    static let record = JSON(
        sample: """
            {"number":17,"time":"2026-03-11T08:00:00.000Z","organization":"acme","key":"key_4f1d2c3b4a596877",
             "user":{"id":"ana","firstName":"Ana","lastName":"Reis"},
             "clientInfo":{"ipAddress":"192.0.2.7","userAgent":"curl/8.14.1"},"deed":"change","subject":"door",
             "id":"lobby","details":{"changed":["driver"]}}
            """)

    static let proof: JSON = [
        "intact": true, "entries": 17, "links": 12, "head": .string(head), "known": nil, "broken": nil,
        "prunedUpTo": nil, "from": 1, "fromTime": "2026-03-11T08:00:00.000Z", "to": 17,
        "toTime": "2026-03-11T08:15:30.250Z", "missing": 0, "warnings": [],
    ]
}
