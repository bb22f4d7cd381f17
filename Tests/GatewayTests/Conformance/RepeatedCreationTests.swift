internal import GatehouseCore
internal import GatehouseDialects
internal import HTTPTypes
import Testing

/// A creation that finds the same thing already: it applies all its fields, creates another one, or does not answer
/// success. This holds for every interface that creates something under a name of the caller's choice or to a URL.
@Suite struct RepeatedCreationTests {
    /// The created resource, and the change by a second body.
    private static let named: [(path: String, first: JSON, second: JSON)] = [
        ("/v1/organizations", ["id": "south", "name": "South", "parent": "acme"], ["name": "Deep south"]),
        ("/v1/panels", ["id": "s1", "organization": "acme", "name": "Panel"], ["name": "Other", "number": 9]),
        ("/v1/doors", ["id": "back", "panel": "tower", "number": 2, "name": "Back"], ["number": 3, "name": "Other"]),
        (
            "/v1/subscriptions",
            [
                "id": "mine", "organization": "acme", "dialect": "standard", "name": "Mine",
                "url": "https://receiver.example/in",
            ], ["name": "Other", "url": "https://receiver.example/other"]
        ),
    ]

    @Test func usedIDIsRefusedAndNothingChanges() async throws {
        try await VendorClient.withGateway { gateway in
            for (path, first, more) in Self.named {
                try await gateway.make(path, first)
                let one = "\(path)/\(first["id"]?.text ?? "")?organization=acme"
                let before = try await gateway.get(path == "/v1/subscriptions" ? path + "/mine" : one).text
                for body in [first, ProdataKeyManageTests.with(first, more)] {
                    let answer = try await gateway.post(path, body)
                    #expect(answer.status == 409, "\(path): \(answer.text)")
                }
                #expect(try await gateway.get(path == "/v1/subscriptions" ? path + "/mine" : one).text == before)
            }
        }
    }

    /// The effect of the same body twice in each vendor's contract.
    private static let vendors: [String: (status: Int, count: Int)] = [
        "prodatakey": (201, 2), "oneupvision": (201, 2), "situator": (200, 2), "basip": (400, 1), "placeos": (201, 1),
    ]

    @Test(arguments: VendorClient.all)
    func repeatedBodyCreatesAnotherOrIsRefusedOrChangesTheFirst(_ vendor: VendorClient) async throws {
        let wanted = try #require(Self.vendors[vendor.name])
        try await VendorClient.withGateway { gateway in
            let body = vendor.body("https://receiver.example/in")
            let path = try await vendor.make(gateway, body)
            let root = vendor.hasView ? String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]) : path
            let again = try await gateway.send(
                .post, root, key: vendor.hasView ? LiveGateway.admin : nil,
                headers: [.contentType: "application/json"], body: body.bytes)
            #expect(again.status == wanted.status, "\(again.text)")
            let made = try await gateway.get("/v1/subscriptions").json["items"]?.items ?? []
            #expect(made.count == wanted.count)
            #expect(Set(made.compactMap { $0["id"]?.text }).count == wanted.count)
            if vendor.name == "basip" { #expect(again.json["error"] == "Webhook with the same URL already exists") }
        }
    }

    @Test func repeatedRegistrationIsAccepted() async throws {
        let vendor = try #require(VendorClient.all.first { $0.name == "situator" })
        try await VendorClient.withGateway { gateway in
            let path = try await vendor.make(gateway, vendor.body("https://receiver.example/in"))
            for one in ["/servers/1001/doors/1", "/events/12", "/events/12"] {
                #expect(try await gateway.send(.post, path + one).status == 200)
            }
            #expect(try await gateway.get(path + "/doors").json["doors"]?.items?.count == 1)
            #expect(try await gateway.get(path + "/events").json["events"]?.items?.count == 1)
        }
    }
}
