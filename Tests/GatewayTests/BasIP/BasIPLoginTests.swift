internal import GatehouseCore
internal import HTTPTypes
import Testing

/// The contract's login: which callers it accepts, for what, in which organization.
@Suite struct BasIPLoginTests {
    @Test func loginGivesATokenAndLogoutEndsIt() async throws {
        try await BasIPGateway.run { gateway in
            let (user, key) = try await BasIPGateway.key("manager", gateway)
            for password in [BasIPGateway.md5(key), BasIPGateway.md5(key).uppercased()] {
                let answer = try await BasIPGateway.login(user, password, gateway)
                #expect(answer.status == 200)
                #expect(answer.json.object?.members.map(\.key) == ["token", "account_type"])
                #expect(answer.json["account_type"] == "admin")
                let token = try #require(answer.json["token"]?.text)
                #expect(token.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12], "a UUID")
                #expect(try await gateway.get(BasIPGateway.webhooks, key: token).status == 200)
                let out = try await gateway.get("/api/v1/logout", key: token)
                #expect(out.status == 200 && out.text == "{}")
                BasIPGateway.expect(try await gateway.get(BasIPGateway.webhooks, key: token), 401, "Log In")
            }
        }
    }

    /// Clients that know only the one account of a panel: the password identifies the key.
    @Test func sharedAccountSelectsAKeyByItsPassword() async throws {
        try await BasIPGateway.run { gateway in
            try await gateway.make("/v1/organizations", ["id": "other", "name": "Other"])
            let keys = [
                try await BasIPGateway.key("manager", gateway), try await BasIPGateway.key("reporter", gateway),
                try await BasIPGateway.key("admin", gateway),
            ]
            for (place, key) in keys.enumerated() {
                for password in [key.key, String(key.key.suffix(64))].map(BasIPGateway.md5) {
                    let answer = try await BasIPGateway.login("admin", password, gateway)
                    #expect(answer.json["account_type"] == (place == 1 ? "user" : "admin"), "\(answer.text)")
                    let token = try #require(answer.json["token"]?.text)
                    let listed = try await gateway.get(BasIPGateway.webhooks, key: token)
                    #expect(listed.status == (place == 1 ? 403 : 200))
                }
            }
            let right = BasIPGateway.md5(keys[0].key)
            for (name, password) in [
                ("admin", BasIPGateway.md5("another")), ("admin", keys[0].key), ("admin", ""), ("Admin", right),
                ("admin", BasIPGateway.md5(LiveGateway.admin)), ("root", right),
            ] {
                let answer = try await BasIPGateway.login(name, password, gateway)
                BasIPGateway.expect(answer, 400, "Wrong username or password")
            }
            #expect(try await gateway.send(.delete, "/v1/keys/\(keys[0].id)").status == 204)
            let gone = try await BasIPGateway.login("admin", right, gateway)
            BasIPGateway.expect(gone, 400, "Wrong username or password")
            #expect(try await BasIPGateway.login("admin", BasIPGateway.md5(keys[2].key), gateway).status == 200)
        }
    }

    /// The account belongs to no key, even if a key has its name: another customer does not see the failures.
    @Test func failureOfTheSharedAccountCountsForNoKey() async throws {
        try await BasIPGateway.run { gateway in
            try await gateway.make("/v1/organizations", ["id": "other", "name": "Other"])
            try await gateway.make(
                "/v1/keys", ["name": "K", "role": "admin", "organization": "other", "login": "admin"])
            let answer = try await BasIPGateway.login("admin", BasIPGateway.md5("wrong"), gateway)
            BasIPGateway.expect(answer, 400, "Wrong username or password")
            let lines = try await gateway.get("/v1/audit").json["items"]?.items ?? []
            let failed = try #require(lines.first { $0["deed"] == "prove-failed" })
            #expect(failed["organization"] == JSON.null && failed["details"]?["asked"] == nil, "\(failed.compact)")
        }
    }

