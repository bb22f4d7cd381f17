import GatehouseCore
import Testing

@testable import GatehouseDelivery

/// R9: special address ranges times spellings, compared with a list of this test's own (RFC 6890 and its updates,
/// written by hand and in another form than the product's table).
@Suite struct EgressTests {
    /// IPv4 addresses that must never be dialled unasked: first, last and a middle one of each special block.
    static let specialV4: [String] = [
        "0.0.0.0", "0.0.0.1", "0.255.255.255", "10.0.0.0", "10.20.30.40", "10.255.255.255", "100.64.0.0", "100.100.1.1",
        "100.127.255.255", "127.0.0.0", "127.0.0.1", "127.1.2.3", "127.255.255.255", "169.254.0.0", "169.254.7.7",
        "169.254.255.255", "172.16.0.0", "172.20.1.1", "172.31.255.255", "192.0.0.0", "192.0.0.8", "192.0.0.170",
        "192.0.0.255", "192.0.2.0", "192.0.2.99", "192.0.2.255", "192.31.196.1", "192.52.193.1", "192.88.99.0",
        "192.88.99.1", "192.88.99.255", "192.168.0.0", "192.168.1.1", "192.168.255.255", "192.175.48.6", "198.18.0.0",
        "198.18.9.9", "198.19.255.255", "198.51.100.0", "198.51.100.200", "198.51.100.255", "203.0.113.0",
        "203.0.113.77",
        "203.0.113.255", "224.0.0.0", "224.0.0.251", "233.252.0.1", "239.255.255.250", "239.255.255.255", "240.0.0.0",
        "250.1.2.3", "255.255.255.254", "255.255.255.255",
    ]

    static let publicV4 = [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "93.184.216.34", "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0",
        "191.255.255.255",
        "192.0.1.0", "192.0.3.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255",
        "198.51.101.0", "203.0.112.255", "203.0.114.0", "223.255.255.255",
    ]

    static let specialV6 = [
        "::", "::1", "::2", "::7f00:1", "100::1", "100:0:0:1::5", "2001::1", "2001:2::1", "2001:10::1", "2001:20::1",
        "2001:30::1", "2001:1ff::1", "2001:db8::1", "2001:db8:ffff::1", "2002::1", "2620:4f:8000::1", "3fff::1",
        "3fff:fff::1", "5f00::1", "fc00::1", "fd00::1", "fdff:ffff::1", "fe80::1", "febf::1", "fec0::1", "feff::1",
        "ff02::1",
        "ff0e::1", "4000::1", "8000::1", "e000::1", "1fff::1", "64:ff9b:1::1", "64:ff9b:1:ffff::1", "200::1",
        "2a00:1450:4001::5efe:10.0.0.1", "2a00:1450:4001::200:5efe:127.0.0.1", "2a00:1450:4001:1:0:5efe:8.8.8.8",
    ]

    static let publicV6 = [
        "2606:4700:4700::1111", "2001:4860:4860::8888", "2001:200::1", "2a00:1450:4001:830::200e", "2620:4f:8001::1",
        "2003::1", "2400:cb00::1", "3ffe::1", "2001:db7::1", "2001:db9::1",
    ]

    /// Each way in which an IPv6 address carries an IPv4 address inside.
    static func embeddings(of v4: String) -> [String] {
        let parts = v4.split(separator: ".").compactMap { UInt32($0) }
        let high = parts[0] << 8 | parts[1]
        let low = parts[2] << 8 | parts[3]
        func hex(_ number: UInt32) -> String { String(number, radix: 16) }
        return [
            "::ffff:\(v4)", "::ffff:\(hex(high)):\(hex(low))", "::\(v4)", "::ffff:0:\(v4)", "64:ff9b::\(v4)",
            "64:ff9b::\(hex(high)):\(hex(low))", "64:ff9b:1::\(v4)",
            "64:ff9b:1:\(hex(high)):\(hex(low >> 8)):\(hex((low & 0xFF) << 8))::",
            "2002:\(hex(high)):\(hex(low))::1", "2001:0:\(hex(high)):\(hex(low))::1",
            "2001:0:808:808::\(hex(~high & 0xFFFF)):\(hex(~low & 0xFFFF))",
            "2a00:1450::5efe:\(v4)",
        ]
    }

