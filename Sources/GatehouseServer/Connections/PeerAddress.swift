internal import NIOCore

/// The peer's address as the bound on connections counts it: a whole IPv4 address, also if a dual-stack socket writes
/// it as `::ffff:10.0.0.1`; the first 64 bits of an IPv6 address, because one customer has all addresses with the same
/// first 64 bits.
struct PeerAddress: Hashable, Sendable {
    private let bytes: [UInt8]

    /// Reads a socket's address; nil if it is not an IP address.
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
