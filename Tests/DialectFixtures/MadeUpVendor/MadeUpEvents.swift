internal import GatehouseCore

@testable internal import GatehouseDialects

/// Acme's names, as its manual would list them.
enum MadeUpEvents {
    struct Row: NameRow {
        let kind: Kind
        let name: String
    }

    // swift-format-ignore
    /// A name is read as the kind of its first row: refusals do not say whether the card was known.
    private static let rows: [Row] = [
        Row(kind: .accessGranted,      name: "TURN_IN"),
        Row(kind: .accessGranted,      name: "TURN_OUT"),
        Row(kind: .accessGranted,      name: "TURN"),
        Row(kind: .accessDenied,       name: "TURN_REFUSED"),
        Row(kind: .accessUnrecognized, name: "TURN_REFUSED"),
        Row(kind: .accessDuress,       name: "TURN_DURESS"),
        Row(kind: .doorForced,         name: "ARM_FORCED"),
        Row(kind: .panicRaised,        name: "PANIC"),
        Row(kind: .doorClosed,         name: "ARM_CLOSED"),
    ]

    /// Acme has no name for a kind without a row.
    private static let silent = Kind.allCases.filter { kind in !rows.contains { $0.kind == kind } }

    static let table = NameTable(
        rows, silent: [(kinds: silent, reason: "a turnstile knows passages and alarms alone")],
        refusal: "Acme never says")

    /// The name of an event, by the direction if the kind has several.
    static func name(of event: Event) -> VendorName? {
        if event.isUnderDuress { return VendorName("TURN_DURESS") }
        guard event.kind == .accessGranted else { return table.row(of: event.kind).map { VendorName($0.name) } }
        switch event.data["access"]?["direction"]?.text {
        case "entry": return VendorName("TURN_IN")
        case "exit": return VendorName("TURN_OUT")
        default: return VendorName("TURN")
        }
    }
}