    /// Spellings that some software reads as the address, and we take for neither a name nor an address.
    static func oddSpellings(of v4: String) -> [String] {
        let parts = v4.split(separator: ".").compactMap { UInt32($0) }
        let number = parts.reduce(0) { $0 << 8 | $1 }
        func octal(_ number: UInt32) -> String { "0" + String(number, radix: 8) }
        func hex(_ number: UInt32) -> String { "0x" + String(number, radix: 16) }
        return [
            "\(number)", octal(number), hex(number), "0X" + String(number, radix: 16, uppercase: true),
            parts.map(octal).joined(separator: "."), parts.map(hex).joined(separator: "."),
            "\(parts[0]).\(number & 0xFF_FFFF)", "\(parts[0]).\(parts[1]).\(number & 0xFFFF)",
            "\(hex(parts[0])).\(number & 0xFF_FFFF)", "\(octal(parts[0])).\(parts[1]).\(hex(number & 0xFFFF))",
            "\(v4).", "\(number).", parts.map { "00\($0)" }.joined(separator: "."), "\(v4).1", "1.\(v4)",
            "\(parts[0]).\(parts[1]).\(parts[2]).0x\(String(parts[3], radix: 16))", "x.\(number)",
            "\(parts[0])..\(parts[3])",
            "0x.\(parts[3])", "\(parts[0]).\(parts[1]).\(parts[2]).0x",
        ]
    }

    /// Resolves everything to a public address: a host that reaches the resolver has been taken for a name.
    private func check() -> TargetCheck { TargetCheck(egress: EgressGuard(), resolver: AllPublic()) }

    @Test func noSpecialAddressIsDialledInAnySpelling() async {
        var cases = 0
        for v4 in Self.specialV4 {
            let hosts =
                [v4] + Self.oddSpellings(of: v4)
                + (Self.embeddings(of: v4)).map { "[\($0)]" }
            for host in hosts {
                for scheme in ["https", "http"] {
                    cases += 1
                    guard let url = TargetURL("\(scheme)://\(host)/in") else { continue }
                    #expect(await check().refusal(of: url, for: nil) != nil, "\(url)")
                }
            }
        }
        for v6 in Self.specialV6 {
            cases += 1
            guard let url = TargetURL("https://[\(v6)]/in") else { continue }
            #expect(await check().refusal(of: url, for: nil) != nil, "\(url)")
        }
        #expect(cases >= 500)
    }

