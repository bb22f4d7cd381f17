/// The content of a vendor's payload, before the directory is asked about it.
///
/// It is not yet an event: its organization is not known, the panel and the door may be unknown, and the blocks are not
/// checked against the catalogue. The admission does all that.
public struct ParsedEvent: Hashable, Sendable {
    /// The kind. If several of our kinds share the vendor's name, the primary one.
    public var kind: Kind
    /// The vendor's own id of the event; nil if the payload has none, and then a repetition cannot be recognized.
    ///
    /// A vendor may use one id for several names; a caller that stores the id puts the name into the event's source.
    public var sourceID: String?
    /// When it happened, in the payload's own spelling; nil if the payload has no time, and then the time of receipt
    /// counts.
    ///
    /// If the payload has no time zone, ``TimeText/offsetMinutes`` is nil, and the time is by the clock of the panel,
    /// else of the organization. The reader of the payload does not know that clock; ``TimeText/time(otherwise:)``
    /// takes its offset.
    public var time: TimeText?
    /// The blocks of the payload. A door given only by its number at its panel is written as `<panel>:<number>`, until
    /// the directory gives its id.
    public var data: JSONObject
    /// The reporter's own attributes, if it is a CloudEvent; otherwise empty.
    public var attributes = JSONObject()
    /// Spellings in the payload that its dialect would not write itself: ``Event/original``.
    public var original: JSONObject
    /// The names and numbers in the payload.
    public var labels: Event.Labels

    /// Starts with the kind; assign the other parts. Each of them may be missing.
    public init(kind: Kind) {
        self.kind = kind
        self.sourceID = nil
        self.time = nil
        self.data = JSONObject()
        self.original = JSONObject()
        self.labels = Event.Labels()
    }
}

extension ParsedEvent {
    /// Reads a payload as a JSON object, which it is in every contract so far.
    ///
    /// - Throws: ``ValidationError/Code/malformed`` if it is not one, with the place of the wrong byte.
    public static func object(in body: [UInt8]) throws(ValidationError) -> JSONObject {
        let json: JSON
        do throws(JSONParser.ParseError) {
            json = try JSONParser.parse(body)
        } catch {
            throw ValidationError(.malformed, "\(error.sentence), at byte \(error.offset) of the payload")
        }
        guard let object = json.object else {
            throw ValidationError(.malformed, "a payload is a JSON object, not \(json.sort)")
        }
        return object
    }
}
