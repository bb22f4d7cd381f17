import GatehouseCore
import Testing

/// The stored form of an entry, and the chain over stored entries.
@Suite struct AuditChainTests {
    private static let entry: AuditEntry = {
        let actor = AuditEntry.Actor(
            key: "key_1", user: JSONObject([.init("id", "u1")]),
            client: JSONObject([.init("ipAddress", "::1")]))
        var entry = AuditEntry(
            .unlockEnded, .door, "lobby", of: OrganizationID("acme"),
            by: actor, at: Instant(microseconds: 1_773_216_930_250_001))
        entry.details["outcome"] = "opened"
        return entry
    }()

    @Test func anEntryIsReadBackAsItWasWritten() {
        #expect(AuditEntry(stored: Self.entry.stored) == Self.entry)
        let own = AuditEntry(
            .add, .key, "key_1", of: nil, by: AuditEntry.Actor(key: nil), at: Instant(seconds: 1))
        #expect(AuditEntry(stored: own.stored) == own)
        #expect(AuditEntry(stored: Array(Self.entry.stored.dropLast())) == nil)
        #expect(AuditEntry(stored: Array("{}".utf8)) == nil)
    }

    @Test func anEntryHasItsMembersInOrder() {
        #expect(
            JSON.object(Self.entry.naming(["name"]).json).compact
                == #"{"time":"2026-03-11T08:15:30.250001Z","organization":"acme","key":"key_1","user":{"id":"u1"},"#
                + #""clientInfo":{"ipAddress":"::1"},"deed":"unlock-ended","subject":"door","id":"lobby","#
                + #""details":{"outcome":"opened","changed":["name"]}}"#)
    }

    /// Computed by hand with another library: 32 zeros, number and length in 8 bytes each, the bytes.
    @Test func linkIsTheHashOverThePreviousLinkAndItsEntries() {
        var chain = AuditChain()
        chain.take(number: 1, Array("ab".utf8))
        chain.take(number: 2, Array("c".utf8))
        let first = Hex.text(chain.close())
        #expect(first == "7522696ca5d96165b2b9b6fc7e262a9c0fbcecc00181f4b2caf6ea67549a669b")
        chain.take(number: 258, Array("d".utf8))
        #expect(Hex.text(chain.close()) == "911a332b8ed379d37846da4e5578cc14c64fb9e8f0807a5d8a370c20abc4f8d4")
    }

    @Test func lengthOfAnEntryIsPartOfTheLink() {
        let divisions: [[(Int64, String)]] = [
            [(1, "ab"), (2, "c")], [(1, "a"), (2, "bc")], [(1, "ab"), (3, "c")], [(1, "abc")],
        ]
        let links = divisions.map { entries in
            var chain = AuditChain()
            for (number, body) in entries { chain.take(number: number, Array(body.utf8)) }
            return chain.close()
        }
        #expect(Set(links).count == links.count)
    }
}
