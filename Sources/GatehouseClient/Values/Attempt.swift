public import GatehouseCore

extension APIClient {
    /// One try to deliver.
    public struct Attempt: Value {
        /// Everything that was answered, also what this library does not know.
        public let json: JSON
        /// Which one, from 1.
        public let number: Int
        /// When it began.
        public let time: Instant
        /// What it met in a word, `accepted`.
        public let outcome: String
        /// What it met, for people.
        public let sentence: String
        /// What the receiver answered; nil where it did not.
        public let status: Int?
        /// The first of the receiver's answer; nil where there is none, or where the key may not read it.
        public let answer: String?

        /// Reads an answer. - Throws: where it is none of that sort.
        public init(_ json: JSON) throws(GatehouseError) {
            self.json = json
            self.number = try json.integer(of: "number")
            self.time = try json.instant(of: "time")
            self.outcome = try json.text(of: "outcome")
            self.sentence = try json.text(of: "sentence")
            self.status = json["status"]?.integer.flatMap { Int(exactly: $0) }
            self.answer = json["answer"]?.text
        }
    }
}
