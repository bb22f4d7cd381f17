internal import Foundation
internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseTesting
internal import HTTPTypes
import Testing

@testable internal import DialectFixtures

/// The secrets that each contract accepts: within its own bounds if it has some, else any, with a warning for short
/// ones; and, if a secret is optional, that it can be removed.
@Suite struct SecretConformanceTests {
    /// The rule of one contract.
    struct Rule: Sendable, CustomTestStringConvertible {
        let name: String
        /// How many characters it accepts.
        let lengths: ClosedRange<Int>
        /// Whether it warns of short ones: the contract gives no least length.
        var warns = true
        /// Whether the secret is optional.
        var isOptional = false

        var testDescription: String { name }
        var spoken: Spoken? { Spoken.all.first { $0.testDescription == name } }

        // swift-format-ignore
        static let all = [
            Rule(name: "situator",    lengths: 1...4096),
            Rule(name: "placeos",     lengths: 0...4096, isOptional: true),
            Rule(name: "prodatakey",  lengths: 1...255, isOptional: true),
            Rule(name: "oneupvision", lengths: 1...4096),
            Rule(name: "basip",       lengths: 16...128, warns: false, isOptional: true),
        ]
    }

    @Test func everyDialectExceptStandardIsTested() {
        #expect(Set(Rule.all.map(\.name)).union(["standard"]) == Set(Dialects.all.map(\.name.text)))
    }

    private func secret(_ length: Int) -> JSON { .string(String(repeating: "s", count: length)) }

    @Test(arguments: Rule.all)
    func secretBoundsAreTheContracts(_ rule: Rule) throws {
        let spoken = try #require(rule.spoken)
        for length in [rule.lengths.lowerBound, rule.lengths.lowerBound + 1, 15, 16, 17, rule.lengths.upperBound] {
            guard rule.lengths.contains(length) else { continue }
            let terms = try spoken.terms(["secret": secret(length)])
            let warnings = spoken.dialect.warnings(about: terms)
            #expect(warnings.isEmpty == !(rule.warns && length < 16), "\(length)")
            #expect(warnings.allSatisfy { $0.field == "secret" && !$0.sentence.contains("sss") })
        }
        for length in [rule.lengths.lowerBound - 1, rule.lengths.upperBound + 1] where length >= 0 {
            let faults = #expect(throws: ValidationErrors.self) { try spoken.terms(["secret": secret(length)]) }
            #expect(faults?.faults.map(\.field) == ["secret"])
            #expect(faults?.faults.first?.sentence.contains("\(rule.lengths.upperBound)") == true)
        }
    }

    /// Standard Webhooks has bytes and a form of its own.
    @Test(arguments: [(23, false), (24, true), (64, true), (65, false)])
    func standardHasItsOwnBounds(_ bytes: Int, _ isTaken: Bool) throws {
        let spoken = try #require(Spoken.all.first { $0.testDescription == "standard" })
        var terms = try spoken.terms()
        terms.secret = Secret("whsec_" + Data(repeating: 7, count: bytes).base64EncodedString())
        #expect(spoken.dialect.faults(in: terms).isEmpty == isTaken)
        terms.secret = Secret("WEBHOOK SECRET")
        #expect(spoken.dialect.faults(in: terms).map(\.field) == ["secret"])
    }

    // MARK: Through the native API

