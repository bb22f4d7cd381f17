import HTTPTypes
import Testing

@testable import GatehouseCore

/// The parts of a request's headers that may be stored.
@Suite struct HeaderMaskingTests {
    // swift-format-ignore
    private static let names: [(name: String, isMasked: Bool)] = [
        ("Authorization", true),      ("authorization", true),   ("Proxy-Authorization", true), ("Cookie", true),
        ("Set-Cookie", true),         ("webhook-signature", true), ("X-PDK-SIGNATURE", true),   ("X-Hub-Signature-256", true),
        ("X-Api-Key", true),          ("X-Access-Token", true),  ("X-Client-Secret", true),     ("X-Password", true),
        ("X-Auth", true),             ("X-AUTH-USER", true),     ("Ocp-Apim-Subscription-Key", true),
        ("Content-Type", false),      ("User-Agent", false),     ("webhook-id", false),         ("webhook-timestamp", false),
        ("gatehouse-event-id", false), ("gatehouse-replay", false), ("X-Site", false),          ("X-Webhook-Attempt", false),
    ]

    @Test(arguments: names)
    func credentialIsShownAsDots(name: String, isMasked: Bool) throws {
        let field = HTTPField(name: try #require(HTTPField.Name(name)), value: "open sesame")
        let masked = try #require(HTTPFields([field]).masked().first)
        #expect(masked.name.rawName == name)
        #expect(masked.value == (isMasked ? "•••" : "open sesame"))
    }

    @Test func orderRepetitionsAndEmptyValuesStay() throws {
        let fields: HTTPFields = [.accept: "a", .cookie: "b", .origin: "", .authorization: "", .acceptLanguage: "c"]
        #expect(fields.masked().map(\.name) == fields.map(\.name))
        #expect(fields.masked().map(\.value) == ["a", "•••", "", "•••", "c"])
        var twice = HTTPFields()
        twice.append(HTTPField(name: .cookie, value: "a=1"))
        twice.append(HTTPField(name: .cookie, value: "b=2"))
        #expect(twice.masked().map(\.value) == ["•••", "•••"])
    }

    @Test func valuesBeyondASCIIStayAsTheyAre() throws {
        let name = try #require(HTTPField.Name("x-site"))
        let value = "Portão 1 \u{1F6AA}"
        let field = HTTPField(name: name, value: value)
        #expect(HTTPFields([field]).masked()[name] == field.value)
    }

    @Test func noPartOfASecretIsStored() throws {
        let secret = "whsec_0123456789"
        var fields = HTTPFields()
        for (name, isMasked) in Self.names where isMasked {
            fields.append(HTTPField(name: try #require(HTTPField.Name(name)), value: "Bearer \(secret)"))
        }
        #expect(!fields.masked().contains { $0.value.contains("0") })
        #expect(fields.masked().count == fields.count)
    }
}
