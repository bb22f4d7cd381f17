import GatehouseCore
import HTTPTypes
import Testing

/// The refusals of vendors' APIs name what the caller can write, and say what is wrong with it.
@Suite struct RefusalWordsTests {
    private static let wrong: [JSON] = [[:], [], 5, true, "x", ["type": "Basic"], ["type": 5], .null]

    /// Each member of each vendor's body, with wrong values: it is the contract's own field.
    @Test(arguments: VendorClient.all.filter(\.hasView))
    func ownFieldIsNotCalledNative(_ vendor: VendorClient) async throws {
        try await VendorClient.withGateway { gateway in
            let whole = try #require(vendor.body("https://127.0.0.1:9/in").object)
            let path = try await vendor.make(gateway, .object(whole))
            for member in whole.members {
                for value in Self.wrong {
                    var body = whole
                    body[member.key] = value
                    let answer = try await gateway.put(path, .object(body))
                    #expect(!answer.text.contains("a field of /v1"), "\(member.key) \(value.compact): \(answer.text)")
                }
            }
        }
    }

    @Test func situatorsNumbersAreToldAsTheyWereSent() async throws {
        try await VendorClient.withGateway { gateway in
            let vendor = try #require(VendorClient.all.first { $0.name == "situator" })
            let path = try await vendor.make(gateway, vendor.body("https://127.0.0.1:9/in"))
            let fraction = try await gateway.send(
                .put, path + "/events", headers: [.contentType: "application/json"],
                body: Array(#"{"events":[{"eventId":12.0}]}"#.utf8))
            #expect(fraction.status == 400)
            #expect(fraction.text.contains("takes a whole number, not 12.0"), "\(fraction.text)")
            let large = try await gateway.send(.post, path + "/events/99999999999999999999")
            #expect(large.status == 404)
            #expect(large.text.contains("there is no event 99999999999999999999"), "\(large.text)")
            #expect(!large.text.contains("called by a number"), "\(large.text)")
            let word = try await gateway.send(.post, path + "/events/twelve")
            #expect(word.status == 404 && word.text.contains("called by a number"), "\(word.text)")
        }
    }
}
