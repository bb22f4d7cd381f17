internal import GatehouseCore

/// The properties of a vendor's subscription object, one row each: one table to read bodies, to show objects, and to
/// name fields in refusals.
struct TermsTable: Sendable {
    /// The fields in the contract's order.
    let fields: [TermsField]
    /// The contract's names of native fields, if they differ.
    let words: [String: String]

    init(_ fields: [TermsField]) {
        self.fields = fields
        self.words = Dictionary(
            fields.compactMap { field in
                field.native.flatMap { $0 == field.name ? nil : ($0, field.name) }
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The names that a body may have. Other names are only shown and cannot be set, but an update may send them back.
    var declared: DeclaredNames { names { $0.use != .shown && $0.use != .elsewhere } }

    /// The same with a further name that a body may repeat, such as the id of the changed object.
    func declared(also name: String) -> DeclaredNames {
        names { $0.name == name || ($0.use != .shown && $0.use != .elsewhere) }
    }

    private func names(where isNamed: (TermsField) -> Bool) -> DeclaredNames {
        let named = fields.filter(isNamed)
        let inside = named.filter { !$0.inside.isEmpty }.map { ($0.name, DeclaredNames($0.inside)) }
        return DeclaredNames(named.map(\.name), inside: Dictionary(inside) { first, _ in first })
    }

    /// The names that a body must have, in the order of the table.
    func required(isUpdate: Bool) -> [String] {
        fields.filter { $0.use == .required }.map(\.name)
            + (isUpdate ? fields.filter { $0.use == .requiredInUpdates }.map(\.name) : [])
    }

    /// The contract's name of a native field; the native name if the contract has none.
    func word(for native: String) -> String { words[native] ?? native }

    /// Sets the native field of a name.
    func put(_ value: JSON?, _ name: String, into terms: inout JSONObject) {
        let native = fields.first { $0.name == name }?.native ?? name
        guard let dot = native.firstIndex(of: ".") else { return terms[native] = value }
        let parent = String(native[..<dot])
        var object = terms[parent]?.object ?? JSONObject()
        object[String(native[native.index(after: dot)...])] = value
        terms[parent] = .object(object)
    }

    /// Shows a subscription.
    func object(_ shown: ShownSubscription) -> JSONObject {
        JSONObject(fields.compactMap { field in field.show.map { JSONObject.Member(field.name, $0(shown)) } })
    }
}

/// One property of a vendor's subscription object.
struct TermsField: Sendable {
    /// The vendor's word.
    let name: String
    /// The native field, such as `settings.events`; nil for a field that is only shown.
    let native: String?
    let use: Use
    /// The names in the field's object.
    let inside: [String]
    /// How it is shown; nil if it is never shown.
    let show: (@Sendable (ShownSubscription) -> JSON)?

    /// How it may be written.
    enum Use: Hashable, Sendable {
        case required, requiredInUpdates, optional
        /// It is shown and cannot be set.
        case shown
        /// Another operation sets and shows it.
        case elsewhere
    }

    init(
        _ name: String, _ use: Use, as native: String? = nil, inside: [String] = [],
        show: (@Sendable (ShownSubscription) -> JSON)? = nil
    ) {
        self.name = name
        self.native = use == .shown ? nil : native ?? name
        self.use = use
        self.inside = inside
        self.show = show
    }
}

/// A subscription as it is shown to one caller.
struct ShownSubscription: Sendable {
    let subscription: Subscription
    let now: Instant
    /// Whether the caller may see secrets.
    var isRevealing = true
    /// How many deliveries it has had.
    var odometer: Int64 = 0

    var terms: Terms { subscription.terms }
    /// The secret if the caller may see it, else `null`.
    var secret: JSON { .text(isRevealing ? terms.secret?.revealed : nil) }
    var isDelivering: JSON { .bool(subscription.isDelivering(at: now)) }

    /// A setting of the dialect, or its default.
    func setting(_ name: String, or otherwise: JSON) -> JSON { terms.settings[name] ?? otherwise }
}
