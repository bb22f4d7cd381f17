internal import GatehouseCore

/// Where in an event a member of a body has its value: what ``value(in:)`` takes from there when a body is written,
/// ``put(_:into:)`` puts there when one is read.
enum ProdataKeyPlace: Hashable, Sendable {
    /// What happened, in the vendor's word.
    case topic
    /// The UUID that is the same on every delivery of it.
    case identity
    /// The panel that it speaks about.
    case panel
    /// The door's number at its panel.
    case doorNumber
    case doorName
    /// The integer that stands for the person's id.
    case personNumber
    /// The event's time in whole milliseconds since 1970.
    case milliseconds
    /// The event's time in whole seconds, as text, unless the vendor's own message spelled it otherwise.
    case timestamp
    /// A field of a block; what is of another sort than the contract has there is not written.
    case field(Block, String, Sort)

    /// What the contract has in a field, by its examples.
    enum Sort: Hashable, Sendable {
        case text, integer, number, boolean, list, object
        /// An id, which the examples have as text here and as a whole number there.
        case code
        /// `null` in the one example that there is.
        case scalar
        /// The contract names no sort.
        case free

        /// The value as the contract has it; nil for one of another sort.
        func fitted(_ value: JSON) -> JSON? {
            switch self {
            case .text: value.only(value.text != nil)
            case .integer: value.wholeNumber
            case .number:
                if case .number = value { value } else { JSON?.none }
            case .boolean: value.only(value.bool != nil)
            case .list: value.only(value.items != nil)
            case .object: value.only(value.object != nil)
            case .code: value.codeValue
            case .scalar: value.only(value.items == nil && value.object == nil)
            case .free: value
            }
        }
    }

    func value(in view: ProdataKeyView) -> JSON? {
        let (event, data) = (view.event, view.data)
        return switch self {
        case .topic: .string(view.topic)
        case .identity: .string(view.identity)
        case .panel: data["panel"]
        case .doorNumber: event.toldDoorNumber.map { .integer($0) }
        case .doorName: event.toldDoorName.map { .string($0) }
        case .personNumber: event.labels.numbers[.person].map { .integer($0) }
        case .milliseconds: view.milliseconds
        case .timestamp: .string(view.original["timestamp"]?.text ?? RFC3339.secondsText(event.time.instant))
        case .field(let block, let name, let sort): data[block.rawValue]?[name].flatMap(sort.fitted)
        }
    }

    /// Whether something can stand here. Numbers are given when the event is kept, to whatever has an id.
    func isTold(by event: Event) -> Bool {
        switch self {
        case .topic, .identity, .milliseconds, .timestamp: true
        case .panel: event.panel != nil
        case .doorNumber: event.toldDoorNumber != nil
        case .doorName: event.toldDoorName != nil
        case .personNumber: event.isNumbered(.person)
        case .field(let block, let name, let sort): event.data[block.rawValue]?[name].flatMap(sort.fitted) != nil
        }
    }

    func put(_ value: PayloadValue, into draft: inout ProdataKeyDraft) throws(ValidationError) {
        switch self {
        case .topic: break
        case .identity: draft.sourceID = try value.identity()
        case .panel: draft.panel = try value.identifier()
        case .doorNumber: draft.labels.doorNumber = try value.integer()
        case .doorName: draft.labels.doorName = try value.text()
        case .personNumber: draft.person = try value.integer()
        case .milliseconds: draft.time = TimeText(try value.milliseconds())
        case .timestamp: draft.tell(timestamp: try value.text())
        case .field(let block, let name, let sort):
            if block != .details || ProdataKeyDetail.required.contains(name) { try value.check(sort) }
            draft.set(value.json, at: name, of: block)
        }
    }
}
