internal import GatehouseCore
internal import GatehouseDialects
import Testing

/// The rotation of a secret by the rules of its dialect, in a whole gateway.
@Suite struct RotationTests {
    private static func subscription(_ id: String, _ dialect: String, _ settings: JSON = [:]) -> JSON {
        [
            "id": .string(id), "name": "Ours", "dialect": .string(dialect), "url": "https://127.0.0.1:9/",
            "organization": "acme", "settings": settings,
        ]
    }

    @Test(.timeLimit(.minutes(1)))
    func standardSignsWithBothForADayAndOthersSwitch() async throws {
        try await LiveGateway.with(Dialects.all) { gateway in
            try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
            let first = try await gateway.make("/v1/subscriptions", Self.subscription("ours", "standard"))["secret"]
            let rotated = try await gateway.post("/v1/subscriptions/ours/rotate-secret", [:])
            #expect(rotated.status == 200, "\(rotated.text)")
            #expect(rotated.json["secret"]?.text?.hasPrefix("whsec_") == true && rotated.json["secret"] != first)
            #expect(rotated.json["outgoingSecretUntil"]?.text != nil)
            for (body, field) in [
                (["effectiveAt": "2999-01-01T00:00:00Z"], "effectiveAt"), (["secret": "whsec_short"], "secret"),
            ] as [(JSON, JSON)] {
                let refused = try await gateway.post("/v1/subscriptions/ours/rotate-secret", body)
                #expect(refused.status == 422 && refused.json["field"] == field, "\(refused.text)")
            }
            let theirs = Self.subscription("theirs", "prodatakey", ["events": ["door.request.allowed"]])
            try await gateway.make("/v1/subscriptions", theirs)
            let path = "/v1/subscriptions/theirs/rotate-secret"
            let none = try await gateway.post(path, [:])
            #expect(none.status == 422 && none.json["field"] == "secret", "\(none.text)")
            let given = try await gateway.post(
                path, ["secret": "a-secret-of-mine", "effectiveAt": "2999-01-01T00:00:00Z"])
            #expect(given.status == 200 && given.json["secret"] == "a-secret-of-mine", "\(given.text)")
            #expect(try await gateway.get("/v1/audit/proof").json["intact"] == true)
        }
    }
}
