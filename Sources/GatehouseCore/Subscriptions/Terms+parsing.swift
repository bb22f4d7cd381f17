/// Everything that is wrong with something a caller sent, all at once.
public struct Faults: Error, Hashable, Sendable {
    /// At least one.
    public let faults: [Fault]

    /// Takes at least one fault.
    public init(_ faults: [Fault]) {
        self.faults = faults
    }
}

/// What terms are held against: the directory, the organization they are for, and the dialects that are spoken.
public struct TermsContext: Sendable {
    let directory: Directory
    let organization: OrganizationID
    let dialects: DialectTable

    /// Joins the three.
    public init(directory: Directory, organization: OrganizationID, dialects: DialectTable) {
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
    public static func make(from object: JSONObject, in context: TermsContext) throws(Faults) -> Terms {
        let known = context.dialects.dialects.map(\.name.text)
        guard let name = object["dialect"]?.text else {
            let sort = object["dialect"].map { "dialect takes text, not \($0.sort)" } ?? "dialect is missing"
            throw Faults([Fault(.missingField, field: "dialect", "\(sort): one of \(known.joined(separator: ", "))")])
        }
        guard let dialect = context.dialects[DialectName(name)] else {
            let hint = Nearest.hint(for: name, among: known)
            throw Faults([
                Fault(
                    .outOfBounds, field: "dialect",
                    "this gateway does not speak \"\(name)\"\(hint) It speaks: \(known.joined(separator: ", "))")
            ])
        }
        var reader = TermsReader(object, dialect, context)
        guard let url = reader.requiredURL(), let title = reader.requiredName() else { throw Faults(reader.faults) }
        var terms = Terms(name: title, dialect: dialect.name, url: url, defaults: dialect.defaults)
        reader.read(into: &terms)
        try reader.finish(terms)
        return terms
    }

    /// The terms with what a PATCH names put in place of what was; what it does not name stays (RFC 7396: `null` asks
    /// for the default). Dialect and organization cannot change.
    ///
    /// - Throws: every fault at once.
    public func patched(by object: JSONObject, in context: TermsContext) throws(Faults) -> Terms {
        guard let dialect = context.dialects[dialect] else {
            throw Faults([Fault(.outOfBounds, field: "dialect", "this gateway does not speak \(dialect)")])
        }
        var reader = TermsReader(object, dialect, context)
        var terms = self
        reader.readChanges(into: &terms)
        reader.read(into: &terms)
        try reader.finish(terms)
        return terms
    }

    /// The terms with a secret of the dialect's making, where they have none and the dialect wants one.
    public func withSecret(of dialect: any Dialect, using random: inout some RandomNumberGenerator) -> Terms {
        guard secret == nil, dialect.defaults.makesSecret else { return self }
        var terms = self
        terms.secret = dialect.makeSecret(using: &random)
        return terms
    }
}
