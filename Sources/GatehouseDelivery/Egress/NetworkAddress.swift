#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An IPv4 or IPv6 address as a number, so that ranges are compared by arithmetic and never by text.
package struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    /// The two families, which never compare equal: `::ffff:10.0.0.1` is an IPv6 address here.
    package enum Family: Hashable, Sendable {
        /// 32 bits, and 128 bits.
        case v4, v6

        /// The length of an address in bits.
        package var width: Int {
            switch self {
            case .v4: 32
            case .v6: 128
            }
        }
    }

    /// The family of the address.
    package let family: Family
    /// The address as a number, most significant byte first on the wire.
    package let number: UInt128

    /// Takes the number as it is; bits above the family's width are cut off.
    init(family: Family, number: UInt128) {
        self.family = family
        switch family {
        case .v4: self.number = number & 0xFFFF_FFFF
        case .v6: self.number = number
        }
    }

    /// Reads the one spelling that `inet_pton` accepts: four decimal numbers without leading zeros, or RFC 4291's text.
    ///
    /// Octal, hexadecimal and shortened spellings are nil here, although other software reads them, and so are zone
    /// ids and brackets.
    package init?(_ text: String) {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 {
            self.init(family: .v4, number: Self.number(bytes.prefix(4)))
        } else if inet_pton(AF_INET6, text, &bytes) == 1 {
            self.init(family: .v6, number: Self.number(bytes[...]))
        } else {
            return nil
        }
    }

    /// The bytes in network order, 4 or 16 of them.
    var bytes: [UInt8] {
        stride(from: family.width - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> UInt128($0)) }
    }

    /// The plain spelling, which ``init(_:)`` reads again.
    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let code = family == .v4 ? AF_INET : AF_INET6
        guard inet_ntop(code, bytes, &text, socklen_t(text.count)) != nil else { return "an address" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt128 {
        bytes.reduce(0) { $0 << 8 | UInt128($1) }
    }
}
