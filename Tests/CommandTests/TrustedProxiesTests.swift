import GatehouseDelivery
import GatehouseGateway
import Testing

/// The real origin of a request, behind proxies and without.
@Suite struct TrustedProxiesTests {
    private static let proxies = ["10.0.0.0/8", "fd00::/8", "127.0.0.1"]

    private func client(_ peer: String?, _ fields: [String], trusting ranges: [String] = proxies) throws -> String? {
        TrustedProxies(try ranges.map { try AddressRange($0) }).client(peer: peer, forwarded: fields)
    }

    @Test func untrustedPeerIsTheClientWithAnyHeader() throws {
        #expect(try client("192.0.2.7", ["198.51.100.1"]) == "192.0.2.7")
        #expect(try client("10.1.1.1", ["198.51.100.1"], trusting: []) == "10.1.1.1")
        #expect(try client(nil, ["198.51.100.1"]) == nil)
    }

    @Test(arguments: [
        (["198.51.100.1"], "198.51.100.1"), (["203.0.113.9, 198.51.100.1"], "198.51.100.1"),
        (["198.51.100.1, 10.2.2.2"], "198.51.100.1"), (["198.51.100.1", "10.2.2.2"], "198.51.100.1"),
        (["203.0.113.9", "198.51.100.1,10.2.2.2 , fd00::1"], "198.51.100.1"),
        (["2001:db8::1"], "2001:db8::1"), (["[2001:db8::1]:4711"], "2001:db8::1"),
        (["198.51.100.1:80"], "198.51.100.1"),
        ([], "10.1.1.1"), ([""], "10.1.1.1"), (["unknown"], "10.1.1.1"), (["198.51.100.1, junk, 10.2.2.2"], "10.2.2.2"),
        (["10.3.3.3, 10.2.2.2"], "10.3.3.3"), (["198.51.100.1, 0x0a.1.1.1"], "10.1.1.1"),
        (["203.0.113.9\t,\t198.51.100.1"], "198.51.100.1"),
    ])
    func theFirstFromTheEndThatIsNoProxyIsTheClient(fields: [String], client: String) throws {
        #expect(try self.client("10.1.1.1", fields) == client, "\(fields)")
    }

    /// Many callers share a proxy's connections, so its address has no bound of its own.
    @Test func aProxyIsKnownByItsAddressAlone() throws {
        let proxies = TrustedProxies([try AddressRange("10.0.0.0/8"), try AddressRange("fd00::/8")])
        for address in ["10.1.1.1", "::ffff:10.1.1.1", "fd00::1"] { #expect(proxies.isProxy(address), "\(address)") }
        for address in ["192.0.2.7", "::1", "", "proxy"] { #expect(!proxies.isProxy(address), "\(address)") }
        #expect(!TrustedProxies([]).isProxy("10.1.1.1"))
    }

    @Test func aSocketForBothFamiliesNamesProxiesInItsWay() throws {
        #expect(try client("::ffff:10.1.1.1", ["198.51.100.1"]) == "198.51.100.1")
        #expect(try client("::ffff:192.0.2.1", ["198.51.100.1"]) == "::ffff:192.0.2.1")
    }
}
