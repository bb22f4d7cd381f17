/// The addresses that a public webhook cannot have: one table of the IANA special-purpose registries and of everything
/// outside global unicast space.
///
/// Sources: the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and its updates), the multicast and
/// reserved blocks (RFC 5771, RFC 1112), and RFC 4291 for the rest of IPv6. The few entries that the registries call
/// globally reachable (AS112, AMT, 6to4 relays) are infrastructure, not receivers, so they are in this table too.
enum SpecialAddresses {
    /// The purpose that an address is reserved for; nil if it is not reserved.
    static func purpose(of address: NetworkAddress) -> String? {
        for row in table where row.range.contains(address) { return row.purpose }
        guard address.family == .v6 else { return nil }
        if EmbeddedAddresses.isISATAP(address) { return "an ISATAP tunnel" }
        return globalUnicast.contains(address) ? nil : "outside global unicast space"
    }

    /// Whether the address is a cloud's metadata service: it gives credentials to any caller, so no allow-list opens
    /// it.
    static func isMetadata(_ address: NetworkAddress) -> Bool {
        metadata.contains { $0.contains(address) }
    }

    /// Whether the address is this very machine's loopback.
    static func isLoopback(_ address: NetworkAddress) -> Bool {
        address == v6Loopback || v4Loopback.contains(address)
    }

    private struct Row {
        let range: AddressRange
        let purpose: String
    }

    private static func v4(_ a: UInt128, _ b: UInt128, _ c: UInt128, _ d: UInt128, _ prefix: Int) -> AddressRange {
        AddressRange(NetworkAddress(family: .v4, number: a << 24 | b << 16 | c << 8 | d), prefix: prefix)
    }

    /// An IPv6 block by its leading and its other 64 bits.
    private static func v6(_ high: UInt64, _ low: UInt64, _ prefix: Int) -> AddressRange {
        AddressRange(NetworkAddress(family: .v6, number: UInt128(high) << 64 | UInt128(low)), prefix: prefix)
    }

    private static let v4Loopback = v4(127, 0, 0, 0, 8)
    private static let v6Loopback = NetworkAddress(family: .v6, number: 1)
    private static let globalUnicast = v6(0x2000_0000_0000_0000, 0, 3)

    // swift-format-ignore
    private static let table: [Row] = [
        Row(range: v4(10, 0, 0, 0, 8),                    purpose: "private use"),
        Row(range: v4(0, 0, 0, 0, 8),                     purpose: "this network"),
        Row(range: v4(100, 64, 0, 0, 10),                 purpose: "carrier-grade NAT"),
        Row(range: v4Loopback,                            purpose: "loopback"),
        Row(range: v4(169, 254, 0, 0, 16),                purpose: "link-local"),
        Row(range: v4(172, 16, 0, 0, 12),                 purpose: "private use"),
        Row(range: v4(192, 0, 0, 0, 24),                  purpose: "protocol assignments"),
        Row(range: v4(192, 0, 2, 0, 24),                  purpose: "documentation"),
        Row(range: v4(192, 31, 196, 0, 24),               purpose: "AS112"),
        Row(range: v4(192, 52, 193, 0, 24),               purpose: "multicast tunnelling"),
        Row(range: v4(192, 88, 99, 0, 24),                purpose: "6to4 relays"),
        Row(range: v4(192, 168, 0, 0, 16),                purpose: "private use"),
        Row(range: v4(192, 175, 48, 0, 24),               purpose: "AS112"),
        Row(range: v4(198, 18, 0, 0, 15),                 purpose: "benchmarking"),
        Row(range: v4(198, 51, 100, 0, 24),               purpose: "documentation"),
        Row(range: v4(203, 0, 113, 0, 24),                purpose: "documentation"),
        Row(range: v4(224, 0, 0, 0, 4),                   purpose: "multicast"),
        Row(range: v4(255, 255, 255, 255, 32),            purpose: "broadcast"),
        Row(range: v4(240, 0, 0, 0, 4),                   purpose: "reserved"),

        Row(range: v6(0, 0, 128),                         purpose: "the unspecified address"),
        Row(range: v6(0, 1, 128),                         purpose: "loopback"),
        Row(range: v6(0, 0x0000_FFFF_0000_0000, 96),      purpose: "IPv4-mapped"),
        Row(range: v6(0, 0xFFFF_0000_0000_0000, 96),      purpose: "IPv4-translated"),
        Row(range: v6(0, 0, 96),                          purpose: "IPv4-compatible"),
        Row(range: v6(0x0064_FF9B_0000_0000, 0, 96),      purpose: "NAT64"),
        Row(range: v6(0x0064_FF9B_0001_0000, 0, 48),      purpose: "local NAT64"),
        Row(range: v6(0x0100_0000_0000_0000, 0, 64),      purpose: "discard-only"),
        Row(range: v6(0x0100_0000_0000_0001, 0, 64),      purpose: "the dummy prefix"),
        Row(range: v6(0x2001_0000_0000_0000, 0, 32),      purpose: "Teredo"),
        Row(range: v6(0x2001_0000_0000_0000, 0, 23),      purpose: "protocol assignments"),
        Row(range: v6(0x2001_0DB8_0000_0000, 0, 32),      purpose: "documentation"),
        Row(range: v6(0x2002_0000_0000_0000, 0, 16),      purpose: "6to4"),
        Row(range: v6(0x2620_004F_8000_0000, 0, 48),      purpose: "AS112"),
        Row(range: v6(0x3FFF_0000_0000_0000, 0, 20),      purpose: "documentation"),
        Row(range: v6(0x5F00_0000_0000_0000, 0, 16),      purpose: "segment routing"),
        Row(range: v6(0xFC00_0000_0000_0000, 0, 7),       purpose: "unique local"),
        Row(range: v6(0xFE80_0000_0000_0000, 0, 10),      purpose: "link-local"),
        Row(range: v6(0xFEC0_0000_0000_0000, 0, 10),      purpose: "site-local"),
        Row(range: v6(0xFF00_0000_0000_0000, 0, 8),       purpose: "multicast"),
    ]

    /// The clouds' metadata addresses, from their manuals. The first two blocks are complete, because neighbours of the
    /// well known addresses give out credentials too (task and pod roles).
    // swift-format-ignore
    private static let metadata: [AddressRange] = [
        v4(169, 254, 169, 0, 24),                          // AWS, Azure, Google, OpenStack, Oracle, DigitalOcean
        v4(169, 254, 170, 0, 24),                          // AWS containers: task roles, pod identities
        v4(169, 254, 42, 42, 32),                          // Scaleway
        v4(169, 254, 0, 23, 32),                           // Tencent
        v4(100, 100, 100, 200, 32),                        // Alibaba
        v4(168, 63, 129, 16, 32),                          // Azure's wire server, a public address
        v4(192, 0, 0, 192, 32),                            // Oracle, classic
        v6(0xFD00_0EC2_0000_0000, 0x254, 128),             // AWS
        v6(0xFD00_0EC2_0000_0000, 0x23, 128),              // AWS, pod identities
        v6(0xFD20_00CE_0000_0000, 0x254, 128),             // Google
        v6(0xFD00_0042_0000_0000, 0x42, 128),              // Scaleway
        v6(0xFD00_00C1_0000_0000, 0xA9FE_A9FE, 128),       // Oracle
        v6(0xFE80_0000_0000_0000, 0xA9FE_A9FE, 128),       // OpenStack
    ]
}
