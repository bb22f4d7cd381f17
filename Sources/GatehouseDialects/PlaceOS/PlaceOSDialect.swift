internal import Crypto
package import GatehouseCore
internal import HTTPTypes

/// PlaceOS's contract with Rhombus (seed 001): events of a door, in seven keys, with a signature of the time.
package struct PlaceOSDialect: Dialect {
    package let name = DialectName("placeos")
    package let defaults = DialectDefaults(
        privacyLevel: .everything, timeout: .seconds(10), retries: PlaceOSDialect.durable, makesSecret: false,
        promises: [.durable, .vendor])
    package let vocabulary = PlaceOSEvents.table.vocabulary
    package let manage: ManageAPI? = PlaceOSManage.api

    /// There is one contract, so there are no parameters.
    package init() {}

    /// Our promise, except for 410: the contract gives it no meaning.
    private static let durable = RetryPromise(
        delays: RetryPromise.standard.delays, urgentDelays: RetryPromise.standard.urgentDelays,
        jitter: RetryPromise.standard.jitter, goneDisables: false)
    /// The live driver posts once and does not check the result.
    private static let once = RetryPromise(delays: [], jitter: 0, goneDisables: false, countsTries: true)

    /// "Random data if signed requests are desirable (optional)": the contract sets no bound, its example has 6
    /// characters, and a blank secret signs nothing.
    static let secretBounds = SecretBounds.orEmpty()

    package func retries(for terms: Terms) -> RetryPromise {
        terms.promise == .vendor ? Self.once : Self.durable
    }

    package func faults(in terms: Terms) -> [ValidationError] {
        var faults = Self.secretBounds.faults(in: terms.secret)
        for member in terms.settings.members {
            let field = "settings.\(member.key)"
            if member.key != "extendedActions" {
                faults.append(
                    ValidationError(.unknownField, field: field, "this dialect has the setting extendedActions"))
            } else if member.value.bool == nil {
                faults.append(ValidationError(.wrongType, field: field, "extendedActions takes true or false"))
            }
        }
        return faults
    }

    package func warnings(about terms: Terms) -> [TermsWarning] { Self.secretBounds.warnings(about: terms.secret) }

    package func makeSecret(using random: inout some RandomNumberGenerator) -> Secret {
        Secret(Hex.text((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }))
    }

    package func names(of event: Event, for subscription: Subscription) -> [VendorName] {
        owing(of: event, for: subscription).names
    }

    /// Every body names a door.
    package func owing(of event: Event, for subscription: Subscription) -> Owing {
        guard let action = PlaceOSEvents.action(of: event, for: subscription) else { return .nothing }
        let lacking = PlaceOSPayload.layout.lacking(in: event)
        return lacking.isEmpty ? .names([VendorName(action)]) : .unsayable(lacking: lacking)
    }

    /// The only action of the contract that is neither an alarm nor an answer to a credential: a button was pressed.
    package func test(for subscription: Subscription) -> TestMessage {
        .first(of: (.doorExitRequested, "request_to_exit"), askedBy: subscription)
    }

    package func prepare(_ parcel: Parcel, at now: Instant) -> PreparedRequest {
        let terms = parcel.subscription.terms
        var fields = HTTPFields()
        fields[.contentType] = "application/json"
        fields[.userAgent] = "Gatehouse/\(GatehouseVersion.text)"
        fields.append(contentsOf: parcel.gatehouseHeaders)
        fields.append(contentsOf: terms.headerFields)
        let body = PlaceOSPayload.body(of: parcel.event, for: parcel.subscription)
        return PreparedRequest(url: terms.url, headers: fields, body: body)
    }

    package func parse(_ body: [UInt8]) throws(ValidationError) -> ParsedEvent {
        try PlaceOSPayload.parse(body)
    }

    /// HMAC-SHA256 of the timestamp in the body, in lower-case hexadecimal; nil if the secret is blank.
    static func signature(of timestamp: String, _ secret: Secret?) -> String? {
        guard let secret, secret.revealed.contains(where: { !$0.isWhitespace }) else { return nil }
        let key = SymmetricKey(data: Array(secret.revealed.utf8))
        return Hex.text(HMAC<SHA256>.authenticationCode(for: Array(timestamp.utf8), using: key))
    }
}

extension Terms {
    /// Whether the three actions are sent that the live driver has in addition to the seed's four.
    var hasExtendedActions: Bool { settings["extendedActions"]?.bool ?? false }
}
