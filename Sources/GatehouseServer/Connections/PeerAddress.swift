internal import NIOCore

/// The address at the other end of a connection as the bound on connections counts it: an IPv4 address whole, also
/// where a socket for both families spells it as `::ffff:10.0.0.1`, of an IPv6 address the first 64 bits, because one
/// customer has all the others.
struct PeerAddress: Hashable, Sendable {
    private let bytes: [UInt8]

    /// Reads it off a socket's address; nil where there is none of the internet.
    init?(_ address: SocketAddress?) {
        switch address {
        case .v4(_):
            self.bytes = Array(Self.raw(address)[4..<8])
        case .v6(_):
            let all = Array(Self.raw(address)[8..<24])
            let isMapped = all.prefix(10).allSatisfy { $0 == 0 } && all[10] == 0xFF && all[11] == 0xFF
            self.bytes = isMapped ? Array(all.suffix(4)) : Array(all.prefix(8))
        case .unixDomainSocket(_), nil:
            return nil
        }
    }

    /// The bytes of the system's own structure: family and port, then the address (IPv6: after four bytes of flow).
    private static func raw(_ address: SocketAddress?) -> [UInt8] {
        address?.withSockAddr { pointer, size in Array(UnsafeRawBufferPointer(start: pointer, count: size)) } ?? []
    }
}
