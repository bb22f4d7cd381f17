internal import FoundationEssentials
public import GatehouseCore

extension APIClient {
    /// One event on its way to a gateway.
    ///
    /// Source and id make it once: the same draft may be posted again and again, and is taken once.
    public struct EventDraft: Hashable, Sendable {
        /// What happened, `door.forced`.
        public var kind: String
        /// The reporter's own id of it.
        public var id: String
        /// Who reports it.
        public var source: String
        /// When it happened, by ISO 8601, `2026-03-11T08:15:30+01:00`; by the clock of its panel where it names no
        /// zone. nil for the moment in which the gateway takes it.
        public var time: String?
        /// Whose event it is; nil for the key's organization.
        public var organization: String?
        /// Attributes of the reporter's own, by CloudEvents: `subject`, `dataschema`, and extension attributes, whose
        /// names have 1 to 20 lower-case letters and digits.
        public var attributes = JSONObject()
        /// The blocks that tell what happened.
        public var data = JSONObject()

        /// Describes an event; an id that is left out is made here, before anything is sent.
        public init(_ kind: String, source: String, door: String? = nil, id: String? = nil) {
            self.kind = kind
            self.id = id ?? UUID().uuidString.lowercased()
            self.source = source
            data.put("door", door.map { .string($0) })
        }

        /// The event in the structured form of CloudEvents 1.0.
        public var json: JSON {
            var event = JSONObject()
            event["specversion"] = "1.0"
            event["id"] = .string(id)
            event["source"] = .string(source)
            event["type"] = .string(kind)
            event.put("time", time.map { .string($0) })
            event.put("organization", organization.map { .string($0) })
            for member in attributes.members where event[member.key] == nil { event[member.key] = member.value }
            event["data"] = .object(data)
            return .object(event)
        }
    }
}
