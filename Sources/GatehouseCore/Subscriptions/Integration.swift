/// What all subscriptions of an organization in one dialect share, if the contract knows the organization's integration
/// by one id and signs with one secret for any number of subscriptions.
public struct Integration: Hashable, Sendable {
    /// The organization and the contract of an integration.
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

    /// Its organization and dialect.
    public let name: Name
    /// The id that receivers know, given once; nil for an integration created before ids were stored, whose id the
    /// dialect still computes.
    public let id: String?
    /// The secret that signs deliveries.
    public let secret: Secret
    /// The previous secret, while it still signs; nil if there is none.
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

    /// The integration with another secret.
    public func rotated(to secret: Secret, outgoing: Terms.Outgoing?) -> Integration {
        Integration(name, id: id, secret: secret, outgoing: outgoing, revision: revision + 1)
    }

    /// How a new subscription joins an integration.
    public enum Membership: Hashable, Sendable {
        /// It is the organization's first: the integration is created with it, in one commit.
        case founding(Integration)
        /// The integration exists in this revision.
        case joining(Integration)

        /// Its integration.
        public var integration: Integration {
            switch self {
            case .founding(let integration), .joining(let integration): integration
            }
        }
    }
}
