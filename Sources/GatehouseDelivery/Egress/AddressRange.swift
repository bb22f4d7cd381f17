/// A block of addresses in CIDR notation, `10.0.0.0/8`: for the ranges that an operator allows and those that the
/// registries reserve.
package struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    /// The first address of the block.
    package let base: NetworkAddress
    /// How many leading bits are fixed.
    package let prefix: Int

    /// Why a text is not a range. Each case says what would be right, for the author of the setting.
    package enum ParseError: Error, Hashable, Sendable, CustomStringConvertible {
        /// The part before the slash is not an address in its plain spelling.
        case notAnAddress(String)
        /// The part after the slash is not a whole number, or has more bits than such an address.
        case badPrefix(String, width: Int)
        /// The address has bits set below the prefix, so it has two readings.
        case bitsBelowPrefix(String, meant: String)

        /// What is wrong and what to write instead.
        package var description: String {
            switch self {
            case .notAnAddress(let text):
                "'\(text)' is not an IP address: write a range as 10.0.0.0/8 or fd00::/8, one address as 192.0.2.7"
            case .badPrefix(let text, let width):
                "'\(text)' is not a prefix length: write a whole number from 0 to \(width) after the slash"
            case .bitsBelowPrefix(let text, let meant):
                "'\(text)' has bits set below its prefix: write \(meant), or the one address without a slash"
            }
        }
    }

    /// Fixes the leading bits of an address; the bits below are cleared.
    init(_ address: NetworkAddress, prefix: Int) {
        let free = UInt128(address.family.width - prefix)
        self.base = NetworkAddress(family: address.family, number: (address.number >> free) << free)
        self.prefix = prefix
    }

    /// Reads `10.0.0.0/8`, `fd00::/8`, or one address, which is a range of itself alone.
    package init(_ text: String) throws(ParseError) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = NetworkAddress(String(parts[0])) else { throw .notAnAddress(text) }
        guard parts.count == 2 else {
            self.init(address, prefix: address.family.width)
            return
        }
        guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let prefix = Int(parts[1]), prefix <= address.family.width
        else { throw .badPrefix(text, width: address.family.width) }
        self.init(address, prefix: prefix)
        guard base == address else { throw .bitsBelowPrefix(text, meant: description) }
    }

    /// Whether the address is in the block. Families never mix: `0.0.0.0/0` does not contain `::ffff:10.0.0.1`.
    package func contains(_ address: NetworkAddress) -> Bool {
        let free = UInt128(base.family.width - prefix)
        return address.family == base.family && address.number >> free == base.number >> free
    }

    /// The block as it is written in a setting; one address has its full prefix.
    package var description: String { "\(base)/\(prefix)" }
}
