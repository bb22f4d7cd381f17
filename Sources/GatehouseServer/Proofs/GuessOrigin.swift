internal import NIOCore

/// The origin whose wrong credentials are counted together.
enum GuessOrigin {
    /// An IPv4 address alone; an IPv6 address with all that share its first 64 bits, because one customer has all of
    /// them. An IPv4 address that is written as IPv6 is that IPv4 address.
    static func text(of address: String?) -> String {
        guard let address else { return "unknown" }
        guard address.contains(":"), case .v6(let parsed)? = try? SocketAddress(ipAddress: address, port: 0) else {
            return address
        }
        // The address follows family, port and flow in every system's `sockaddr_in6` (RFC 3493 section 3.3).
        let bytes = withUnsafeBytes(of: parsed.address) { Array($0[8..<24]) }
        let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF]
        if Array(bytes.prefix(12)) == mapped {
            return bytes.suffix(4).map { String($0) }.joined(separator: ".")
        }
        let groups = stride(from: 0, to: 8, by: 2).map { place in
            String(UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1]), radix: 16)
        }
        return groups.joined(separator: ":") + "::/64"
    }
}