    private func body(_ rule: Rule, _ more: JSONObject) throws -> JSON {
        let fields: JSONObject = [
            "name": "N", "dialect": .string(rule.name), "url": "https://127.0.0.1:9/in", "organization": "acme",
            "settings": .object(try #require(rule.spoken).settings),
        ]
        return .object(fields.with(more))
    }

    private func patch(
        _ id: String, _ change: JSON, _ gateway: LiveGateway.Client
    ) async throws -> LiveGateway.Client.Answer {
        try await gateway.send(
            .patch, "/v1/subscriptions/\(id)", headers: [.contentType: "application/json"], body: change.bytes)
    }

    /// Whether its deliveries are signed, or carry a token: as a test to its receiver shows.
    private func isSigned(_ rule: Rule, _ id: String, _ gateway: LiveGateway.Client) async throws -> Bool? {
        guard rule.name != "placeos" else { return nil }
        let headers = try await gateway.post("/v1/subscriptions/\(id)/test", [:]).json["attempt"]?["headers"]
        return try #require(headers?.object).members.contains { $0.value == .string(Mask.text) }
    }

    @Test(arguments: Rule.all)
    func shortSecretIsAcceptedWithAWarning(_ rule: Rule) async throws {
        try await VendorClient.withGateway { gateway in
            let made = try await gateway.post("/v1/subscriptions", body(rule, ["secret": "WEBHOOK SECRET"]))
            guard rule.warns else { return #expect(made.status == 422, "\(made.text)") }
            #expect(made.status == 201 && made.json["warnings"]?.items?.count == 1, "\(made.text)")
            let id = try #require(made.json["id"]?.text)
            let path = "/v1/subscriptions/\(id)"
            let renamed = try await patch(id, ["name": "M"], gateway)
            #expect(renamed.status == 200 && renamed.json["warnings"] == nil, "what was not set is not warned of")
            #expect(try await gateway.get(path).json["warnings"] == nil)
            let rotated = try await gateway.post(path + "/rotate-secret", ["secret": "another one"])
            #expect(rotated.status == 200 && rotated.json["warnings"]?.items?.count == 1, "\(rotated.text)")
            let long = try await gateway.post(path + "/rotate-secret", ["secret": "a secret that is long enough"])
            #expect(long.status == 200 && long.json["warnings"] == nil, "\(long.text)")
        }
    }

    @Test(arguments: Rule.all)
    func optionalSecretCanBeRemoved(_ rule: Rule) async throws {
        try await VendorClient.withGateway { gateway in
            let made = try await gateway.post("/v1/subscriptions", body(rule, ["secret": .string(VendorClient.secret)]))
            let id = try #require(made.json["id"]?.text, "\(made.text)")
            #expect(try await isSigned(rule, id, gateway) != false)
            let empty = try await patch(id, ["secret": ""], gateway)
            #expect(empty.status == (rule.lengths.contains(0) ? 200 : 422), "\(empty.text)")
            #expect(try await patch(id, ["name": "M"], gateway).status == 200)
            let gone = try await patch(id, ["secret": .null], gateway)
            #expect(gone.status == (rule.isOptional ? 200 : 422), "\(gone.text)")
            if !rule.isOptional {
                #expect(gone.json["field"] == "secret" && gone.json["detail"]?.text?.contains("not removed") == true)
            }
            #expect(try await isSigned(rule, id, gateway) != rule.isOptional)
        }
    }

    // MARK: Through the vendors' own APIs

    private static let word = ["situator": "token"]

    /// The answer to a vendor's client that sets a secret, by a PUT of the whole body (a POST at PlaceOS).
    private func set(
        _ secret: JSON?, _ vendor: VendorClient, _ path: String, _ gateway: LiveGateway.Client
    ) async throws -> LiveGateway.Client.Answer {
        var body = try #require(vendor.body("https://127.0.0.1:9/in").object)
        body[Self.word[vendor.name] ?? "secret"] = secret
        return vendor.name == "placeos"
            ? try await gateway.call(.post, path, .object(body)) : try await gateway.put(path, .object(body))
    }

    @Test(arguments: VendorClient.all)
    func vendorsCallersHaveTheSameBounds(_ vendor: VendorClient) async throws {
        let rule = try #require(Rule.all.first { $0.name == vendor.name })
        let warning = try #require(HTTPField.Name("gatehouse-warning"))
        try await VendorClient.withGateway { gateway in
            let path = try await vendor.make(gateway, vendor.body("https://127.0.0.1:9/in"))
            let id = try #require(
                try await gateway.get("/v1/subscriptions").json["items"]?.items?.first?["id"]?.text)
            let kept = try await set(nil, vendor, path, gateway)
            #expect((200..<300).contains(kept.status) && kept.headers[warning] == nil, "\(kept.text)")
            if vendor.name != "placeos" { #expect(try await isSigned(rule, id, gateway) == true) }
            let gone = try await set(.null, vendor, path, gateway)
            #expect((200..<300).contains(gone.status) == rule.isOptional, "\(gone.text)")
            #expect(try await isSigned(rule, id, gateway) != rule.isOptional)
            // A single hook cannot set a value of the whole organization.
            guard vendor.name != "oneupvision" else { return }
            let short = try await set("WEBHOOK SECRET", vendor, path, gateway)
            #expect((200..<300).contains(short.status) == rule.warns, "\(short.text)")
            #expect((short.headers[warning] != nil) == rule.warns)
        }
    }

    /// "WEBHOOK SECRET" is the key of the contract's own example (seed 003, "Security").
    @Test func seedsOwnSecretCreatesAnIntegration() async throws {
        try await VendorClient.withGateway { gateway in
            let made = try await gateway.post(
                "/api/v1/service-hooks",
                ["url": "https://127.0.0.1:9/in", "events": ["punch.create"], "secret": "WEBHOOK SECRET"])
            #expect(made.status == 201 && made.json["warning"]?.text?.contains("14 characters") == true)
            #expect(made.field("gatehouse-warning")?.contains("14 characters") == true)
        }
    }
}
