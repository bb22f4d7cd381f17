internal import Crypto
package import GatehouseCore
internal import HTTPTypes

/// BAS-IP's contract, Android panels 2.15.0 (seed 004): webhook entities with a list of `log.` names, exact error
/// sentences, and the attempt's number in a header.
package struct BasIPDialect: Dialect {
    package let name = DialectName("basip")
    package let defaults = DialectDefaults(
        privacyLevel: .everything, timeout: .seconds(10),
        retries: Self.promise(ofRetries: BasIPSettings.retries.upperBound),
        makesSecret: false, promises: [.durable, .vendor])
    package let vocabulary = BasIPEvents.table.vocabulary
    package let manage: ManageAPI? = BasIPManage.api

    /// There is one contract, so there are no parameters.
    package init() {}

    /// "Possible values: >= 16 characters and <= 128 characters".
    static let secretBounds = SecretBounds(from: 16, to: 128)

    package func faults(in terms: Terms) -> [ValidationError] {
        var faults = Self.secretBounds.faults(in: terms.secret)
        for header in terms.headers where Self.ownHeaders.contains(header.name.lowercased()) {
            faults.append(
                ValidationError(
                    .outOfBounds, field: "headers.\(header.name)", "the header \(header.name) is the contract's own"))
        }
        return faults + BasIPSettings.faults(in: terms)
    }

    /// The vendor's promise, 1 + `max_retries` tries, unless the owner asks for ours. Each request has the number of
    /// its try. 410 is a usual failure.
    package func retries(for terms: Terms) -> RetryPromise {
        switch terms.promise {
        case .durable:
            let ours = RetryPromise.standard
            return RetryPromise(
                delays: ours.delays, urgentDelays: ours.urgentDelays, jitter: ours.jitter, goneDisables: false,
                countsTries: true)
        case .vendor, nil: return Self.promise(ofRetries: BasIPSettings.maxRetries(of: terms))
        }
    }

    /// 1 s, 5 s, 30 s, 2 min, 10 min: the contract defines the number, and we define the delays.
    private static func promise(ofRetries retries: Int) -> RetryPromise {
        let delays: [Duration] = [1, 5, 30, 120, 600].map { .seconds($0) }
        return RetryPromise(
            delays: Array(delays.prefix(retries)), jitter: 0.2, goneDisables: false, countsTries: true)
    }

    package func warnings(about terms: Terms) -> [TermsWarning] { Self.secretBounds.warnings(about: terms.secret) }

    package func makeSecret(using random: inout some RandomNumberGenerator) -> Secret {
        Secret(Hex.text((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }))
    }

    package func names(of event: Event, for subscription: Subscription) -> [VendorName] {
        guard !event.isFailedUnlock, let row = BasIPEvents.row(of: event, askedFor: subscription) else { return [] }
        return [VendorName(row.name)]
    }

    /// The vendor's own test, whose data marks it as a test. Its name is the first harmless name that the webhook asks
    /// for, so that a receiver that checks only the name does not see an alarm.
    package func test(for subscription: Subscription) -> TestMessage {
        let asked = BasIPPayload.testNames.first { BasIPSettings.asksFor($0, subscription.terms) }
        let name = asked ?? BasIPPayload.testNames[0]
        return TestMessage(
            .gatewayTest, named: name, data: BasIPPayload.testEvent(named: name), isAsked: asked != nil)
    }

    package func prepare(_ parcel: Parcel, at now: Instant) -> PreparedRequest {
        let terms = parcel.subscription.terms
        let row = BasIPEvents.row(of: parcel.event, toldTo: parcel.subscription)
        let body = BasIPPayload.body(of: parcel.event, at: terms.privacyLevel, as: row)
        var fields = HTTPFields()
        fields[.contentType] = "application/json"
        fields[.userAgent] = "BAS-IP-Webhook-Service/1.0"
        if let secret = terms.secret { fields[.signature] = Self.signature(of: body, secret) }
        fields[.timestamp] = RFC3339.secondsText(now)
        fields[.attempt] = String(parcel.attempt)
        fields.append(contentsOf: parcel.gatehouseHeaders)
        fields.append(contentsOf: terms.headerFields)
        var request = PreparedRequest(url: terms.url, headers: fields, body: body)
        request.longest = min(terms.timeout * 3, Self.longestTry)
        return request
    }

    /// Connecting, writing and reading each have the timeout, so three timeouts in all, but at most this.
    private static let longestTry = Duration.seconds(30)

    package func parse(_ body: [UInt8]) throws(ValidationError) -> ParsedEvent {
        try BasIPPayload.parse(body)
    }

    private static let ownHeaders: Set<String> = ["x-webhook-signature", "x-webhook-timestamp", "x-webhook-attempt"]

    /// HMAC-SHA256 of the body in lower-case hexadecimal.
    private static func signature(of body: [UInt8], _ secret: Secret) -> String {
        let key = SymmetricKey(data: Array(secret.revealed.utf8))
        return Hex.text(HMAC<SHA256>.authenticationCode(for: body, using: key))
    }
}

extension HTTPField.Name {
    fileprivate static let signature = name("X-Webhook-Signature")
    fileprivate static let timestamp = name("X-Webhook-Timestamp")
    fileprivate static let attempt = name("X-Webhook-Attempt")

    private static func name(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is a header name") }
        return name
    }
}
