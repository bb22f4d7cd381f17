/// What the holder of a key may do. Each role says in one place what it allows.
public enum Role: String, CaseIterable, Hashable, Sendable {
    case admin, manager, reporter, source

    /// Something that a request wants to do.
    public enum Action: String, CaseIterable, Sendable {
        /// Post events.
        case post
        /// Read the directory, subscriptions and deliveries.
        case read
        /// Make and change subscriptions, retry deliveries, and make panels and doors.
        case manage
        /// Make organizations and keys.
        case administer
    }

    /// Says whether the role allows an action.
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
    /// ``Credential/md5Digests`` of the credential; nil for a key that was made before there was such a thing, and for
    /// the configuration's, whose text somebody chose.
    public var md5Digests: [UInt8]?
    /// The name by which its holder may log in beside its id, unique in the store; nil for none. See ``LoginRule``.
    public var login: String?
    /// The person to whom it was given; nil where it is a program's.
    public var owner: Owner?
    /// When its owner first used it; nil before, and for a key without an owner.
    public var accepted: Instant?
    /// How much of events its holder reads.
    public var privacyLevel = PrivacyLevel.noCredentials
    /// Whether it is the key that the configuration names. It reads at its level like any other, and is the operator's
    /// own: what it makes for others may show everything.
    public var isConfigured = false
    /// When it stops letting anybody in; nil for never.
    public var expiresAt: Instant?
    /// How many requests a minute it may make; nil for any number.
    public var rate: Int?
    /// The only panels that a source may tell of; nil for all that the organization has.
    public var panels: [PanelID]?
    /// Globs, `/panels/p1*`: each source that it names must fit one of them; nil for any source.
    public var sources: [String]?

    /// Describes one key, a program's.
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

    /// Who acts where the key is used: its owner, or a program's key itself.
    public var user: String { owner?.id ?? id.text }

    /// Describes a key with a credential of its own, a program's.
    public init(
        _ credential: Credential, name: String, role: Role, organization: OrganizationID?, created: Instant
    ) {
        self.init(
            id: credential.id, name: name, role: role, organization: organization,
            hash: Credential.hash(credential.text), created: created)
        self.md5Digests = credential.md5Digests
    }

    /// The least strict privacy level of what it may make, change or turn to another receiver (decision 0042).
    public var leastStrictLevel: PrivacyLevel { isConfigured ? .everything : privacyLevel }

    /// Whether its time is over, so that it lets nobody in any more.
    public func hasExpired(at now: Instant) -> Bool { expiresAt.map { $0 <= now } ?? false }

    /// Whether it was given to somebody who has not used it yet.
    public var isInvitation: Bool { owner != nil && accepted == nil }

    /// The person to whom a key was given.
    public struct Owner: Hashable, Sendable {
        /// The person's identifier.
        public let id: String
        /// The given name.
        public let firstName: String
        /// The family name.
        public let lastName: String
        /// The address of electronic mail.
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
    /// The person in the words of the native API; the store keeps the same.
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