    @Test func everySpellingThatIsMeantToBeAnAddressReachesTheGuard() throws {
        for v4 in Self.specialV4 + Self.publicV4 {
            for text in [v4] + Self.embeddings(of: v4) { #expect(NetworkAddress(text) != nil, "\(text)") }
        }
        for text in Self.specialV6 + Self.publicV6 { #expect(NetworkAddress(text) != nil, "\(text)") }
    }

    @Test func publicAddressesAreDialledOverHTTPSAlone() throws {
        let rules = EgressGuard()
        for text in Self.publicV4 + Self.publicV6 {
            let address = try #require(NetworkAddress(text))
            #expect(rules.verdict(on: address, scheme: .https) == .permitted, "\(text)")
            #expect(rules.verdict(on: address, scheme: .http) != .permitted, "\(text)")
            #expect(rules.verdict(on: address, scheme: .http, allowsPlainHTTP: true) == .permitted, "\(text)")
        }
    }

    @Test func plainHTTPOpensNoSpecialAddress() throws {
        for text in Self.specialV4 + Self.specialV6 {
            let address = try #require(NetworkAddress(text))
            #expect(EgressGuard().verdict(on: address, scheme: .http, allowsPlainHTTP: true) != .permitted, "\(text)")
        }
    }

    @Test func addressesOutsideTheListAreSpecialOrNotAsTheirBlockSays() throws {
        var random = SeededRandom(seed: 42)
        for _ in 1...20_000 {
            let number = UInt32.random(in: .min ... .max, using: &random)
            let address = NetworkAddress(family: .v4, number: UInt128(number))
            let isPermitted = EgressGuard().verdict(on: address, scheme: .https) == .permitted
            guard isPermitted == !Self.isSpecial(number) else {
                Issue.record("\(address)")
                continue
            }
        }
    }

    /// The oracle: the blocks by their bounds.
    private static func isSpecial(_ number: UInt32) -> Bool {
        let (a, b, c) = (number >> 24, number >> 16 & 0xFF, number >> 8 & 0xFF)
        return switch (a, b, c) {
        case (0, _, _), (10, _, _), (127, _, _), (224..., _, _): true
        case (100, 64...127, _), (169, 254, _), (172, 16...31, _), (192, 168, _), (198, 18...19, _): true
        case (192, 0, 0), (192, 0, 2), (192, 31, 196), (192, 52, 193), (192, 88, 99), (192, 175, 48): true
        case (198, 51, 100), (203, 0, 113): true
        default: number == 0xA83F_8110
        }
    }

    static let metadata = [
        "169.254.169.254", "169.254.170.2", "169.254.170.23", "169.254.42.42", "169.254.0.23", "100.100.100.200",
        "168.63.129.16", "192.0.0.192",
    ]

    @Test func metadataAddressIsNeverAllowed() throws {
        let rules = EgressGuard(allowed: [try AddressRange("0.0.0.0/0"), try AddressRange("::/0")])
        let direct =
            Self.metadata + ["fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "fd00:42::42", "fe80::a9fe:a9fe"]
        for text in direct + Self.metadata.flatMap(Self.embeddings) {
            let address = try #require(NetworkAddress(text))
            for scheme in [TargetURL.Scheme.https, .http] {
                #expect(rules.verdict(on: address, scheme: scheme) != .permitted, "\(text)")
            }
        }
    }

    @Test func theAllowListOpensWhatItNamesAndNoMore() throws {
        let rules = EgressGuard(allowed: [try AddressRange("10.0.0.0/8"), try AddressRange("fd12::/16")])
        let open = ["10.0.0.1", "10.255.255.255", "fd12::1"]
        let shut = [
            "11.0.0.1", "127.0.0.1", "192.168.0.1", "fd13::1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "2002:a00:1::1",
        ]
        for text in open {
            let address = try #require(NetworkAddress(text))
            #expect(rules.verdict(on: address, scheme: .http) == .permitted)
            #expect(rules.verdict(on: address, scheme: .https) == .permitted)
        }
        for text in shut {
            let address = try #require(NetworkAddress(text))
            #expect(rules.verdict(on: address, scheme: .http) != .permitted, "\(text)")
        }
    }

    @Test func anAllowedTranslatorStillDoesNotReachPrivateAddresses() throws {
        let rules = EgressGuard(allowed: [try AddressRange("64:ff9b::/96")])
        let outside = try #require(NetworkAddress("64:ff9b::8.8.8.8"))
        let inside = try #require(NetworkAddress("64:ff9b::10.0.0.1"))
        #expect(rules.verdict(on: outside, scheme: .https) == .permitted)
        #expect(rules.verdict(on: inside, scheme: .https) != .permitted)
    }

    @Test(arguments: [
        "localhost", "localhost.", "example.com", "example.com.", "0x7f.example", "1.2.3.4.example",
        "xn--bcher-kva.example",
        "a-b.example", "a_b.example", "3com", "0xg", "0x7f-1",
    ])
    func namesGoToTheResolver(_ host: String) throws {
        #expect(HostSpelling(try #require(TargetURL("https://\(host)/"))) == .name)
    }

    @Test(arguments: [
        "https://[fe80::1%25eth0]/", "https://[fe80::1%eth0]/", "https://127.0.0.1@example.com/",
        "https://example.com:80@127.0.0.1/", "https://example.com#@127.0.0.1/", "https://127.0.0.1\\@example.com/",
        "https://①②⑦.0.0.1/", "https://127。0。0。1/", "https://%31%32%37.0.0.1/",
        "https://[127.0.0.1]/",
        "https://[::1", "https://[]/", "https://.../", "https://./", "https://a..b/", "https://[1::2::3]/",
    ])
    func ambiguousHostIsRefusedBeforeAnyLookUp(_ text: String) async {
        guard let url = TargetURL(text) else { return }
        #expect(await check().refusal(of: url, for: nil) != nil)
    }
}

private struct AllPublic: NameResolver {
    func resolve(_ name: String, for organization: OrganizationID?, within timeout: Duration) async -> Resolution {
        .addresses([NetworkAddress(family: .v4, number: 0x5DB8_D822)], validFor: .seconds(1))
    }
}
