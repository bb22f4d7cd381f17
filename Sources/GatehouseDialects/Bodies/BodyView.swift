internal import GatehouseCore

/// An event as one subscriber may see it: what its bodies are written from.
struct BodyView: Sendable {
    let event: Event
    /// What happened, in the vendor's word.
    let name: String
    /// The blocks without what the level withholds.
    let data: JSONObject
    /// The vendor's own spellings without it.
    let original: JSONObject
    /// What a body is signed with that is signed inside.
    let secret: Secret?

    init(_ event: Event, as name: String, at level: PrivacyLevel, secret: Secret? = nil) {
        self.event = event
        self.name = name
        self.data = event.data(at: level)
        self.original = event.original(at: level)
        self.secret = secret
    }

    /// The time with the offset that it came with, else with the one that held at the panel.
    var localTime: String {
        let offset = event.time.isInUTC ? event.labels.offsetMinutes ?? 0 : event.time.offsetMinutes
        return RFC3339.localText(event.time.instant, offsetMinutes: offset)
    }

    /// One name of a person or a visitor, made of two where the event has them apart; nil where there is none.
    func name(of block: Block) -> String? {
        let somebody = data[block.rawValue]
        if let name = somebody?["name"]?.text, !name.isEmpty { return name }
        let parts = ["firstName", "lastName"].compactMap { somebody?[$0]?.text }.filter { !$0.isEmpty }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    /// The value at a path, every object in it with the keys that it had before something was withheld, `null` where
    /// it was.
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
