public import GatehouseCore

extension APIClient {
    /// Something that happened, a CloudEvent, cut to what the key may read.
    public struct Event: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// The reporter's id of it.
        public let id: String
        /// Who reported it.
        public let source: String
        /// What happened, `door.forced`.
        public let kind: String
        /// The gateway's id of it, unique.
        public let gatewayID: String
        /// When it happened.
        public let time: Instant
        /// When the gateway took it.
        public let received: Instant
        /// Whose it is.
        public let organization: String?
        /// What was wrong with it, where it was taken all the same: `unknown-door`, `conflict` …
        public let flag: String?
        /// The reporter's own attributes: `subject`, `dataschema` and extension attributes of CloudEvents.
        public let attributes: JSONObject
        /// The blocks that tell what happened: `door`, `person`, `access` …
        public let data: JSONObject

        /// What is no attribute of the reporter's own.
        private static let envelope: Set<String> = [
            "specversion", "id", "source", "type", "time", "organization", "receivedtime", "data",
        ]

        /// Reads an answer. - Throws: where it is none of that sort.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.id = try json.text(of: "id")
            self.source = try json.text(of: "source")
            self.kind = try json.text(of: "type")
            self.gatewayID = try json.text(of: "gatehouseid")
            self.time = try json.instant(of: "time")
            self.received = try json.instant(of: "receivedtime")
            self.organization = json["organization"]?.text
            self.flag = json["gatehouseflag"]?.text
            let own = json.object?.members.filter {
                !Self.envelope.contains($0.key) && !$0.key.hasPrefix("gatehouse")
            }
            self.attributes = JSONObject(own ?? [])
            self.data = json["data"]?.object ?? JSONObject()
        }

        /// Reads the text of one.
        init(text: String) throws(GatehouseError) {
            let json: JSON
            do throws(JSONParser.ParseError) {
                json = try JSONParser.parse(Array(text.utf8), depthLimit: 64)
            } catch {
                throw .unreadable("what answers at that address sends no events in JSON")
            }
            try self.init(json)
        }
    }
}
