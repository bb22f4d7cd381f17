import ArgumentParser
import GatehouseCore
import Testing

@testable import gatehouse

/// Flags are written by hand; each noun's are held to its table of fields.
@Suite struct FlagTests {
    /// What a command line that names every flag sends, and what the API takes.
    private func expect<Subject>(
        _ table: FieldTable<Subject>, _ use: FieldUses, in body: JSONObject, but missing: Set<String> = []
    ) {
        let sent = Set(body.members.map(\.key))
        #expect(
            sent.union(missing) == Set(table.names(use)) && sent.isDisjoint(with: missing),
            "\(table.noun): \(sent.symmetricDifference(table.names(use)).sorted())")
    }

    private static let terms = [
        "--scope", "this", "--kinds", "door.*", "--doors", "lobby", "--privacy-level", "1", "--secret", "s", "--header",
        "X-A: b", "--bearer", "t", "--no-tls-verification", "--expires-at", "2030-12-31T22:00:00Z", "--settings", "{}",
        "--promise", "durable", "--timeout", "5s", "--retries", "1,2", "--concurrency", "4", "--standard-signature",
        "--no-extra-headers", "--active",
    ]

    /// Order and rate are not built; what cannot change has no flag in a change.
    @Test func everyFieldOfSubscriptionHasItsFlag() throws {
        let create = try Subscriptions.Create.parse(
            ["Ops", "--target", "https://a.example/in", "--organization", "acme", "--dialect", "standard"] + Self.terms)
        expect(Terms.fields, .creation, in: create.body, but: ["order", "rate"])
        let update = try Subscriptions.Update.parse(
            ["s1", "--name", "Ops", "--target", "https://a.example/in"] + Self.terms)
        expect(Terms.fields, .change, in: update.body, but: ["order", "rate", "organization", "dialect"])
    }

    /// What a list bounds can be made unbounded again.
    @Test func listIsTakenAwayByItsOwnFlag() throws {
        let cleared: [(JSONObject, [String])] = [
            (try Subscriptions.Update.parse(["s1", "--all-kinds", "--all-doors"]).body, ["kinds", "doors"]),
            (try Keys.Update.parse(["k1", "--panel", "none", "--source", "none"]).body, ["panels", "sources"]),
            (try Triggers.Update.parse(["t1", "--all-doors"]).body, ["doors"]),
        ]
        for (body, names) in cleared {
            #expect(body.members.map(\.key) == names)
            #expect(body.members.allSatisfy { $0.value == .null })
        }
        for both in [["--kinds", "*", "--all-kinds"], ["--doors", "d", "--all-doors"]] {
            #expect(throws: (any Error).self) { try Subscriptions.Update.parse(["s1"] + both) }
        }
    }

    @Test func everyFieldOfOrganizationHasItsFlag() throws {
        let zone = ["--time-zone", "UTC"]
        let create = try Organizations.Create.parse(["Acme", "--id", "acme", "--parent", "top"] + zone)
        expect(Organization.fields, .creation, in: create.body)
        let update = try Organizations.Update.parse(["acme", "--name", "Acme"] + zone)
        expect(Organization.fields, .change, in: update.body, but: ["id", "parent"])
    }

    @Test func everyFieldOfPanelHasItsFlag() throws {
        let both = ["--number", "7", "--time-zone", "UTC"]
        let create = try Panels.Create.parse(["Main", "--organization", "acme", "--id", "p1"] + both)
        expect(Panel.fields, .creation, in: create.body)
        let update = try Panels.Update.parse(["p1", "--name", "Main"] + both)
        expect(Panel.fields, .change, in: update.body, but: ["id", "organization"])
    }

    @Test func everyFieldOfDoorHasItsFlag() throws {
        let both = ["--number", "1", "--attendance", "--driver", "simulated"]
        let create = try Doors.Create.parse(
            ["Lobby", "--panel", "p1", "--organization", "acme", "--id", "lobby"] + both)
        expect(Door.fields, .creation, in: create.body)
        let update = try Doors.Update.parse(["lobby", "--name", "Lobby"] + both)
        expect(Door.fields, .change, in: update.body, but: ["id", "organization", "panel"])
    }

    @Test func everyFieldOfKeyHasItsFlag() throws {
        let both = [
            "--role", "source", "--login", "ana", "--privacy-level", "1", "--expires-at", "never", "--rate", "5",
            "--panel", "p1", "--source", "/a",
        ]
        let owner = ["--owner-first-name", "Ana", "--owner-last-name", "B", "--owner-email", "ana@example.com"]
        let create = try Keys.Create.parse(["K", "--organization", "acme"] + owner + both)
        expect(Key.fields, .creation, in: create.body)
        let update = try Keys.Update.parse(["key_1", "--name", "K"] + both)
        expect(Key.fields, .change, in: update.body, but: ["id", "organization", "owner"])
    }

    @Test func everyFieldOfTriggerHasItsFlag() throws {
        let both = [
            "--door", "lobby", "--register", "--unlock", "--doors-envelope", "--privacy-level", "1", "--rate", "5",
            "--active",
        ]
        let create = try Triggers.Create.parse(["T", "--organization", "acme"] + both)
        expect(Trigger.fields, .creation, in: create.body)
        let update = try Triggers.Update.parse(["trig-1", "--name", "T"] + both)
        expect(Trigger.fields, .change, in: update.body, but: ["id", "organization"])
    }
}
