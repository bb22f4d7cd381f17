extension Event {
    /// A field of the passage: what the kind says by itself, else what was told, else what the catalogue takes it for;
    /// nil where none of them says. Every dialect asks here, so that one fact has one answer.
    public func passage(_ field: String) -> JSON? {
        Event.passage(field, of: kind, telling: data["access"]?.object)
    }

    /// Whether whoever came was let in; nil where nothing was decided.
    public var isAuthorized: Bool? { passage("authorized")?.bool }

    /// The lane that its deliveries take.
    public var lane: Lane { Catalogue.lane(of: kind, duress: isUnderDuress) }

    /// Whether its kind says refused and its block let in, under duress. The block holds then: it is the more alarming
    /// of the two.
    var isRefusalButLetIn: Bool {
        isUnderDuress && isAuthorized == true && Catalogue.passage(of: kind)?.says["authorized"] == false
    }

    /// The kinds as which the event is told, the most pressing first: under duress the alarm, and always its own.
    public var kinds: [Kind] {
        isUnderDuress && kind != .accessDuress ? [.accessDuress, kind] : [kind]
    }

    /// The same of an event that is being read or written, by its kind and its `access` block.
    public static func passage(_ field: String, of kind: Kind, telling told: JSONObject?) -> JSON? {
        // Let in under duress, told as a refusal: of the two the more alarming holds.
        if field == "authorized", told?["duress"] == true, told?["authorized"] == true { return true }
        let rule = Catalogue.passage(of: kind)
        if let said = rule?.says[field] ?? told?[field] ?? rule?.otherwise[field] { return said }
        // Under duress what the kind leaves open is as it is for the alarm.
        guard field != "duress", told?["duress"] == true else { return nil }
        return Catalogue.passage(of: .accessDuress)?.otherwise[field]
    }
}

extension KindSet {
    /// Whether an event is told as one of the kinds: by its own, or, under duress, as that alarm.
    public func wants(_ event: Event) -> Bool {
        contains(event.kind) || (contains(.accessDuress) && event.isUnderDuress)
    }
}
