internal import GatehouseCore

/// An event as one subscriber may see it: what its bodies are written from.
struct SituatorView {
    let event: Event
    let row: SituatorEvents.Row
    /// The blocks without what the level withholds.
    let data: JSONObject
    /// The vendor's own spellings without it.
    let original: JSONObject

    init(_ event: Event, as row: SituatorEvents.Row, at level: PrivacyLevel) {
        self.event = event
        self.row = row
        self.data = event.data(at: level)
        self.original = event.original(at: level)
    }

    /// The time with the offset that it came with, else with the one that held at the panel.
    var localTime: String {
        let offset = event.time.isInUTC ? event.labels.offsetMinutes ?? 0 : event.time.offsetMinutes
        return RFC3339.localText(event.time.instant, offsetMinutes: offset)
    }

    /// Whether the credential may be one of this form: it has this one, or none is told.
    func hasCredential(_ form: AccessMeans.Form) -> Bool {
        AccessMeans.Form(of: event.data).map { $0 == form } ?? true
    }

    /// What was done: as reported, else as the kind has it.
    var change: String? {
        if let change = data["change"]?.text { return change }
        return switch row.kind {
        case .personCreated: "created"
        case .personUpdated: "updated"
        case .personDeleted: "deleted"
        default: nil
        }
    }

    /// A whole number of the occurrence.
    func occurrence(_ name: String) -> JSON? {
        (data["occurrence"]?[name]?.integer).map { .integer($0) }
    }

    /// The number of the occurrence. Events that were taken before occurrences had numbers have the reporter's.
    var occurrenceNumber: JSON? {
        let numbers = event.labels.numbers
        if let number = numbers[.occurrence] { return .integer(number) }
        return occurrence("id") ?? numbers.record(.occurrence).map { .integer($0) }
    }

    /// The configured event, the one by which the webhook was selected.
    var eventID: Int64? { SituatorOccurrence.configured(for: event)?.id }

    /// A whole number of `details`.
    func detail(_ name: String) -> JSON? { event.data["details"]?[name]?.wholeNumber }
}

extension Event {
    /// The contract's number of the panel: the directory's where it gives one, else ours. Before the store has given
    /// ours, an id that is a decimal stands for itself.
    var situatorServer: Int64? {
        labels.panelNumber ?? labels.numbers[.panel]
            ?? panel.flatMap { Numbers.Name(organization, .panel, $0.text).ownNumber }
    }
}
