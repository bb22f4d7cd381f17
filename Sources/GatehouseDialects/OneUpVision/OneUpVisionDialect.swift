internal import Crypto
package import GatehouseCore
package import HTTPTypes

/// 1UPVISION's contract (seed 003): people, punches, attendance and visits, a signed body and four header fields.
package struct OneUpVisionDialect: Dialect {
    package let name = DialectName("oneupvision")
    package let defaults = DialectDefaults(
        privacyLevel: .everything, timeout: .seconds(30), retries: OneUpVisionDialect.promised, makesSecret: true,
        promises: [.durable, .vendor], scope: .this)
    package let vocabulary = OneUpVisionEvents.table.vocabulary
    package let manage: ManageAPI? = OneUpVisionManage.api

    /// There is one contract, so there are no parameters.
    package init() {}

    /// "1UPVISION will attempt to re-send failed notifications up to 4 times" ("Retries"). We define the delays.
    private static let promised = RetryPromise(
        delays: [.seconds(10), .seconds(60), .seconds(300), .seconds(900)], jitter: 0, goneDisables: false,
        countsTries: true)
    private static let durable = RetryPromise(
        delays: RetryPromise.standard.delays, urgentDelays: RetryPromise.standard.urgentDelays,
        jitter: RetryPromise.standard.jitter, goneDisables: false, countsTries: true)

    /// The contract does not limit a secret's length; its example has 14 characters ("Security").
    static let secretBounds = SecretBounds()

    package func retries(for terms: Terms) -> RetryPromise {
        terms.promise == .durable ? Self.durable : Self.promised
    }

    package func faults(in terms: Terms) -> [ValidationError] {
        var faults = Self.secretBounds.faults(in: terms.secret)
        if terms.scope == .recursive {
            let sentence =
                "scope takes \"this\" or panels: the contract knows each organization by a uuid of its own, "
                + "so make a subscription in each"
            faults.append(ValidationError(.outOfBounds, field: "scope", sentence))
        }
        return faults + OneUpVisionSettings.faults(in: terms)
    }

    /// The contract requires HTTPS, but its own example uses HTTP.
    package func warnings(about terms: Terms) -> [TermsWarning] {
        let plain = TermsWarning("url", "the URL is not HTTPS: others on the way can read what is sent")
        return (terms.url.scheme == .http ? [plain] : []) + Self.secretBounds.warnings(about: terms.secret)
    }

    package func makeSecret(using random: inout some RandomNumberGenerator) -> Secret {
        Secret(Hex.text((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }))
    }

    package func makeID(using random: inout some RandomNumberGenerator) -> SubscriptionID {
        SubscriptionID(UUIDText.text((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }, version: 4))
    }

    package func integrationID(of organization: OrganizationID) -> String? { UUIDText.integration(of: organization) }

    package func names(of event: Event, for subscription: Subscription) -> [VendorName] {
        owing(of: event, for: subscription).names
    }

    /// The contract is about people, so a body has each one's id.
    package func owing(of event: Event, for subscription: Subscription) -> Owing {
        guard let row = OneUpVisionEvents.row(of: event),
            OneUpVisionSettings.asksFor(row.name, subscription.terms)
        else { return .nothing }
        let lacking = row.layout.lacking(in: event)
        return lacking.isEmpty ? .names([VendorName(row.name)]) : .unsayable(lacking: lacking)
    }

    package func test(for subscription: Subscription) -> TestMessage {
        .first(
            of: (.personUpdated, "people.update"),
            or: [(.visitUpdated, "visit.update"), (.attendanceUpdated, "attendance.update")], askedBy: subscription
        ) { name in OneUpVisionSettings.asksFor(name, subscription.terms) }
    }

    package func prepare(_ parcel: Parcel, at now: Instant) -> PreparedRequest {
        let terms = parcel.subscription.terms
        let body = OneUpVisionPayload.body(of: parcel.event, at: terms.privacyLevel)
        var fields = HTTPFields()
        fields[.contentType] = "application/json"
        fields[.userAgent] = "Gatehouse/\(GatehouseVersion.text)"
        fields[.event] = OneUpVisionEvents.row(of: parcel.event)?.name
        fields[.timestamp] = RFC3339.secondsText(now)
        fields[.uuid] = UUIDText.integration(of: parcel.subscription)
        if let secret = terms.secret { fields[.signature] = Self.signature(of: body, secret) }
        fields.append(contentsOf: parcel.gatehouseHeaders)
        fields.append(contentsOf: terms.headerFields)
        return PreparedRequest(url: terms.url, headers: fields, body: body)
    }

    package func parse(_ body: [UInt8]) throws(ValidationError) -> ParsedEvent {
        try OneUpVisionPayload.parse(body, named: nil)
    }

    package func parse(_ body: [UInt8], with headers: HTTPFields) throws(ValidationError) -> ParsedEvent {
        try OneUpVisionPayload.parse(body, named: headers[.event])
    }

    /// HMAC-SHA256 of the body in lower-case hexadecimal ("Security").
    private static func signature(of body: [UInt8], _ secret: Secret) -> String {
        let key = SymmetricKey(data: Array(secret.revealed.utf8))
        return Hex.text(HMAC<SHA256>.authenticationCode(for: body, using: key))
    }
}

