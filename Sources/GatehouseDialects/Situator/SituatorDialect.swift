package import GatehouseCore
package import HTTPTypes

/// Situator's contract (seed 000): webhooks of an account with separately registered doors and occurrences, 18 types of
/// event, a token instead of a signature.
package struct SituatorDialect: Dialect {
    package let name = DialectName("situator")
    package let defaults = DialectDefaults(
        privacyLevel: .everything, timeout: .seconds(30), retries: Self.durable, makesSecret: true,
        promises: [.durable, .vendor])
    package let vocabulary = SituatorEvents.table.vocabulary
    package let manage: ManageAPI? = SituatorManage.api

    /// There is one contract, so there are no parameters.
    package init() {}

    /// The contract requires a token and sets no bound.
    static let tokenBounds = SecretBounds()

    /// Our promise, except for 410: the contract gives it no meaning.
    private static let durable = RetryPromise(
        delays: RetryPromise.standard.delays, urgentDelays: RetryPromise.standard.urgentDelays,
        jitter: RetryPromise.standard.jitter, goneDisables: false)

    /// "No retransmission on failure"; "if buffer reaches 100 events, new events are discarded".
    private static let vendors = RetryPromise(
        delays: [], jitter: 0, goneDisables: false, buffer: 100, countsTries: true)

    package func retries(for terms: Terms) -> RetryPromise {
        switch terms.promise {
        case .vendor: Self.vendors
        case .durable, nil: Self.durable
        }
    }

    package func faults(in terms: Terms) -> [ValidationError] {
        var faults = Self.tokenBounds.faults(in: terms.secret)
        if let token = terms.secret?.revealed, !SituatorSettings.isEnveloped(terms), !Self.isFieldValue(token) {
            faults.append(
                ValidationError(
                    .outOfBounds, field: "secret",
                    "secret, the token, takes printable ASCII and no blank at its ends: it stands in Authorization, "
                        + #"unless settings.payload is "envelope""#))
        }
        if terms.authentication != .none, !SituatorSettings.isEnveloped(terms) {
            faults.append(
                ValidationError(
                    .outOfBounds, field: "authentication.type",
                    #"type takes "none": the token stands in Authorization, unless settings.payload is "envelope""#))
        }
        return faults + SituatorSettings.faults(in: terms)
    }

    package func warnings(about terms: Terms) -> [TermsWarning] { Self.tokenBounds.warnings(about: terms.secret) }

    /// Whether every receiver reads the text from a header field unchanged (RFC 9110 section 5.5).
    private static func isFieldValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && text.utf8.first != 0x20 && text.utf8.last != 0x20
    }

    package func makeSecret(using random: inout some RandomNumberGenerator) -> Secret {
        Secret(Hex.text((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }))
    }

    package func names(of event: Event, for subscription: Subscription) -> [VendorName] {
        owing(of: event, for: subscription).names
    }

    /// An event must have the values that the type's layout requires: a passage its door, a registration its subject.
    package func owing(of event: Event, for subscription: Subscription) -> Owing {
        guard !event.isFailedUnlock, let row = SituatorEvents.row(of: event),
            SituatorSettings.asksFor(row, event, subscription.terms)
        else { return .nothing }
        let lacking = row.type.layout.lacking(in: event)
        return lacking.isEmpty ? .names([VendorName(row.name)]) : .unsayable(lacking: lacking)
    }

    /// A registration that every active webhook gets; the contract knows people only by their numbers.
    package func test(for subscription: Subscription) -> TestMessage {
        .first(of: (.personUpdated, "person"), askedBy: subscription)
    }

    package func prepare(_ parcel: Parcel, at now: Instant) -> PreparedRequest {
        let terms = parcel.subscription.terms
        return Self.request(SituatorPayload.body(of: parcel.event, for: terms), parcel.gatehouseHeaders, terms)
    }

    package func batching(for terms: Terms) -> Batching? {
        SituatorSettings.isEnveloped(terms) ? Self.envelopes : nil
    }

    /// The vendor's schema has a list of events: a batch of all due events of the webhook, in their order.
    private static let envelopes = Batching(most: 100) { parcels, _ in
        let terms = parcels[0].subscription.terms
        return request(
            SituatorPayload.envelope(of: parcels.map(\.event), for: terms), parcels.gatehouseHeaders, terms)
    }

    private static func request(_ body: [UInt8], _ ours: [HTTPField], _ terms: Terms) -> PreparedRequest {
        var fields = HTTPFields()
        fields[.contentType] = "application/json"
        fields[.userAgent] = "Gatehouse/\(GatehouseVersion.text)"
        if !SituatorSettings.isEnveloped(terms), let token = terms.secret {
            fields[.authorization] = "Bearer \(token.revealed)"
        }
        fields.append(contentsOf: ours)
        fields.append(contentsOf: terms.headerFields)
        return PreparedRequest(url: terms.url, headers: fields, body: body)
    }

    package func parse(_ body: [UInt8]) throws(ValidationError) -> ParsedEvent {
        try SituatorPayload.parse(body)
    }

    package func parseAll(_ body: [UInt8], with headers: HTTPFields) throws(ValidationError) -> [ParsedEvent] {
        try SituatorPayload.parseAll(body)
    }
}
