/// What all subscriptions of an organization in one dialect share, where the contract knows the organization's
/// integration by one id and signs for it with one secret, however many subscriptions it has.
public struct Integration: Hashable, Sendable {
    /// Whose it is, and by which contract.
    public struct Name: Hashable, Sendable {
        /// The organization.
        public let organization: OrganizationID
        /// The dialect whose contract has integrations.
        public let dialect: DialectName

        /// Joins the two.
        public init(_ organization: OrganizationID, _ dialect: DialectName) {
            self.organization = organization
            self.dialect = dialect
        }
    }

    /// Whose it is.
    public let name: Name
    /// The id under which receivers know it, given once; nil where it was given before ids were kept, and the dialect
    /// works it out as it did then.
    public let id: String?
    /// What deliveries are signed with.
    public let secret: Secret
    /// The secret before it, for as long as it still signs; nil where there is none.
    public let outgoing: Terms.Outgoing?
    /// Grows by one with every rotation, from 1.
    public let revision: Int64

    /// Joins the parts.
    public init(
        _ name: Name, id: String?, secret: Secret, outgoing: Terms.Outgoing? = nil, revision: Int64 = 1
    ) {
        self.name = name
        self.id = id
        self.secret = secret
        self.outgoing = outgoing
        self.revision = revision
    }

    /// The same integration with another secret.
    public func rotated(to secret: Secret, outgoing: Terms.Outgoing?) -> Integration {
        Integration(name, id: id, secret: secret, outgoing: outgoing, revision: revision + 1)
    }

    /// How a new subscription comes to belong to an integration.
    public enum Membership: Hashable, Sendable {
        /// It is the organization's first: the integration comes to be with it, in one commit.
        case founding(Integration)
        /// The integration was there, and is as it is given.
        case joining(Integration)

        /// What it belongs to.
        public var integration: Integration {
            switch self {
            case .founding(let integration), .joining(let integration): integration
            }
        }
    }
}
