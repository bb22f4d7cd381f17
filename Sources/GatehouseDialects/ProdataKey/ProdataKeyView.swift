internal import GatehouseCore

/// An event as one subscriber may see it: what its bodies are written from.
struct ProdataKeyView {
    let event: Event
    let topic: String
    /// The blocks without what the level withholds.
    let data: JSONObject
    /// The vendor's own spellings without it.
    let original: JSONObject

    init(_ event: Event, as topic: String, at level: PrivacyLevel) {
        self.event = event
        self.topic = topic
        self.data = event.data(at: level)
        self.original = event.original(at: level)
    }

    /// The source's own id where it has the form that the contract shows, else ours: never one that is made anew, so
    /// that a receiver can tell a repetition.
    var identity: String {
        EventID(event.sourceID) == nil ? event.id.description : event.sourceID
    }

    var milliseconds: JSON { .integer(event.time.instant.milliseconds) }

    /// The vendor's word for how somebody got in; the contract has one for three of our ways.
    var factor: JSON? {
        switch event.means.method {
        case .card: "CARD_ONLY"
        case .password: "PIN_ONLY"
        case .cardPassword: "CARD_AND_PIN"
        case .none, .fingerprint, .control, .qr, .virtualKey, .remote, .button, .face, .fingerprintCard,
            .cardFingerprintPassword, .fingerprintPassword, .passiveTag, .licencePlate, .other:
            nil
        }
    }
}
