internal import Crypto
internal import GatehouseCore
internal import HTTPTypes

@testable internal import GatehouseDialects

/// Acme Turnstiles, an invented vendor: the proof that a new contract needs one folder and one line.
///
/// It has few names and a reason for every other kind, lets its owner choose gates, writes keys in its own order, signs
/// only the body and tries four times.
struct MadeUpDialect: Dialect {
    let name = DialectName("acme-turnstiles")
    let defaults = DialectDefaults(
        privacyLevel: .everything, timeout: .seconds(5),
        retries: RetryPromise(
            delays: [.seconds(1), .seconds(10), .seconds(60)], jitter: 0.1, goneDisables: false), makesSecret: true)
    let vocabulary = MadeUpEvents.table.vocabulary

    func faults(in terms: Terms) -> [ValidationError] {
        var faults: [ValidationError] = []
        if let secret = terms.secret?.revealed, !(16...64).contains(secret.utf8.count) {
            faults.append(ValidationError(.outOfBounds, field: "secret", "secret takes 16 to 64 bytes"))
        }
        for member in terms.settings.members {
            let gates = member.key == "gates" ? member.value.items?.compactMap(\.integer) : nil
            if gates == nil || gates?.count != member.value.items?.count {
                faults.append(
                    ValidationError(
                        .outOfBounds, field: "settings.\(member.key)", "settings takes gates, a list of numbers"))
            }
        }
        return faults
    }

    func makeSecret(using random: inout some RandomNumberGenerator) -> Secret {
        Secret("acme-" + Hex.text((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }))
    }

    func names(of event: Event, for subscription: Subscription) -> [VendorName] {
        if let gates = subscription.terms.settings["gates"]?.items?.compactMap(\.integer) {
            guard let gate = event.toldDoorNumber, gates.contains(gate) else { return [] }
        }
        return MadeUpEvents.name(of: event).map { [$0] } ?? []
    }

    func test(for subscription: Subscription) -> TestMessage {
        .first(of: (.doorClosed, "ARM_CLOSED"), askedBy: subscription)
    }

    func prepare(_ parcel: Parcel, at now: Instant) -> PreparedRequest {
        let terms = parcel.subscription.terms
        let body = MadeUpPayload.body(of: parcel.event, at: terms.privacyLevel)
        var fields: HTTPFields = [
            .contentType: "application/json", .userAgent: "Gatehouse/\(GatehouseVersion.text)",
            .acmeTry: String(parcel.attempt),
        ]
        if let secret = terms.secret {
            let key = SymmetricKey(data: Array(secret.revealed.utf8))
            fields[.acmeSignature] = Hex.text(HMAC<SHA256>.authenticationCode(for: body, using: key))
        }
        fields.append(contentsOf: parcel.gatehouseHeaders)
        fields.append(contentsOf: terms.headerFields)
        return PreparedRequest(url: terms.url, headers: fields, body: body)
    }

    func parse(_ body: [UInt8]) throws(ValidationError) -> ParsedEvent {
        try MadeUpPayload.parse(body)
    }
}

extension HTTPField.Name {
    fileprivate static let acmeSignature = name("x-acme-signature")
    fileprivate static let acmeTry = name("x-acme-try")

    private static func name(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is a header name") }
        return name
    }
}
