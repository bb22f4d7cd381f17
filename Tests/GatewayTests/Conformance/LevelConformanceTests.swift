internal import GatehouseCore
internal import GatehouseDialects
internal import HTTPTypes
import Testing

@testable internal import DialectFixtures

/// No key creates, widens or redirects a subscription that shows more of events than the key itself may see, by any
/// API. A subscription without a level gets the key's level or a stricter one.
@Suite(.timeLimit(.minutes(2))) struct LevelConformanceTests {
    private static let levels = [PrivacyLevel.noCredentials, .noPersons]
    private static let elsewhere = "https://elsewhere.example/in"

    /// The path where each vendor's contract creates subscriptions; PlaceOS uses a trigger's own URL.
    private static let roots: [String: [String]] = [
        "prodatakey": ["/api/ous/acme/hooks"], "oneupvision": ["/api/v1/service-hooks"],
        "basip": ["/api/v1/webhooks", "/webhooks"], "situator": ["/api/webhooks"], "placeos": [],
    ]

    /// The contracts that have a field for the level.
    private static let words = ["prodatakey": "secrecyLevel", "oneupvision": "privacyLevel"]

    @Test func everyDialectIsTested() {
        #expect(Set(Self.roots.keys) == Set(Dialects.all.filter { $0.manage != nil }.map(\.name.text)))
        for dialect in Dialects.all where dialect.name.text != "placeos" {
            let creating = (dialect.manage?.routes ?? []).filter {
                $0.method == .post && $0.takesBody && !$0.pattern.contains("{uid}")
                    && !$0.pattern.contains("{webhookId}")
            }
            let patterns = creating.map { $0.pattern.replacing("{organization}", with: "acme") }
            #expect(Set(patterns) == Set(Self.roots[dialect.name.text] ?? []), "\(dialect.name)")
        }
    }

    // MARK: Creating

    @Test(arguments: levels)
    func subscriptionWithoutALevelHasTheStricterOne(_ level: PrivacyLevel) async throws {
        try await VendorClient.withGateway { gateway in
            let key = try await gateway.key("manager", level)
            for vendor in VendorClient.all {
                let usual = try #require(Dialects.all.first { $0.name.text == vendor.name }?.defaults.privacyLevel)
                for (place, path) in try await Self.creating(vendor, gateway, key).enumerated() {
                    var body = try #require(vendor.body("https://\(vendor.name)\(place).example/in").object)
                    body["secrecyLevel"] = nil
                    let made = try await gateway.post(path, .object(body), key: vendor.hasView ? key : nil)
                    #expect((200..<300).contains(made.status), "\(path): \(made.text)")
                    let native = try await gateway.subscription(to: "\(vendor.name)\(place).example")
                    #expect(native["privacyLevel"]?.integer == Int64(max(usual, level).rawValue), "\(path)")
                }
            }
            for dialect in Dialects.all {
                let made = try await gateway.post("/v1/subscriptions", Self.native(dialect, nil), key: key)
                #expect(made.status == 201, "\(made.text)")
                let wanted = max(dialect.defaults.privacyLevel, level)
                #expect(made.json["privacyLevel"]?.integer == Int64(wanted.rawValue), "\(dialect.name)")
            }
        }
    }

    @Test(arguments: levels)
    func subscriptionThatShowsMoreIsNotCreated(_ level: PrivacyLevel) async throws {
        try await VendorClient.withGateway { gateway in
            let key = try await gateway.key("manager", level)
            for asked in PrivacyLevel.allCases where asked < level {
                for dialect in Dialects.all {
                    let answer = try await gateway.post("/v1/subscriptions", Self.native(dialect, asked), key: key)
                    expectRefusal(answer)
                }
                for vendor in VendorClient.all {
                    guard let word = Self.words[vendor.name], let path = Self.roots[vendor.name]?.first else {
                        continue
                    }
                    var body = try #require(vendor.body("https://receiver.example/in").object)
                    body[word] = .integer(asked.rawValue)
                    let answer = try await gateway.post(path, .object(body), key: key)
                    #expect(answer.status == 403 && answer.text.contains(word), "\(path): \(answer.text)")
                }
                let trigger: JSON = [
                    "name": "T", "organization": "acme", "privacyLevel": .integer(asked.rawValue),
                ]
                expectRefusal(try await gateway.post("/v1/triggers", trigger, key: key))
                let admin = try await gateway.key("admin", level)
                let draft: JSON = [
                    "name": "K", "role": "source", "organization": "acme", "privacyLevel": .integer(asked.rawValue),
                ]
                expectRefusal(try await gateway.post("/v1/keys", draft, key: admin))
            }
            #expect(try await gateway.get("/v1/subscriptions").json["items"]?.items?.isEmpty == true)
            #expect(try await gateway.get("/v1/triggers").json["items"]?.items?.isEmpty == true)
        }
    }

    // MARK: Present subscriptions

    @Test func subscriptionThatShowsMoreIsNotChangedAndKeepsItsSecrets() async throws {
        try await VendorClient.withGateway { gateway in
            let key = try await gateway.key("manager", .noCredentials)
            for dialect in Dialects.all {
                let made = try await gateway.make("/v1/subscriptions", Self.native(dialect, .everything))
                let path = "/v1/subscriptions/\(made["id"]?.text ?? "")"
                let before = try await gateway.get("\(path)?reveal=true").json
                for change in Self.decisive {
                    let answer = try await gateway.patch(path, change, key: key)
                    // Not every contract has every field, at any level.
                    if answer.status == 422, change["url"] == nil { continue }
                    expectRefusal(answer)
                }
                expectRefusal(try await gateway.get("\(path)?reveal=true", key: key))
                if dialect.defaults.makesSecret {
                    expectRefusal(try await gateway.post("\(path)/rotate-secret", [:], key: key))
                }
                #expect(try await gateway.get("\(path)?reveal=true").json == before, "\(dialect.name)")
                for change in [["name": "Other"], ["extraHeaders": false]] as [JSON] {
                    let answer = try await gateway.patch(path, change, key: key)
                    #expect(answer.status == 200, "\(dialect.name) \(change.compact): \(answer.text)")
                }
                try await expectTheSame(at: path, key, gateway)
                // It is as strict as the key, so the key may change it.
                for change in [["privacyLevel": 1], ["url": .string(Self.elsewhere)]] as [JSON] {
                    #expect(try await gateway.patch(path, change, key: key).status == 200, "\(dialect.name)")
                }
                expectRefusal(try await gateway.patch(path, ["privacyLevel": 0], key: key))
            }
        }
    }

    /// Both keys may equally ask for the deliveries to an existing receiver.
    private func expectTheSame(at path: String, _ key: String, _ gateway: LiveGateway.Client) async throws {
        for action in ["pause", "resume", "test", "replay"] {
            let body: JSON = action == "replay" ? ["since": "2026-01-01T00:00:00Z", "dryRun": true] : [:]
            let (own, theirs) = (
                try await gateway.post("\(path)/\(action)", body, key: key),
                try await gateway.post("\(path)/\(action)", body)
            )
            #expect(own.status != 403 && own.status == theirs.status, "\(action): \(own.text)")
        }
    }

    private static let decisive: [JSON] = [
        ["url": .string(elsewhere)], ["headers": ["X-Mine": "1"]], ["tls": ["verification": false]],
        ["authentication": ["type": "basic", "user": "u", "password": "p"]], ["standardSignature": true],
        ["doors": ["lobby"]], ["name": "N", "url": .string(elsewhere)], ["url": .string(elsewhere), "privacyLevel": 0],
    ]

    @Test(arguments: VendorClient.all.filter(\.hasView))
    func vendorsAPIsEnforceTheLevel(_ vendor: VendorClient) async throws {
        try await VendorClient.withGateway { gateway in
            var body = try #require(vendor.body("https://receiver.example/kept-path").object)
            if let word = Self.words[vendor.name] { body[word] = 0 }
            let path = try await vendor.make(gateway, .object(body))
            let before = try await gateway.get("/v1/subscriptions").json
            let key = try await gateway.key("manager", .noCredentials)
            let root = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
            for place in [path, root] {
                let shown = try await gateway.get(place, key: key)
                #expect(shown.status == 200 && shown.text.contains("receiver.example"), "\(shown.text)")
                #expect(!shown.text.contains("kept-path") && !shown.text.contains(VendorClient.secret))
            }
            var turned = body
            turned["url"] = .string(Self.elsewhere)
            let answer = try await gateway.put(path, .object(turned), key: key)
            #expect(answer.status == 403 && answer.text.contains("level"), "\(answer.text)")
            #expect(try await gateway.get("/v1/subscriptions").json == before)
            let kept = try await gateway.put(path, .object(body), key: key)
            #expect((200..<300).contains(kept.status), "what changes nothing is no fault: \(kept.text)")
            #expect(try await gateway.put(path, .object(turned)).status < 300, "a key of the level 0 may")
        }
    }

    @Test func doorIsNotRegisteredForASubscriptionThatShowsMore() async throws {
        let vendor = try #require(VendorClient.all.first { $0.name == "situator" })
        try await VendorClient.withGateway { gateway in
            let path = try await vendor.make(gateway, vendor.body("https://receiver.example/in"))
            let key = try await gateway.key("manager", .noCredentials)
            let answer = try await gateway.send(.post, path + "/events/12", key: key)
            #expect(answer.status == 403 && answer.text.contains("privacyLevel"), "\(answer.text)")
            #expect(try await gateway.send(.post, path + "/events/12").status == 200)
        }
    }

    @Test func sharedSecretIsNotRotatedByAStricterKey() async throws {
        let dialect = try #require(Dialects.all.first { $0.name.text == "oneupvision" })
        try await VendorClient.withGateway { gateway in
            try await gateway.make("/v1/subscriptions", Self.native(dialect, .everything))
            let key = try await gateway.key("manager", .noCredentials)
            let own = try await gateway.make("/v1/subscriptions", Self.native(dialect, nil), key: key)
            let path = "/v1/subscriptions/\(own["id"]?.text ?? "")/rotate-secret"
            expectRefusal(try await gateway.post(path, [:], key: key))
            #expect(try await gateway.post(path, [:]).status == 200)
        }
    }

    // MARK: Keys and triggers

    @Test func keyThatShowsMoreGetsNoMoreRightsOrTime() async throws {
        try await VendorClient.withGateway { gateway in
            let admin = try await gateway.key("admin", .noCredentials)
            let wide = try await gateway.make(
                "/v1/keys",
                [
                    "name": "W", "role": "source", "organization": "acme", "privacyLevel": 0,
                    "expiresAt": "2090-01-01T00:00:00Z",
                ])
            let path = "/v1/keys/\(wide["id"]?.text ?? "")"
            for change in [["role": "reporter"], ["expiresAt": nil], ["expiresAt": "2091-01-01T00:00:00Z"]] as [JSON] {
                expectRefusal(try await gateway.patch(path, change, key: admin))
            }
            for change in [["name": "Other"], ["rate": 60], ["expiresAt": "2080-01-01T00:00:00Z"]] as [JSON] {
                #expect(try await gateway.patch(path, change, key: admin).status == 200, "\(change.compact)")
            }
            #expect(try await gateway.patch(path, ["privacyLevel": 2], key: admin).status == 200)
            expectRefusal(try await gateway.patch(path, ["privacyLevel": 0], key: admin))
            #expect(try await gateway.patch(path, ["role": "reporter"], key: admin).status == 200)
            let strict = try await gateway.key("admin", .noPersons)
            let made = try await gateway.make(
                "/v1/keys", ["name": "K", "role": "reporter", "organization": "acme"], key: strict)
            #expect(made["privacyLevel"] == 2)
        }
    }

    @Test func triggerThatShowsMoreCannotBeExtended() async throws {
        try await VendorClient.withGateway { gateway in
            let key = try await gateway.key("manager", .noPersons)
            let wide = try await gateway.make(
                "/v1/triggers", ["name": "T", "organization": "acme", "mayRegister": false, "active": false])
            #expect(wide["privacyLevel"] == 0)
            let path = "/v1/triggers/\(wide["id"]?.text ?? "")"
            for change in [["mayRegister": true], ["active": true], ["doors": ["lobby"]], ["privacyLevel": 1]] as [JSON]
            {
                expectRefusal(try await gateway.patch(path, change, key: key))
            }
            for change in [["name": "Other"], ["rate": 60], ["mayUnlock": true], ["privacyLevel": nil]] as [JSON] {
                #expect(try await gateway.patch(path, change, key: key).status == 200, "\(change.compact)")
            }
            #expect(try await gateway.get(path).json["privacyLevel"] == 0, "null leaves the level")
            #expect(try await gateway.patch(path, ["privacyLevel": 2], key: key).status == 200)
            #expect(try await gateway.patch(path, ["active": true, "mayRegister": true], key: key).status == 200)
        }
    }

    @Test func olderSubscriptionOfATriggerIsFoundByItsURL() async throws {
        let vendor = try #require(VendorClient.all.first { $0.name == "placeos" })
        try await VendorClient.withGateway { gateway in
            let body = vendor.body("https://receiver.example/in")
            let url = try await vendor.make(gateway, body)
            let trigger = try #require(try await gateway.get("/v1/triggers").json["items"]?.items?.first?["id"]?.text)
            #expect(try await gateway.patch("/v1/triggers/\(trigger)", ["privacyLevel": 1]).status == 200)
            #expect(try await gateway.send(.post, url, key: nil, headers: Self.json, body: body.bytes).status == 201)
            #expect(try await gateway.get("/v1/subscriptions").json["items"]?.items?.count == 1)
            let gone = try await gateway.send(.delete, url, key: nil, headers: Self.json, body: body.bytes)
            #expect(gone.status == 202)
            #expect(try await gateway.get("/v1/subscriptions").json["items"]?.items?.isEmpty == true)
        }
    }

    // MARK: Parts

    private static let json: HTTPFields = [.contentType: "application/json"]

    private func expectRefusal(_ answer: LiveGateway.Client.Answer) {
        #expect(answer.status == 403 && answer.json["field"] == "privacyLevel", "\(answer.text)")
        #expect(answer.json["type"] == "/problems/forbidden")
        #expect(answer.json["detail"]?.text?.contains("use a key of the level") == true, "\(answer.text)")
    }

    /// The paths at which a key creates a vendor's subscriptions.
    private static func creating(
        _ vendor: VendorClient, _ gateway: LiveGateway.Client, _ key: String
    ) async throws -> [String] {
        if vendor.hasView { return roots[vendor.name] ?? [] }
        let trigger = try await gateway.make("/v1/triggers", ["name": "T", "organization": "acme"], key: key)
        return [String(try #require(trigger["url"]?.text).dropFirst(gateway.base.count))]
    }

    private static func native(_ dialect: any Dialect, _ level: PrivacyLevel?) -> JSON {
        let spoken = Spoken(dialect: dialect)
        var body = JSONObject([
            .init("name", "N"), .init("organization", "acme"), .init("dialect", .string(dialect.name.text)),
            .init("url", .string("https://receiver.example/\(level?.rawValue ?? 3)")),
            .init("settings", .object(spoken.settings)),
        ])
        body["privacyLevel"] = level.map { JSON.integer($0.rawValue) }
        return .object(body)
    }
}

extension LiveGateway.Client {
    fileprivate func key(_ role: JSON, _ level: PrivacyLevel) async throws -> String {
        let made = try await make(
            "/v1/keys", ["name": "K", "role": role, "organization": "acme", "privacyLevel": .integer(level.rawValue)])
        return try #require(made["key"]?.text)
    }

    fileprivate func patch(_ path: String, _ body: JSON, key: String? = LiveGateway.admin) async throws -> Answer {
        try await send(.patch, path, key: key, headers: [.contentType: "application/json"], body: body.bytes)
    }

    fileprivate func subscription(to host: String) async throws -> JSON {
        let all = try await get("/v1/subscriptions?limit=200").json["items"]?.items ?? []
        return try #require(all.first { $0["url"]?.text?.contains(host) == true })
    }
}
