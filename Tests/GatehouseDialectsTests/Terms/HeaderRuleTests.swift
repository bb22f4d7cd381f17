internal import GatehouseCore
internal import GatehouseTesting
import Testing

@testable internal import DialectFixtures

/// Which headers an owner may ask for.
@Suite struct HeaderRuleTests {
    private func faults(_ headers: JSON) -> [ValidationError] {
        do throws(ValidationErrors) {
            _ = try Terms.make(from: Asked.standard(["headers": headers]), in: Asked.context)
            return []
        } catch {
            return error.faults
        }
    }

    private func faults(_ name: String, _ value: String) -> [ValidationError] {
        faults(.object(JSONObject([.init(name, .string(value))])))
    }

    /// The list of BAS-IP's contract, copied from seed 004 and not from the code.
    private static let ofTheSystem = [
        "host", "connection", "keep-alive", "transfer-encoding", "upgrade", "via", "te", "trailer", "content-length",
        "content-type", "authorization", "origin", "permissions-policy", "user-agent", "accept", "accept-encoding",
        "accept-language", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "forwarded", "date",
        "expires", "last-modified", "cache-control", "etag", "if-match", "if-none-match", "access-control-allow-origin",
        "access-control-allow-methods", "access-control-allow-headers", "access-control-expose-headers",
    ]

    private static let ours = [
        "cookie", "proxy-authorization", "webhook-id", "webhook-signature", "webhook-anything", "gatehouse-event-id",
        "gatehouse-",
    ]

    @Test(arguments: ofTheSystem + ours)
    func systemHeaderIsRefusedInEveryCase(name: String) {
        for spelling in [name, name.uppercased(), name.prefix(1).uppercased() + name.dropFirst()] {
            #expect(faults(spelling, "x").map(\.field) == ["headers.\(spelling)"])
        }
    }

    @Test func listIsThatOfTheSeed() { #expect(Set(Self.ofTheSystem).count == 33) }

    @Test(arguments: [
        "", " ", "X Site", "X:Site", ":path", "X-Sité", "X-Site\r\n", "X\tSite", "(x)", "x@y", "x/y", "x\u{0}",
    ])
    func headerNameThatIsNotATokenIsRefused(name: String) {
        #expect(faults(name, "x").map(\.field) == ["headers.\(name)"])
    }

    @Test(arguments: ["a\r\nX-Evil: 1", "a\nb", "\u{0}", "\u{7F}", "é", "\u{1F6AA}", "a\u{1B}b"])
    func valueBeyondPrintableASCIIIsRefused(value: String) {
        let faults = faults("X-Site", value)
        #expect(faults.map(\.field) == ["headers.X-Site"])
        #expect(faults.allSatisfy { !$0.sentence.contains(value) })
    }

    @Test(arguments: [JSON.bool(true), 5, [], [:]])
    func headerValueIsText(value: JSON) {
        #expect(faults(["X-Site": value]).map(\.code) == [.wrongType])
    }

    /// In a creation a null field counts as missing; not even its name is checked.
    @Test func nullHeaderIsIgnored() {
        #expect(faults(["X-Site": .null, "X:Site": .null]).isEmpty)
        #expect(faults(["X-Site": .null, "X:Site": "x"]).map(\.field) == ["headers.X:Site"])
    }

    @Test(arguments: ["X-Site", "x", "!#$%&'*+-.^_`|~09azAZ"])
    func tokenIsAccepted(name: String) {
        for value in ["", "a b", "a\tb", " !~"] { #expect(faults(name, value).isEmpty) }
    }

    @Test func headersAreBounded() {
        let many = { (count: Int, size: Int) -> JSON in
            let value = JSON.string(String(repeating: "v", count: size))
            return .object(JSONObject((0..<count).map { JSONObject.Member("X-\(10 + $0)", value) }))
        }
        #expect(faults(many(20, 1)).isEmpty)
        #expect(faults(many(21, 1)).map(\.field) == ["headers"])
        #expect(faults(many(1, 8 * 1024 - 4)).isEmpty)
        #expect(faults(many(1, 8 * 1024 - 3)).map(\.field) == ["headers"])
        #expect(faults([]).map(\.code) == [.wrongType])
    }

    @Test func headerOccursOnceInAnyCase() {
        #expect(faults(["X-Site": "a", "x-site": "b"]).map(\.field) == ["headers"])
    }
}
