internal import Crypto
package import GatehouseCore
internal import HTTPTypes

/// ProdataKey's contract, API 1.0 (seed 002): subscriptions of an organization, 70 topics, a SHA-1 signature of the
/// body.
package struct ProdataKeyDialect: Dialect {
    package let name = DialectName("prodatakey")
    package let defaults = DialectDefaults(
        privacyLevel: .noCredentials, timeout: .seconds(10), retries: .standard, makesSecret: false)
    package let vocabulary = ProdataKeyEvents.table.vocabulary
    package let manage: ManageAPI? = ProdataKeyManage.api

    /// There is one contract, so there are no parameters.
    package init() {}

    /// The longest name of a subscription, in characters.
    static let longestName = 70
    /// "The maximum length is 255 characters."
    static let secretBounds = SecretBounds(to: 255)

    package func faults(in terms: Terms) -> [ValidationError] {
        var faults: [ValidationError] = []
        if terms.name.unicodeScalars.count > Self.longestName {
            faults.append(
                ValidationError(.outOfBounds, field: "name", "name takes at most \(Self.longestName) characters"))
        }
        if terms.url.scheme != .https {
            faults.append(
                ValidationError(.outOfBounds, field: "url", "url takes an https URL: the contract knows no other"))
        }
        faults += Self.secretBounds.faults(in: terms.secret)
        if case .bearer = terms.authentication {
            faults.append(
                ValidationError(
                    .outOfBounds, field: "authentication.type", #"type takes "none" or "basic": the contract's two"#))
        }
        return faults + ProdataKeySettings.faults(in: terms)
    }

    package func warnings(about terms: Terms) -> [TermsWarning] { Self.secretBounds.warnings(about: terms.secret) }

    package func makeSecret(using random: inout some RandomNumberGenerator) -> Secret {
        Secret(Hex.text((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }))
    }

    package func makeID(using random: inout some RandomNumberGenerator) -> SubscriptionID {
        ProdataKeyHook.makeID(using: &random)
    }

    package func names(of event: Event, for subscription: Subscription) -> [VendorName] {
        owing(of: event, for: subscription).names
    }

    /// An event must have the values that the topic's layout requires.
    package func owing(of event: Event, for subscription: Subscription) -> Owing {
        guard let (row, lacking) = ProdataKeyEvents.row(for: event, to: subscription) else { return .nothing }
        return lacking.isEmpty ? .names([VendorName(row.name)]) : .unsayable(lacking: lacking)
    }

    package func test(for subscription: Subscription) -> TestMessage {
        func candidate(_ kind: Kind) -> TestMessage.Candidate {
            (kind, ProdataKeyEvents.table.row(of: kind)?.name ?? "")
        }
        let others: [Kind] = [.doorLocked, .panelConnected, .panelUpdated, .organizationUpdated]
        return .first(of: candidate(.doorClosed), or: others.map(candidate), askedBy: subscription) { topic in
            ProdataKeySettings.asksFor(topic, subscription.terms)
        }
    }

    package func prepare(_ parcel: Parcel, at now: Instant) -> PreparedRequest {
        let terms = parcel.subscription.terms
        let row = ProdataKeyEvents.row(for: parcel.event, to: parcel.subscription)?.row
        let body = ProdataKeyPayload.body(of: parcel.event, at: terms.privacyLevel, as: row)
        var fields = HTTPFields()
        fields[.contentType] = "application/json"
        fields[.userAgent] = "Gatehouse/\(GatehouseVersion.text)"
        if let secret = terms.secret { fields[.signature] = Self.signature(of: body, secret) }
        fields.append(contentsOf: parcel.gatehouseHeaders)
        fields.append(contentsOf: terms.headerFields)
        return PreparedRequest(url: terms.url, headers: fields, body: body)
    }

    package func parse(_ body: [UInt8]) throws(ValidationError) -> ParsedEvent {
        try ProdataKeyPayload.parse(body)
    }

    /// HMAC-SHA1 of the body in lower-case hexadecimal ("Verifying webhook notifications").
    private static func signature(of body: [UInt8], _ secret: Secret) -> String {
        let key = SymmetricKey(data: Array(secret.revealed.utf8))
        return Hex.text(HMAC<Insecure.SHA1>.authenticationCode(for: body, using: key))
    }
}

/// The `settings` of a subscription of this dialect: `events`, the topics that trigger it.
enum ProdataKeySettings {
    static func asksFor(_ topic: String, _ terms: Terms) -> Bool {
        terms.settings["events"]?.items?.contains(.string(topic)) ?? false
    }

    /// The topics, without values that are not text.
    static func topics(of terms: Terms) -> [String] {
        terms.settings["events"]?.items?.compactMap(\.text) ?? []
    }

    static func faults(in terms: Terms) -> [ValidationError] {
        let unknownSettings = terms.settings.members.map(\.key).filter { $0 != "events" }.map {
            ValidationError(.unknownField, field: "settings.\($0)", "this dialect has one setting, events")
        }
        return unknownSettings + faults(inTopicsOf: terms)
    }

    private static func faults(inTopicsOf terms: Terms) -> [ValidationError] {
        func fault(_ code: ValidationError.Code, _ sentence: String) -> [ValidationError] {
            [ValidationError(code, field: "settings.events", sentence)]
        }
        guard let value = terms.settings["events"] else {
            return fault(.missingField, "events is missing: the topics that trigger the webhook")
        }
        let topics = topics(of: terms)
        guard let items = value.items, items.count == topics.count, !topics.isEmpty else {
            return fault(.wrongType, "events takes a list of at least one topic")
        }
        let unknown = topics.filter { ProdataKeyEvents.table.row(named: $0) == nil }
        if let first = unknown.first { return fault(.outOfBounds, unknownTopic(first)) }
        let organization = topics.filter(ProdataKeyEvents.organizationTopics.contains)
        if !organization.isEmpty, organization.count < topics.count {
            return fault(.outOfBounds, "organization events and panel events may not be mixed in one webhook")
        }
        if case .panels = terms.scope, !organization.isEmpty {
            return [ValidationError(.outOfBounds, field: "scope", "a list of panels is for panel events only")]
        }
        return []
    }

    private static func unknownTopic(_ topic: String) -> String {
        "there is no topic \"\(topic)\"\(Nearest.hint(for: topic, among: ProdataKeyEvents.table.names.sorted()))"
    }
}

extension HTTPField.Name {
    /// The seed's text has underscores, its example has hyphens; we follow the example, as is usual in HTTP.
    fileprivate static let signature: HTTPField.Name = {
        guard let name = HTTPField.Name("X-PDK-SIGNATURE") else { preconditionFailure("it is a header name") }
        return name
    }()
}
