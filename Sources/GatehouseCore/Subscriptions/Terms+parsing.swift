/// What terms are held against: the directory, the organization they are for, the dialects that are spoken, the hour.
public struct TermsContext: Sendable {
    let directory: Directory
    let organization: OrganizationID
    let dialects: DialectTable
    let now: Instant
    /// The dialect that is spoken, as soon as it is known. Without one, what only a dialect can judge is passed over.
    var dialect: (any Dialect)?
    /// How far the body says that it reaches, as soon as that is read.
    var scope: Terms.Scope?

    /// Joins the four.
    public init(directory: Directory, organization: OrganizationID, dialects: DialectTable, now: Instant) {
        self.now = now
        self.directory = directory
        self.organization = organization
        self.dialects = dialects
    }

    /// The names of the dialects that there are.
    var spoken: [String] { dialects.dialects.map(\.name.text) }

    /// What is said where no dialect is named.
    var missingDialect: String { "dialect is missing: one of \(spoken.joined(separator: ", "))" }
}

extension Terms {
    /// Reads a new subscription in the words of the native API.
    ///
    /// `organization` belongs to the subscription and not to its terms: the caller has read it already.
    /// - Throws: every fault at once.
    public static func make(from object: JSONObject, in context: TermsContext) throws(ValidationErrors) -> Terms {
        var reader = FieldReader(object, by: fields, context)
        reader.refuseMasks()
        let name = reader.take("name", .termsName)
        let spoken = reader.take("dialect", .dialect)
        let url = reader.take("url", .target)
        reader.refuseUnknown()
        reader.readOthers()
        guard let name, let spoken, let url, let dialect = context.dialects[spoken] else { throw reader.faults }
        let terms = Terms(name: name, dialect: spoken, url: url, defaults: dialect.defaults)
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
        var reader = FieldReader(object, by: Self.fields, context, changing: self)
        reader.context.dialect = dialect
        reader.refuseMasks()
        reader.read("name", "url", "dialect", "organization")
        reader.refuseUnknown()
        reader.readOthers()
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

extension FieldReader where Subject == Terms {
    /// Puts what was read into terms.
    ///
    /// - Throws: what was gathered, and what the dialect itself finds.
    fileprivate func applied(to terms: Terms, of dialect: any Dialect) throws(ValidationErrors) -> Terms {
        let terms = applied(to: terms)
        var all = faults
        all.append(contentsOf: ValidationErrors(dialect.faults(in: terms)))
        try all.check()
        return terms
    }
}
