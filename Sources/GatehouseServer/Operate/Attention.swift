internal import GatehouseCore

/// One thing that an operator should look at.
struct Attention {
    /// The subject: `subscriptions/{id}`, `panels/{organization}`, `store`, `clock`, `certificate`, `credentials`.
    let subject: String
    /// The description of the problem.
    let sentence: String
    /// The command to type next.
    let next: String
    /// Since when it needs attention; nil if that is not known.
    var since: Instant?
    /// How many attempts, deliveries or events are concerned.
    var count = 1
    /// Whether urgent deliveries are concerned.
    var isUrgent = false
    /// The unsent alarms, if the item is about them.
    var untold: UntoldAlarms?

    /// An item.
    ///
    /// - Parameter name: the argument of the next step: the id of a subscription or an organization, or a time for the
    ///   audit.
    init(_ subject: String, _ sentence: String, next: NextStep, of name: String = "") {
        self.subject = subject
        self.sentence = sentence
        self.next = next.command(name)
    }

    /// The item as the native API answers it.
    var json: JSON {
        var object = JSONObject([
            .init("subject", .string(subject)), .init("sentence", .string(sentence)),
            .init("since", since.map { .string(RFC3339.text($0)) } ?? .null), .init("count", .integer(count)),
            .init("urgent", .bool(isUrgent)), .init("next", .string(next)),
        ])
        guard let untold else { return .object(object) }
        object["kind"] = .string(untold.kind.name)
        object["lacking"] = .array(untold.lacking.map { .string($0) })
        object["last"] = .string(RFC3339.text(untold.last))
        return .object(object)
    }
}

/// The first step of an operator about an item, as a command to type.
enum NextStep: CaseIterable {
    case testSubscription, showSubscription, resumeSubscription, listDead, listAudit, listPanels, showDisks,
        showSettings, showClock

    /// The command for an id or a time.
    func command(_ name: String) -> String {
        switch self {
        case .testSubscription: "gatehouse subscriptions test \(name)"
        case .showSubscription: "gatehouse subscriptions show \(name)"
        case .resumeSubscription: "gatehouse subscriptions resume \(name)"
        case .listDead: "gatehouse deliveries list --state dead --subscription \(name)"
        case .listAudit: "gatehouse audit list --since \(name)"
        case .listPanels: "gatehouse panels list --organization \(name)"
        case .showDisks: "df -h"
        case .showSettings: "gatehouse config"
        case .showClock: "timedatectl"
        }
    }
}
