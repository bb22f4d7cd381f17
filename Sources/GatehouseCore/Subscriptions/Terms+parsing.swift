/// The context for checking terms: the directory, their organization, the dialects, the present time.
public struct TermsContext: Sendable {
    let directory: Directory
    let organization: OrganizationID
    let dialects: DialectTable
    let now: Instant
    /// The dialect, once it is known. Without one, the checks of a dialect are left out.
    var dialect: (any Dialect)?
    /// What the subscription shows beside its terms.
    package var shown: [String: ShownField] = [:]
    /// The scope in the body, once it was read.
    var scope: Terms.Scope?

    /// Joins the four.
    public init(directory: Directory, organization: OrganizationID, dialects: DialectTable, now: Instant) {
        self.now = now
        self.directory = directory
        self.organization = organization
        self.dialects = dialects
    }

    /// The names of the dialects.
    var spoken: [String] { dialects.dialects.map(\.name.text) }

    /// The fault of a missing dialect.
    var missingDialect: String { "dialect is missing: one of \(spoken.joined(separator: ", "))" }
}

extension Terms {
    /// Reads a new subscription in the format of the native API.
    ///
    /// `organization` belongs to the subscription and not to its terms: the caller has already read it.
    /// - Throws: all faults at once.
    public static func make(from object: JSONObject, in context: TermsContext) throws(ValidationErrors) -> Terms {
        var reader = FieldReader(object, by: fields, context)
        reader.shown = context.shown
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

    /// The terms with the values of a PATCH; a field that it omits stays (RFC 7396: objects are merged, `null` removes
    /// an optional value and keeps a required one). Dialect and organization cannot change.
    ///
    /// - Throws: all faults at once.
    public func patched(by object: JSONObject, in context: TermsContext) throws(ValidationErrors) -> Terms {
        guard let dialect = context.dialects[dialect] else {
            throw ValidationErrors([
                ValidationError(.outOfBounds, field: "dialect", "this gateway does not speak \(dialect)")
            ])
        }
        var reader = FieldReader(object, by: Self.fields, context, changing: self)
        reader.context.dialect = dialect
        reader.shown = context.shown
        reader.refuseMasks()
        reader.read("name", "url", "dialect", "organization")
        reader.refuseUnknown()
        reader.readOthers()
        return try reader.applied(to: self, of: dialect)
    }

    /// The terms with a secret made by the dialect, if they have none and the dialect makes one.
    public func withSecret(of dialect: any Dialect, using random: inout some RandomNumberGenerator) -> Terms {
        guard secret == nil, dialect.defaults.makesSecret else { return self }
        var terms = self
        terms.secret = dialect.makeSecret(using: &random)
        return terms
    }

    /// The terms with a secret for the signature by Standard Webhooks, if they need one and have none.
    public func withStandardSecret(using random: inout some RandomNumberGenerator) -> Terms {
        guard standardSignature, standardSecret == nil else { return self }
        var terms = self
        terms.standardSecret = StandardWebhooks.makeSecret(using: &random)
        return terms
    }
}

extension FieldReader where Subject == Terms {
    /// Applies the values to terms.
    ///
    /// - Throws: the collected faults, and those that the dialect finds.
    fileprivate func applied(to terms: Terms, of dialect: any Dialect) throws(ValidationErrors) -> Terms {
        let terms = applied(to: terms)
        var all = faults
        all.append(contentsOf: ValidationErrors(dialect.faults(in: terms)))
        all.append(contentsOf: ValidationErrors(unknownNulls(beside: terms, of: dialect)))
        try all.check()
        return terms
    }

    /// Settings that the body takes away and that the dialect does not have.
    private func unknownNulls(beside terms: Terms, of dialect: any Dialect) -> [ValidationError] {
        let taken = (object["settings"]?.object?.members ?? []).filter { $0.value == .null }.map(\.key)
        return taken.compactMap { name in
            var asked = terms
            asked.settings = JSONObject([.init(name, .null)])
            return dialect.faults(in: asked).first { $0.code == .unknownField && $0.field == "settings.\(name)" }
        }
    }
}
