internal import GatehouseCore

/// An event as one subscriber may see it, from which its bodies are written.
struct BodyView: Sendable {
    let event: Event
    /// The vendor's name of the event.
    let name: String
    /// The blocks without the withheld values.
    let data: JSONObject
    /// The vendor's own spellings without the withheld values.
    let original: JSONObject
    /// The secret for a signature inside the body.
    let secret: Secret?

    init(_ event: Event, as name: String, at level: PrivacyLevel, secret: Secret? = nil) {
        self.event = event
        self.name = name
        self.data = event.data(at: level)
        self.original = event.original(at: level)
        self.secret = secret
    }

    /// The time with its own offset, else with the panel's offset.
    var localTime: String {
        let offset = event.time.isInUTC ? event.labels.offsetMinutes ?? 0 : event.time.offsetMinutes
        return RFC3339.localText(event.time.instant, offsetMinutes: offset)
    }

    /// The full name of a person or a visitor, joined if the event has two parts; nil if there is none.
    func name(of block: Block) -> String? {
        let person = data[block.rawValue]
        if let name = person?["name"]?.text, !name.isEmpty { return name }
        let parts = ["firstName", "lastName"].compactMap { person?[$0]?.text }.filter { !$0.isEmpty }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    /// The value at a path; its objects keep all their keys, with `null` for withheld values.
    func blanked(_ path: [String]) -> JSON? {
        guard let whole = Self.value(at: path, of: event.data) else { return .none }
        return Self.blanked(whole, kept: Self.value(at: path, of: data))
    }

    private static func value(at path: [String], of data: JSONObject) -> JSON? {
        path.dropFirst().reduce(path.first.flatMap { data[$0] }) { value, key in value?[key] }
    }

    private static func blanked(_ whole: JSON, kept: JSON?) -> JSON {
        guard let kept else { return .null }
        guard case .object(let object) = whole else { return kept }
        return .object(
            JSONObject(
                object.members.map { JSONObject.Member($0.key, blanked($0.value, kept: kept[$0.key])) }))
    }
}
