import Testing

@testable import GatehouseDelivery

@Suite struct AddressRangeTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.0.0.0/8"), ("192.0.2.7", "192.0.2.7/32"), ("0.0.0.0/0", "0.0.0.0/0"), ("::/0", "::/0"),
        ("fd00::/8", "fd00::/8"), ("2001:DB8::1", "2001:db8::1/128"), ("::ffff:10.0.0.0/104", "::ffff:10.0.0.0/104"),
    ])
    func aRangeIsReadAndWritten(_ text: String, _ written: String) throws {
        #expect(try AddressRange(text).description == written)
    }

    @Test(arguments: [
        "", "/", "10.0.0.0/", "/8", "ten", "10.0.0/8", "010.0.0.0/8", "0x0a.0.0.0/8", "10.0.0.0/33", "10.0.0.0/-1",
        "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.0 /8", "::/129", "fe80::%1/64", "[::1]/128", "10.0.0.0/08888", "::/1e1",
        "10.0.0.1/8", "fd00::1/8",
    ])
    func aFaultySpellingIsRefusedWithAHint(_ text: String) throws {
        let fault = try #require(throws: AddressRange.ParseError.self) { try AddressRange(text) }
        #expect(fault.description.contains("write"))
    }

    @Test func aRangeHoldsItsEndsAndNothingBeyond() throws {
        let range = try AddressRange("172.16.0.0/12")
        let cases = [("172.15.255.255", false), ("172.16.0.0", true), ("172.31.255.255", true), ("172.32.0.0", false)]
        for (text, isInside) in cases { #expect(range.contains(try #require(NetworkAddress(text))) == isInside) }
    }

    @Test func familiesDoNotMix() throws {
        let all4 = try AddressRange("0.0.0.0/0")
        let all6 = try AddressRange("::/0")
        let mapped = try #require(NetworkAddress("::ffff:10.0.0.1"))
        let plain = try #require(NetworkAddress("10.0.0.1"))
        #expect(!all4.contains(mapped))
        #expect(all6.contains(mapped))
        #expect(!all6.contains(plain))
    }

    @Test(arguments: ["1.2.3.4", "255.255.255.255", "::", "::1", "2001:db8::a:b", "::ffff:1.2.3.4", "fe80::1"])
    func anAddressIsWrittenAsItIsRead(_ text: String) throws {
        let address = try #require(NetworkAddress(text))
        #expect(address.description == text)
        #expect(address.bytes.count * 8 == address.family.width)
    }
}
