/// The rights of a key's holder.
public enum Role: String, CaseIterable, Hashable, Sendable {
    /// An admin may do everything, a manager read and manage, a reporter read, a source post events.
    case admin, manager, reporter, source

    /// An action of a request, for checking the role.
    public enum Action: String, CaseIterable, Sendable {
        /// Post events.
        case post
        /// Read the directory, subscriptions and deliveries.
        case read
        /// Create and change subscriptions, retry deliveries, and create panels and doors.
        case manage
        /// Create organizations and keys.
        case administer
    }

    /// Whether the role allows an action.
    public func allows(_ action: Action) -> Bool {
        switch (self, action) {
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

/// An API credential: its caller, its role, and its organization with all below it.
public struct Key: Hashable, Sendable {
    /// Its public part, which precedes the secret in the credential.
    public let id: KeyID
    /// Its name for people.
    public var name: String
    /// The rights of its holder.
    public var role: Role
    /// The organization that it is bound to; nil only for a key above all trees.
    public let organization: OrganizationID?
    /// SHA-256 of the whole credential: the credential itself is never stored.
    public let hash: [UInt8]
    /// When it was created.
    public let created: Instant
    /// ``Credential/md5Digests`` of the credential; nil for a key created before these existed, and for the
    /// configuration's key, whose text a person chose.
    public var md5Digests: [UInt8]?
    /// The name for login besides its id, unique in the store; nil for none. See ``LoginRule``.
    public var login: String?
    /// The person it was given to; nil for a program's key.
    public var owner: Owner?
    /// When its owner first used it; nil before that, and for a key without an owner.
    public var accepted: Instant?
    /// How much of events its holder may read.
    public var privacyLevel = PrivacyLevel.noCredentials
    /// Whether it is the key in the configuration. It reads at its level like any other key, but it is the operator's
    /// own, so what it creates for others may show everything.
    public var isConfigured = false
    /// When it expires; nil for never.
    public var expiresAt: Instant?
    /// The maximum number of requests a minute; nil for no limit.
    public var rate: Int?
    /// The only panels that a source may report events of; nil for all of the organization.
    public var panels: [PanelID]?
    /// Globs, `/panels/p1*`: every source that it names must match one of them; nil for any source.
    public var sources: [String]?

    /// Describes a program's key.
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

    /// Who acts with the key: its owner, or the program's key itself.
    public var user: String { owner?.id ?? id.text }

    /// Describes a program's key with its own credential.
    public init(
        _ credential: Credential, name: String, role: Role, organization: OrganizationID?, created: Instant
    ) {
        self.init(
            id: credential.id, name: name, role: role, organization: organization,
            hash: Credential.hash(credential.text), created: created)
        self.md5Digests = credential.md5Digests
    }

    /// The least strict privacy level of what it may create, change or send to another receiver (decision 0042).
    public var leastStrictLevel: PrivacyLevel { isConfigured ? .everything : privacyLevel }

    /// Whether it has expired, so that it no longer authenticates.
    public func hasExpired(at now: Instant) -> Bool { expiresAt.map { $0 <= now } ?? false }

    /// Whether its owner has not used it yet.
    public var isInvitation: Bool { owner != nil && accepted == nil }

    /// The person a key was given to.
    public struct Owner: Hashable, Sendable {
        /// The person's identifier.
        public let id: String
        /// The given name.
        public let firstName: String
        /// The family name.
        public let lastName: String
        /// The e-mail address.
        public let email: String

        /// Describes one person.
        public init(id: String, firstName: String, lastName: String, email: String) {
            self.id = id
            self.firstName = firstName
            self.lastName = lastName
            self.email = email
        }
    }
}

extension Key.Owner {
    /// The person in the format of the native API; the store keeps the same.
    public var json: JSONObject {
        JSONObject([
            .init("id", .string(id)), .init("firstName", .string(firstName)), .init("lastName", .string(lastName)),
            .init("email", .string(email)),
        ])
    }

    /// Reads what ``json`` wrote; nil for anything else.
    public init?(json: JSON?) {
        guard let id = json?["id"]?.text, let firstName = json?["firstName"]?.text,
            let lastName = json?["lastName"]?.text, let email = json?["email"]?.text
        else { return nil }
        self.init(id: id, firstName: firstName, lastName: lastName, email: email)
    }
}