/// UUIDs as the contract writes them.
enum UUIDText {
    /// "A unique id of webhook integration for each organization": the one of the hook, else the one that its
    /// organization had before they were stored.
    static func integration(of hook: Subscription) -> String {
        hook.integration
            ?? text(Array(SHA256.hash(data: Array("1UPVISION \(hook.organization)".utf8)).prefix(16)), version: 8)
    }

    /// The UUID of a new integration: a name-based UUID (RFC 9562 section 5.5) of its id in a namespace of ours.
    static func integration(of organization: OrganizationID) -> String {
        let name = namespace + Array(organization.text.utf8)
        return text(Array(Insecure.SHA1.hash(data: name).prefix(16)), version: 5)
    }

    /// d8a3cb35-6f0c-4f5d-9a77-2f0e1c0b61d4, chosen once at random.
    private static let namespace: [UInt8] = [
        0xD8, 0xA3, 0xCB, 0x35, 0x6F, 0x0C, 0x4F, 0x5D, 0x9A, 0x77, 0x2F, 0x0E, 0x1C, 0x0B, 0x61, 0xD4,
    ]

    /// Sixteen bytes as a UUID of a version (RFC 9562 section 4).
    static func text(_ bytes: [UInt8], version: UInt8) -> String {
        var bytes = bytes
        bytes[6] = bytes[6] & 0x0F | version << 4
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = Array(Hex.text(bytes))
        let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(hex[$0]) }
        return parts.joined(separator: "-")
    }
}

/// The `settings` of a subscription of this dialect: `events`, the names that it asks for, and `description`.
enum OneUpVisionSettings {
    static let longestDescription = 1000

    static func asksFor(_ name: String, _ terms: Terms) -> Bool {
        terms.settings["events"]?.items?.contains(.string(name)) ?? false
    }

    static func faults(in terms: Terms) -> [ValidationError] {
        var faults: [ValidationError] = []
        for member in terms.settings.members where !["events", "description"].contains(member.key) {
            let sentence = "this dialect has the settings events and description"
            faults.append(ValidationError(.unknownField, field: "settings.\(member.key)", sentence))
        }
        if let description = terms.settings["description"] {
            if (description.text?.unicodeScalars.count).map({ $0 > longestDescription }) ?? true {
                faults.append(
                    ValidationError(
                        .outOfBounds, field: "settings.description",
                        "description takes at most \(longestDescription) characters"))
            }
        }
        return faults + Self.faults(inEventsOf: terms)
    }

    private static func faults(inEventsOf terms: Terms) -> [ValidationError] {
        guard let value = terms.settings["events"] else {
            return [
                ValidationError(.missingField, field: "settings.events", "events is missing: the names that are wanted")
            ]
        }
        let names = value.items?.compactMap(\.text) ?? []
        guard let items = value.items, items.count == names.count, !names.isEmpty else {
            return [ValidationError(.wrongType, field: "settings.events", "events takes a list of at least one name")]
        }
        return names.filter { !OneUpVisionEvents.table.names.contains($0) }.prefix(1).map { name in
            let hint = Nearest.hint(for: name, among: OneUpVisionEvents.table.names)
            return ValidationError(.outOfBounds, field: "settings.events", "\"\(name)\" is not a valid choice\(hint)")
        }
    }
}

extension HTTPField.Name {
    fileprivate static let event = name("X-ServiceHook-Event")
    fileprivate static let timestamp = name("X-ServiceHook-Timestamp")
    fileprivate static let uuid = name("X-ServiceHook-UUID")
    fileprivate static let signature = name("X-ServiceHook-Signature")

    private static func name(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is a header name") }
        return name
    }
}
