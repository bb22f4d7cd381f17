internal import GatehouseCore

/// What Acme calls things, as its manual would list them.
enum MadeUpEvents {
    // swift-format-ignore
    private static let named: [(kind: Kind, names: [String])] = [
        (.accessGranted,      ["TURN_IN", "TURN_OUT", "TURN"]),
        (.accessDenied,       ["TURN_REFUSED"]),
        (.accessUnrecognized, ["TURN_REFUSED"]),
        (.accessDuress,       ["TURN_DURESS"]),
        (.doorForced,         ["ARM_FORCED"]),
        (.panicRaised,        ["PANIC"]),
        (.doorClosed,         ["ARM_CLOSED"]),
    ]

    static let vocabulary: Vocabulary = {
        var entries: [Kind: Vocabulary.Entry] = [:]
        for kind in Kind.allCases { entries[kind] = .silent(reason: "a turnstile knows passages and alarms alone") }
        for row in named { entries[row.kind] = .named(row.names.map { VendorName($0) }) }
        return Vocabulary(entries)
    }()

    /// The first kind that has the name: refusals do not say whether the card was known.
    static func kind(named name: String) -> Kind? { named.first { $0.names.contains(name) }?.kind }

    /// The one name that an event gets: by the direction where the kind has several.
    static func name(of event: Event) -> VendorName? {
        if event.isUnderDuress { return VendorName("TURN_DURESS") }
        guard case .named(let names) = vocabulary.entries[event.kind] else { return nil }
        guard event.kind == .accessGranted else { return names.first }
        switch event.data["access"]?["direction"]?.text {
        case "entry": return VendorName("TURN_IN")
        case "exit": return VendorName("TURN_OUT")
        default: return VendorName("TURN")
        }
    }
}
