/// The IPv4 addresses inside an IPv6 address: a translator or tunnel on the way would send to them, so the guard judges
/// them as if they were written out.
enum EmbeddedAddresses {
    /// Every IPv4 address that some transition mechanism would extract from this one; none for most addresses.
    static func carried(by address: NetworkAddress) -> [NetworkAddress] {
        guard address.family == .v6 else { return [] }
        let number = address.number
        let top16 = number >> 112
        let top32 = number >> 96
        let top96 = number >> 32
        var inside: [UInt128] = []
        // RFC 4291 §2.5.5 (compatible, mapped), RFC 2765 (translated), RFC 6052 §2.1 (NAT64's own prefix).
        if [0, 0xFFFF, 0xFFFF_0000, 0x0064_FF9B << 64].contains(top96), number > 1 { inside.append(number) }
        // RFC 8215: the operator picks a prefix below 64:ff9b:1::/48, so each length of RFC 6052 §2.2 that fits is
        // tried.
        if number >> 80 == 0x0064_FF9B_0001 { inside += translated(number) }
        // RFC 3056 §2: the router's address follows 2002.
        if top16 == 0x2002 { inside.append(number >> 80) }
        // RFC 4380 §4: the server's address, and the client's with every bit turned.
        if top32 == 0x2001_0000 { inside += [number >> 64, ~number] }
        if isISATAP(address) { inside.append(number) }
        return inside.map { NetworkAddress(family: .v4, number: $0) }
    }

    /// RFC 5214 §6.1: the interface part is 0:5efe or 200:5efe and then the IPv4 address, below any prefix.
    static func isISATAP(_ address: NetworkAddress) -> Bool {
        address.family == .v6 && (address.number >> 32) & 0xFDFF_FFFF == 0x0000_5EFE
    }

    /// The address at prefix lengths 48, 56, 64 and 96; byte 8 (the "u" octet) is skipped by the first two.
    private static func translated(_ number: UInt128) -> [UInt128] {
        let at48 = (number >> 64 & 0xFFFF) << 16 | (number >> 40 & 0xFFFF)
        let at56 = (number >> 64 & 0xFF) << 24 | (number >> 32 & 0xFF_FFFF)
        return [at48, at56, number >> 24, number]
    }
}
