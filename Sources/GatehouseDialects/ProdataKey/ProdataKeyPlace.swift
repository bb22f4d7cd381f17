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
    /// The event's time in whole seconds, as text; a spelling that this would not bring back is kept in `details`.
    case timestamp
    /// A field of a block; one of `details` is of whatever sort the vendor gives it.
    case field(Block, String, Sort)

    /// What the catalogue asks a field to be.
    enum Sort: Hashable, Sendable {
        case text, integer, boolean, free
    }

    func value(in view: ProdataKeyView) -> JSON? {
        let (event, data) = (view.event, view.data)
        return switch self {
        case .topic: .string(view.topic)
        case .identity: .string(view.identity)
        case .panel: data["panel"]
        case .doorNumber: event.labels.doorNumber.map { .integer($0) }
        case .doorName: event.labels.doorName.map { .string($0) }
        case .personNumber: event.labels.numbers[.person].map { .integer($0) }
        case .milliseconds: view.milliseconds
        case .timestamp: data["details"]?["timestamp"] ?? .string(RFC3339.secondsText(event.time.instant))
        case .field(let block, let name, _): data[block.rawValue]?[name]
        }
    }

    func put(_ value: PayloadValue, into draft: inout ProdataKeyDraft) throws(Fault) {
        switch self {
        case .topic: break
        case .identity: draft.sourceID = try value.identity()
        case .panel: draft.panel = try value.identifier()
        case .doorNumber: draft.labels.doorNumber = try value.integer()
        case .doorName: draft.labels.doorName = try value.text()
        case .personNumber: draft.person = try value.integer()
        case .milliseconds: draft.time = EventTime(try value.milliseconds())
        case .timestamp: draft.tell(timestamp: try value.text())
        case .field(let block, let name, let sort):
            try value.check(sort)
            draft.set(value.json, at: name, of: block)
        }
    }
}
