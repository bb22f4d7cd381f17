/// What a vendor's payload says, before the directory was asked about any of it.
///
/// Not yet an event: nobody has said whose it is, the panel and the door may be unknown, and the blocks were not held
/// against the catalogue. The admission does all that.
public struct ParsedEvent: Hashable, Sendable {
    /// What sort of thing happened. Where several of our kinds share the vendor's name, the primary one.
    public var kind: Kind
    /// The vendor's own id of what happened; nil where the payload has none, so that a repetition cannot be told.
    ///
    /// Vendors may use one id for several names; who keeps it puts the name into the event's source.
    public var sourceID: String?
    /// When it happened, as the payload spells it; nil where it does not say, and then the time of receipt must do.
    ///
    /// Where the payload names no zone, ``TimeText/offsetMinutes`` is nil, and the time is by the clock of the panel,
    /// else of the organization. The reader of the payload does not know that clock; ``TimeText/time(otherwise:)``
    /// takes its offset.
    public var time: TimeText?
    /// The blocks that the payload fills. A door of which the payload gives only the number at its panel stands here
    /// as `<panel>:<number>`, until the directory names it.
    public var data: JSONObject
    /// The reporter's own attributes of a CloudEvent; of what is none there are none.
    public var attributes = JSONObject()
    /// What the payload spells otherwise than its dialect would write it: ``Event/original``.
    public var original: JSONObject
    /// The names and numbers that the payload itself carries.
    public var labels: Event.Labels

    /// Starts from the kind; the other parts follow by assignment, and each may be missing.
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
    /// Reads a payload as the JSON object that it is in every contract so far.
    ///
    /// - Throws: ``ValidationError/Code/malformed`` where it is none, with the place of the byte that is wrong.
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
