public import GatehouseCore

extension APIClient {
    /// One kind of the catalogue.
    public struct KindRow: Value {
        /// Everything that was answered, also fields that this library does not know.
        public let json: JSON
        /// Its name, `door.forced`.
        public let kind: String
        /// `urgent` or `normal`.
        public let lane: String
        /// The blocks of data that it may carry.
        public let blocks: [String]
        /// The lowest role whose keys may post it, `source` or `admin`; `gateway` if only the gateway raises it.
        public let toldBy: String
        /// What happened, for people.
        public let meaning: String
        /// Its name in each dialect, or why the dialect has none.
        public let dialects: JSONObject

        /// Reads an answer. - Throws: if it does not have this form.
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
