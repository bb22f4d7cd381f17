/// What the holder of a key may do. Each role says in one place what it allows.
public enum Role: String, CaseIterable, Hashable, Sendable {
    case admin, manager, reporter, source

    /// Something that a request wants to do.
    public enum Deed: String, CaseIterable, Sendable {
        /// Post events.
        case post
        /// Read the directory, subscriptions and deliveries.
        case read
        /// Make and change subscriptions, retry deliveries, and make panels and doors.
        case manage
        /// Make organizations and keys.
        case administer
    }

    /// Says whether the role allows a deed.
    public func allows(_ deed: Deed) -> Bool {
        switch (self, deed) {
        case (.admin, _): true
        case (.manager, .read), (.manager, .manage): true
        case (.manager, .post), (.manager, .administer): false
        case (.reporter, .read): true
        case (.reporter, .post), (.reporter, .manage), (.reporter, .administer): false
        case (.source, .post): true
        case (.source, .read), (.source, .manage), (.source, .administer): false
        }
    }
}

/// An API credential: who calls, what for, and for which organization and all below it.
public struct Key: Hashable, Sendable {
    /// Its public half, which stands in the credential before the secret.
    public let id: KeyID
    /// What people call it.
    public var name: String
    /// What its holder may do.
    public var role: Role
    /// The organization it is bound to; nil only for a key that stands above all trees.
    public let organization: OrganizationID?
    /// SHA-256 of the whole credential: the credential itself is never stored.
    public let hash: [UInt8]
    /// When it was made.
    public let created: Instant

    /// Describes one key.
    public init(
        id: KeyID, name: String, role: Role, organization: OrganizationID?, hash: [UInt8], created: Instant
    ) {
        self.id = id
        self.name = name
        self.role = role
        self.organization = organization
        self.hash = hash
        self.created = created
    }
}
