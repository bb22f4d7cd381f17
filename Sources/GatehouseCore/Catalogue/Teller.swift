/// Who may report a kind of event through `/v1/events`.
public enum Teller: String, CaseIterable, Hashable, Sendable {
    /// Every key that may post.
    case source
    /// Only keys of the role admin: the kind is about organizations, panels and permissions, which a device at a door
    /// does not change.
    case admin
    /// Only the gateway, about itself: a report from outside could only mislead.
    case gateway

    /// Whether a key of this role, which may post events, may report the kind.
    public func allows(_ role: Role) -> Bool {
        switch self {
        case .source: role.allows(.post)
        case .admin: role.allows(.post) && role.allows(.administer)
        case .gateway: false
        }
    }
}
