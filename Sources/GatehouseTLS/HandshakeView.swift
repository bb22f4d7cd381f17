/// The two ends of a failed handshake, in the words that fit the reader of the sentence.
package struct HandshakeView: Sendable {
    /// The other end: `the receiver`.
    let other: String
    /// This end: `this gateway`.
    let own: String
    /// The machine with the clock and the trusted certificates.
    let machine: String
    /// What lets the other end work without a client certificate.
    let withoutCertificate: String
    /// How to trust the authority of the other end's certificate.
    let trust: String

    /// A delivery: the other end is a subscription's receiver.
    package static let delivery = HandshakeView(
        other: "the receiver", own: "this gateway", machine: "the gateway's machine",
        withoutCertificate: "let the receiver accept deliveries without one",
        trust: "have the gateway's machine trust it")

    /// A call of the native API: the other end is the gateway, or a proxy in front of it.
    package static let call = HandshakeView(
        other: "the gateway", own: "this client", machine: "this machine",
        withoutCertificate: "call an address that requires none, behind the proxy",
        trust: "name a PEM file with it (--authorities or GATEHOUSE_AUTHORITIES), or have this machine trust it")
}
