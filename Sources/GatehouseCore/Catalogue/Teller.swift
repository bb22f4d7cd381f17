/// Who may tell of a kind of event through `/v1/events`.
public enum Teller: String, CaseIterable, Hashable, Sendable {
    /// Every key that may post.
    case source
    /// A key of the role admin alone: the kind speaks of organizations, panels and permissions, which a device at a
    /// door does not change.
    case admin
    /// The gateway alone, which tells so of itself: from outside it could only mislead.
    case gateway

    /// Says whether a key of a role, which may post, may tell of the kind.
    public func allows(_ role: Role) -> Bool {
        switch self {
        case .source: role.allows(.post)
        case .admin: role.allows(.post) && role.allows(.administer)
        case .gateway: false
        }
    }
}