    @Test func wrongPasswordIsABadRequest() async throws {
        try await BasIPGateway.run { gateway in
            let (user, key) = try await BasIPGateway.key("manager", gateway)
            let right = BasIPGateway.md5(key)
            for (name, password) in [
                (user, BasIPGateway.md5("another")), ("nobody", right), (user, key), (user, String(right.dropLast())),
                (user, right + "00"), (user, ""), ("", right), (user, String(repeating: "g", count: 32)),
            ] {
                let answer = try await BasIPGateway.login(name, password, gateway)
                BasIPGateway.expect(answer, 400, "Wrong username or password")
            }
            for path in ["/api/v1/login", "/api/v1/login?username=\(user)", "/api/v1/login?password=\(right)"] {
                BasIPGateway.expect(try await gateway.get(path, key: nil), 400, "Wrong username or password")
            }
        }
    }

    private static let routes: [(HTTPRequest.Method, String)] = [
        (.get, ""), (.post, ""), (.get, "/1"), (.put, "/1"), (.delete, "/1"), (.post, "/1/test"), (.get, "/events"),
        (.get, "/events/1"), (.get, "/events/stats"),
    ]

    @Test func callerWithoutATokenOrRightsGetsNothing() async throws {
        try await BasIPGateway.run { gateway in
            let uid = try await BasIPGateway.make(gateway)
            let reporter = try await BasIPGateway.key("reporter", gateway)
            let login = try await BasIPGateway.login(reporter.id, BasIPGateway.md5(reporter.key), gateway)
            #expect(login.json["account_type"] == "user")
            let session = try #require(login.json["token"]?.text)
            for (method, path) in Self.routes.flatMap({ route in
                ["/api/v1/webhooks", "/webhooks"].map { (route.0, $0 + route.1) }
            }) {
                for token in [nil, "gk_0_0", "c0ffee00-0000-4000-8000-000000000000", "x"] {
                    BasIPGateway.expect(try await gateway.send(method, path, key: token), 401, "Log In")
                }
                for token in [reporter.key, session] {
                    let answer = try await gateway.send(method, path, key: token)
                    BasIPGateway.expect(answer, 403, "Administrator rights required")
                }
            }
            #expect(try await gateway.get("\(BasIPGateway.webhooks)/\(uid)").status == 200)
        }
    }

    @Test func keyWorksAsATokenInItsOwnOrganization() async throws {
        try await BasIPGateway.run { gateway in
            let manager = try await BasIPGateway.key("manager", gateway).key
            try await gateway.make("/v1/organizations", ["id": "other", "name": "Other"])
            try await BasIPGateway.make(
                gateway, headers: [try #require(HTTPField.Name("gatehouse-organization")): "other"])
            #expect(try await gateway.get(BasIPGateway.webhooks, key: manager).json["list_items"] == [])
            BasIPGateway.expect(
                try await gateway.get("\(BasIPGateway.webhooks)/1", key: manager), 400, "Wrong webhook uid")
            let asked = try await gateway.get(BasIPGateway.webhooks)
            #expect(asked.status == 400)
            #expect(asked.json["error"]?.text?.contains("gatehouse-organization") == true, "\(asked.text)")
        }
    }

    @Test func serverInfoNeedsNoToken() async throws {
        try await BasIPGateway.run { gateway in
            let answer = try await gateway.get("/api/info", key: nil)
            #expect(answer.status == 200)
            #expect(answer.json["api_version"] == "2.15.0")
            BasIPGateway.expect(try await gateway.get("/api/v1/logout", key: nil), 401, "Log In")
        }
    }
}

extension BasIPGateway {
    /// Creates a webhook by a request with these headers.
    static func make(_ gateway: LiveGateway.Client, headers: HTTPFields) async throws {
        var headers = headers
        headers[.contentType] = "application/json"
        let answer = try await gateway.send(.post, webhooks, headers: headers, body: least.bytes)
        try #require(answer.status == 200, "\(answer.text)")
    }
}
