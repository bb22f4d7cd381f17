import GatehouseCore

/// One event as the command line describes it, on its way to becoming a CloudEvent.
struct EventDraft {
    /// What happened, `door.forced`.
    var kind: String
    /// The reporter's own id of it.
    var id: String
    /// Who reports it.
    var source: String
    /// When it happened; nil for now.
    var time: String?
    /// Whose event it is; nil for the key's organization.
    var organization: String?
    /// The blocks that tell what happened.
    var data = JSONObject()

    /// The event in the structured form of CloudEvents 1.0.
    var json: JSON {
        var event = JSONObject([
            "specversion": "1.0", "id": .string(id), "source": .string(source), "type": .string(kind),
        ])
        event.put("time", time)
        event.put("organization", organization)
        event["data"] = .object(data)
        return .object(event)
    }
}
