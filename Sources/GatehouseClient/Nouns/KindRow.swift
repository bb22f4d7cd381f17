public import GatehouseCore

extension APIClient {
    /// One kind of the catalogue.
    public struct KindRow: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// Its name, `door.forced`.
        public let kind: String
        /// `urgent` or `normal`.
        public let lane: String
        /// The blocks of data that it may carry.
        public let blocks: [String]
        /// The least role whose keys may post it, `source` or `admin`; `gateway` where the gateway alone raises it.
        public let toldBy: String
        /// What happened, for people.
        public let meaning: String
        /// What each dialect calls it, or why it cannot.
        public let dialects: JSONObject

        /// Reads an answer. - Throws: where it is none of that sort.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.kind = try json.text(of: "kind")
            self.lane = try json.text(of: "lane")
            self.blocks = json["blocks"]?.texts ?? []
            self.toldBy = try json.text(of: "toldBy")
            self.meaning = try json.text(of: "meaning")
            self.dialects = json["dialects"]?.object ?? JSONObject()
        }
    }
}
