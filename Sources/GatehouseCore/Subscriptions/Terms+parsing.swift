/// What terms are held against: the directory, the organization they are for, the dialects that are spoken, the hour.
public struct TermsContext: Sendable {
    let directory: Directory
    let organization: OrganizationID
    let dialects: DialectTable
    let now: Instant

    /// Joins the four.
    public init(directory: Directory, organization: OrganizationID, dialects: DialectTable, now: Instant) {
        self.now = now
        self.directory = directory
        self.organization = organization
        self.dialects = dialects
    }
}

extension Terms {
    /// Reads a new subscription in the words of the native API.
    ///
    /// `organization` belongs to the subscription and not to its terms: the caller has read it already.
    /// - Throws: every fault at once.
    public static func make(from object: JSONObject, in context: TermsContext) throws(ValidationErrors) -> Terms {
        var reader = TermsReader(object, context)
        reader.refuseMasks()
        let name = reader.requiredName()
        let dialect = reader.requiredDialect()
        let url = reader.requiredURL()
        reader.read(in: dialect)
        guard let name, let dialect, let url else { throw reader.faults }
        let terms = Terms(name: name, dialect: dialect.name, url: url, defaults: dialect.defaults)
        return try reader.applied(to: terms, of: dialect)
    }

    /// The terms with what a PATCH names put in place of what was; what it does not name stays (RFC 7396: objects are
    /// merged, `null` takes away what may be absent and leaves what is always there). Dialect and organization cannot
    /// change.
    ///
    /// - Throws: every fault at once.
    public func patched(by object: JSONObject, in context: TermsContext) throws(ValidationErrors) -> Terms {
        guard let dialect = context.dialects[dialect] else {
            throw ValidationErrors([
                ValidationError(.outOfBounds, field: "dialect", "this gateway does not speak \(dialect)")
            ])
        }
        var reader = TermsReader(object, context, changing: self)
        reader.refuseMasks()
        reader.readIdentity(of: self)
        reader.read(in: dialect)
        return try reader.applied(to: self, of: dialect)
    }

    /// The terms with a secret of the dialect's making, where they have none and the dialect wants one.
    public func withSecret(of dialect: any Dialect, using random: inout some RandomNumberGenerator) -> Terms {
        guard secret == nil, dialect.defaults.makesSecret else { return self }
        var terms = self
        terms.secret = dialect.makeSecret(using: &random)
        return terms
    }

    /// The terms with a secret for the signature by Standard Webhooks, where they want one and have none.
    public func withStandardSecret(using random: inout some RandomNumberGenerator) -> Terms {
        guard standardSignature, standardSecret == nil else { return self }
        var terms = self
        terms.standardSecret = StandardWebhooks.makeSecret(using: &random)
        return terms
    }
}
