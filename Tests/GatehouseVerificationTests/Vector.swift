import GatehouseVerification
import Testing

/// A request that verifies, with a signature that an independent implementation (Python's hmac and base64) computed.
struct Vector: Sendable, CustomTestStringConvertible {
    let name: String
    let secret: String
    let id: String
    let timestamp: UnixSeconds
    let body: [UInt8]
    let signature: String

    var testDescription: String { name }

    /// The request as a gateway would send it.
    var request: ReceivedRequest { request(signature: signature) }

    /// The same with another value of one header.
    func request(
        id: String? = nil, timestamp: String? = nil, signature: String? = nil, body: [UInt8]? = nil
    ) -> ReceivedRequest {
        ReceivedRequest(
            headers: [
                (name: "Content-Type", value: "application/cloudevents+json"),
                (name: "Webhook-Id", value: id ?? self.id),
                (name: "webhook-timestamp", value: timestamp ?? String(self.timestamp)),
                (name: "WEBHOOK-SIGNATURE", value: signature ?? self.signature),
            ],
            body: body ?? self.body)
    }

    func verifier(tolerance: Duration = .seconds(300)) throws -> Verifier {
        try Verifier(.standard, secret: secret, tolerance: tolerance)
    }
}

extension Vector {
    static let all = [published, empty, unicode, binary, rotated, afterRotation]

    /// The vector that the specification's own libraries are tested with.
    static let published = Vector(
        name: "published with the specification", secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8),
        signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")

    static let empty = Vector(
        name: "shortest key, no body, the epoch", secret: "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", id: "a",
        timestamp: 0,
        body: [], signature: "v1,N+Hx3edQLOlFWLC6mCr/sY5tyN1fcB3a/kg4SRyryWQ=")

    static let unicode = Vector(
        name: "longest key, text beyond ASCII",
        secret: "whsec_wMHCw8TFxsfIycrLzM3Oz9DR0tPU1dbX2Nna29zd3t/g4eLj5OXm5+jp6uvs7e7v8PHy8/T19vf4+fr7/P3+/w==",
        id: "019248f0-1c2d-7abc-8def-0123456789ab", timestamp: 1_773_216_930,
        body: Array(#"{"person":"Ana Conceição 門"}"#.utf8),
        signature: "v1,1EIXIYcmGTT8Jf2rrkPSL9Lm9i3bXwzu+W0oUbFLgnM=")

    static let binary = Vector(
        name: "longest id, latest time, bytes that are no text",
        secret: "whsec_hCDTC2RFZPTXv/Sp1c4vp8EM0HseAUm3XFtV/OEYGyU=", id: String(repeating: "x", count: 256),
        timestamp: 999_999_999_999_999, body: [0x00, 0xFF, 0x0D, 0x0A, 0x2E, 0x80],
        signature: "v1,mQ1/Vsxt5z8XzC+fhvsuxa83l+NbYB0XZ8kQcZ0vjZ4=")

    static let rotated = Vector(
        name: "before a rotation", secret: "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=", id: "evt_rotation",
        timestamp: 1_773_216_930, body: Array(#"{"kind":"door.forced"}"#.utf8),
        signature: "v1,CcYtmZMMihezE+JoKx0jyulRTetZUafYJfdaXkwwcmA=")

    static let afterRotation = Vector(
        name: "after a rotation", secret: "whsec_ISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0A=", id: rotated.id,
        timestamp: rotated.timestamp, body: rotated.body,
        signature: "v1,qzKJ+tcwUNiEtYkWrJEHufhqANWAM3etJxiewC0Ktac=")
}
