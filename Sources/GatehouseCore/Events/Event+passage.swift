extension Event {
    /// A fact about the passage: what the kind implies, else what was reported, else the catalogue's default; nil if
    /// there is none. Every dialect uses it, so that they all give the same answer.
    public func passage(_ field: String) -> JSON? {
        Event.passage(field, of: kind, access: data["access"]?.object)
    }

    /// Whether the person was let in; nil if nothing was decided.
    public var isAuthorized: Bool? { passage("authorized")?.bool }

    /// The lane of its deliveries.
    public var lane: Lane { Catalogue.lane(of: kind, duress: isUnderDuress) }

    /// Whether its kind says refused and its block says let in, under duress. The block decides then: it is the more
    /// alarming of the two.
    var isRefusalButLetIn: Bool {
        isUnderDuress && isAuthorized == true && Catalogue.passage(of: kind)?.says["authorized"] == false
    }

    /// The kinds that the event counts as, the most urgent first: under duress the alarm, and always its own.
    public var kinds: [Kind] {
        isUnderDuress && kind != .accessDuress ? [.accessDuress, kind] : [kind]
    }

    /// The same for an event that is being read or written, by its kind and its `access` block.
    public static func passage(_ field: String, of kind: Kind, access: JSONObject?) -> JSON? {
        // Let in under duress, but reported as a refusal: the more alarming reading counts.
        if field == "authorized", access?["duress"] == true, access?["authorized"] == true { return true }
        let rule = Catalogue.passage(of: kind)
        if let said = rule?.says[field] ?? access?[field] ?? rule?.otherwise[field] { return said }
        // Under duress, the alarm's values replace what the kind leaves open.
        guard field != "duress", access?["duress"] == true else { return nil }
        return Catalogue.passage(of: .accessDuress)?.otherwise[field]
    }
}

extension KindSet {
    /// Whether an event counts as one of the kinds: by its own, or, under duress, as the duress alarm.
    public func wants(_ event: Event) -> Bool {
        contains(event.kind) || (contains(.accessDuress) && event.isUnderDuress)
    }
}
