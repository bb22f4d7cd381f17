public import GatehouseCore

extension APIClient {
    /// A door that is to be made.
    public struct DoorDraft: Hashable, Sendable {
        /// What people call it.
        public var name: String
        /// The panel that it hangs on.
        public var panel: String
        /// The whole number that it has at its panel.
        public var number: Int64
        /// Its id.
        public var id: String?
        /// The panel's organization, where several have a panel of that id.
        public var organization: String?
        /// Whether passing it counts as coming to or leaving work.
        public var isAttendancePoint: Bool?
        /// How it is told to open, as `["type": "simulated"]`.
        public var driver: JSONObject?
        /// Members of the API that have no property here; they go over those that have.
        public var more = JSONObject()

        /// Describes a door; an id that is left out is made by the gateway.
        public init(_ name: String, panel: String, number: Int64, id: String? = nil) {
            self.name = name
            self.panel = panel
            self.number = number
            self.id = id
        }

        /// What is posted.
        public var json: JSON {
            var body = JSONObject()
            body["name"] = .string(name)
            body["panel"] = .string(panel)
            body["number"] = .integer(number)
            body.put("id", id.map { .string($0) })
            body.put("organization", organization.map { .string($0) })
            body.put("attendance", isAttendancePoint.map { .bool($0) })
            body.put("driver", driver.map { .object($0) })
            body.put(all: more)
            return .object(body)
        }
    }
}
