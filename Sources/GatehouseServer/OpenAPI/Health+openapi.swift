internal import GatehouseCore
internal import HTTPTypes

extension Health {
    /// The document's part about the routes for operators.
    static let subject = Subject(
        "Operation", "What operators and their probes ask.",
        schemas: [("Description", .record(description))],
        operations: [
            .get("/livez", "isLive", "Whether the process answers").answers(word("live")),
            .get("/readyz", "isReady", "Whether events sent here would be taken now").answers(word("ready"))
                .fails(.storeAway, .draining),
            .get("/metrics", "showMetrics", "Every figure of the process, in the text format of Prometheus")
                .saying("A series that names an organization is told to keys that reach it.")
                .answers(.init(.ok, "One sample a line.", [.init("text/plain", .text(), [("", .string(metrics))])])),
            .get("/openapi.json", "describe", "This document").answers("Description", sample),
        ])

    private static func word(_ word: String) -> Operation.Answer {
        .init(.ok, "It is.", [.init("text/plain", .text(), [("", .string(word + "\n"))])])
    }

    private static let metrics = """
        # HELP gatehouse_store_up Whether the store answers.
        # TYPE gatehouse_store_up gauge
        gatehouse_store_up 1

        """

    // swift-format-ignore
    private static let description: [Property] = [
        .must("openapi",    .text(pattern: #"^3\.1\."#), "The version of OpenAPI."),
        .must("info",       .free, "What the API is about."),
        .must("servers",    .list(of: .free), "Where it is called."),
        .must("tags",       .list(of: .free), "The subjects."),
        .must("paths",      .free, "The routes."),
        .must("components", .free, "What the routes refer to."),
    ]

    private static let sample = JSON(
        sample: """
            {"openapi":"3.1.0","info":{"title":"Gatehouse","version":"\(GatehouseVersion.text)"},
             "servers":[{"url":"/"}],"tags":[],"paths":{},"components":{}}
            """)
}
