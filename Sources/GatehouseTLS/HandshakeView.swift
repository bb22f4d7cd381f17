/// Who tells of a failed handshake, and to whom: the sentences name both ends by the words that fit.
package struct HandshakeView: Sendable {
    /// The other end: `the receiver`.
    let other: String
    /// This end: `this gateway`.
    let own: String
    /// Whose machine holds the clock and the trusted certificates.
    let machine: String
    /// How to let the other end go on without a certificate of the caller.
    let withoutCertificate: String
    /// How the authority of the other end's certificate comes to be trusted.
    let trust: String

    /// A delivery: the other end is a subscription's receiver.
    package static let delivery = HandshakeView(
        other: "the receiver", own: "this gateway", machine: "the gateway's machine",
        withoutCertificate: "let the receiver take deliveries without one",
        trust: "have the gateway's machine trust it")

    /// A call of the native API: the other end is the gateway, or a proxy before it.
    package static let call = HandshakeView(
        other: "the gateway", own: "this client", machine: "this machine",
        withoutCertificate: "call it where none is wanted, behind the proxy that asks for it",
        trust: "name a PEM file with it (--authorities or GATEHOUSE_AUTHORITIES), or have this machine trust it")
}
