/// The priority of a delivery: urgent for life safety alone, normal for everything else.
public enum Lane: Int, CaseIterable, Hashable, Sendable {
    /// Claimed first and retried sooner: duress, panic, alarms, forced doors, lockdown, tampering.
    case urgent = 0
    /// The lane of everyday events.
    case normal = 1

    /// Its name in the API and in headers.
    public var name: String {
        switch self {
        case .urgent: "urgent"
        case .normal: "normal"
        }
    }
}
