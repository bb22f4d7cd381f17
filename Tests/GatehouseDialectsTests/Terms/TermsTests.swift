internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseTesting
import Testing

@testable internal import DialectFixtures

/// The subscription after a correct creation, and after a change.
@Suite struct TermsTests {
    private func made(_ more: JSONObject = [:]) throws(ValidationErrors) -> Terms {
        try Terms.make(from: Asked.standard(more), in: Asked.context)
    }

    private func patched(_ terms: Terms, _ change: JSONObject) throws(ValidationErrors) -> Terms {
        try terms.patched(by: change, in: Asked.context)
    }

    private func faults(_ body: () throws(ValidationErrors) -> Terms) -> [String?] {
        do throws(ValidationErrors) {
            _ = try body()
            return []
        } catch {
            return error.faults.map(\.field)
        }
    }

    @Test func unnamedFieldHasTheManualsDefault() throws {
        let terms = try made()
        #expect(terms.scope == .recursive)
        #expect(terms.kinds == nil && terms.doors == nil)
        #expect(terms.settings.isEmpty && terms.headers.isEmpty)
        #expect(terms.privacyLevel == .noCredentials)
        #expect(terms.secret == nil)
        #expect(terms.extraHeaders && terms.isActive)
        #expect(terms.timeout == .seconds(10))
        #expect(terms.retries == nil)
        #expect(terms.concurrency == 16)
    }

    private static let everything: JSONObject = [
        "organization": "acme", "scope": ["1070000"], "kinds": ["door.*", "access.granted"], "doors": ["lobby"],
        "settings": [:], "privacyLevel": 2, "secret": "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "extraHeaders": false, "headers": ["X-Site": "north"], "timeout": 30_000, "retries": [0, 604_800],
        "concurrency": 256, "active": false,
        "authentication": ["type": "basic", "user": "gate", "password": "pässword"], "tls": ["verification": false],
        "order": "none", "promise": "durable", "standardSignature": false, "rate": nil,
        "expiresAt": "2030-12-31T23:00:00+01:00",
    ]

    @Test func everyFieldIsAcceptedAsGiven() throws {
        let terms = try made(Self.everything)
        #expect(terms.scope == .panels([PanelID("1070000")]))
        #expect(terms.kinds == ["door.*", "access.granted"])
        #expect(terms.doors == [DoorID("lobby")])
        #expect(terms.privacyLevel == .noPersons)
        #expect(terms.secret?.revealed == "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
        #expect(!terms.extraHeaders && !terms.isActive)
        #expect(terms.headers == [Terms.Header("X-Site", "north")])
        #expect(terms.timeout == .seconds(30))
        #expect(terms.retries == [.zero, .seconds(604_800)])
        #expect(terms.concurrency == 256)
        #expect(terms.authentication == .basic(user: "gate", password: Secret("pässword")))
        #expect(!terms.verifiesCertificates)
        #expect(terms.expiresAt.map { RFC3339.secondsText($0) } == "2030-12-31T22:00:00Z")
    }

    @Test(arguments: [JSON.null, [:], ["verification": true]])
    func settingForTheUsualBehaviourIsAccepted(tls: JSON) throws {
        #expect(try made(["tls": tls]) == made())
    }

    @Test func doorsBelowAreReachedOnlyRecursively() throws {
        #expect(try made(["doors": ["lobby", "dock"]]).doors?.count == 2)
        for scope: JSON in ["this", ["1070000"]] {
            #expect(
                faults { () throws(ValidationErrors) in try made(["doors": ["dock"], "scope": scope]) } == ["doors"])
        }
    }

    @Test func nameBoundsCountCharacters() throws {
        #expect(try made(["name": .string(String(repeating: "ã", count: 200))]).name.count == 200)
        // One visible character, but 201 characters.
        let stacked = "a" + String(repeating: "\u{301}", count: 200)
        #expect(faults { () throws(ValidationErrors) in try made(["name": .string(stacked)]) } == ["name"])
    }

    @Test func missingSecretIsCreatedIfTheDialectCreatesOne() throws {
        var random = SeededRandom(seed: 5)
        let dialect = StandardDialect()
        let terms = try made().withSecret(of: dialect, using: &random)
        #expect(terms.secret.flatMap { StandardWebhooks(secret: $0) } != nil)
        let given = try made(["secret": "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])
        #expect(given.withSecret(of: dialect, using: &random) == given)
        #expect(try made(["secret": nil]).secret == nil)
    }

    // MARK: Change

    @Test func emptyChangeChangesNothing() throws {
        for terms in [try made(), try made(Self.everything)] { #expect(try patched(terms, [:]) == terms) }
    }

    @Test func changeAffectsOnlyNamedFields() throws {
        let before = try made(Self.everything)
        for (field, value): (String, JSON) in [
            ("name", "Other"), ("url", "https://other.example/"), ("scope", "this"), ("kinds", ["panic.*"]),
            ("privacyLevel", 0), ("extraHeaders", true), ("timeout", 1000), ("retries", [9]), ("concurrency", 1),
            ("active", true), ("tls", ["verification": true]), ("expiresAt", "2031-01-01T00:00:00Z"),
            ("authentication", ["type": "none"]), ("headers", ["X-B": "b"]),
            ("secret", "whsec_BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"),
        ] {
            let after = try patched(before, JSONObject([.init(field, value)]))
            let (old, new) = (before.json(.secrets), after.json(.secrets))
            let changed = new.members.filter { old[$0.key] != $0.value }.map(\.key)
            #expect(changed == [field])
        }
    }

    @Test func nullRemovesOptionalFields() throws {
        let before = try made(Self.everything)
        let change = JSONObject(
            ["kinds", "doors", "authentication", "expiresAt", "promise"].map { JSONObject.Member($0, .null) })
        var expected = before
        (expected.kinds, expected.doors, expected.expiresAt, expected.promise) = (nil, nil, nil, nil)
        expected.authentication = .none
        #expect(try patched(before, change) == expected)
        #expect(try patched(before, ["retries": "default"]).retries == nil)
    }

    /// A default in its place could send more than before, or to more receivers.
    @Test(arguments: Spoken.all)
    func nullKeepsRequiredFields(_ spoken: Spoken) throws {
        var terms = try spoken.terms(["active": false, "privacyLevel": 2, "headers": ["X-Site": "north"]])
        terms.expiresAt = Building.now - .seconds(1)
        let change = JSONObject(
            [
                "name", "url", "dialect", "organization", "scope", "settings", "privacyLevel", "standardSignature",
                "extraHeaders", "headers", "tls", "timeout", "retries", "concurrency", "active", "order", "rate",
            ].map { JSONObject.Member($0, .null) })
        #expect(try patched(terms, change) == terms)
        #expect(try patched(terms, ["tls": ["verification": nil]]) == terms)
        #expect(try patched(terms, ["authentication": ["type": nil]]) == terms)
    }

    /// This includes maps, where a null member counts as missing.
    @Test func nullInACreationIsIgnored() throws {
        let gates = Spoken(dialect: MadeUpDialect())
        #expect(try gates.terms(["settings": ["gates": nil]]) == gates.terms(["settings": [:]]))
        let plain = try made(["authentication": ["type": "none"], "headers": ["X-A": "a"]])
        let more: JSONObject = [
            "authentication": ["type": "none", "user": nil, "password": nil], "headers": ["X-A": "a", "X-B": nil],
            "tls": ["verification": nil],
        ]
        #expect(try made(more) == plain)
    }

    @Test func nullForARequiredFieldIsMissing() throws {
        for field in ["name", "dialect", "url"] {
            let found = #expect(throws: ValidationErrors.self) { try made(JSONObject([.init(field, .null)])) }
            #expect(found?.first?.code == .missingField && found?.first?.field == field, "\(field)")
        }
        let found = #expect(throws: ValidationErrors.self) { try made(["colour": nil]) }
        #expect(found?.first?.code == .unknownField)
    }

    @Test func headersAndSettingsAreMerged() throws {
        let before = try made(["headers": ["X-A": "a", "X-B": "b"]])
        let after = try patched(before, ["headers": ["X-B": nil, "X-C": "c", "X-A": "aa", "X-Never": nil]])
        #expect(after.headers == [Terms.Header("X-A", "aa"), Terms.Header("X-C", "c")])
        let acme = try Spoken(dialect: MadeUpDialect()).terms(["settings": ["gates": [1]]])
        #expect(try acme.patched(by: ["settings": [:]], in: Asked.context).settings == ["gates": [1]])
        #expect(try acme.patched(by: ["settings": ["gates": [2]]], in: Asked.context).settings == ["gates": [2]])
        #expect(try acme.patched(by: ["settings": ["gates": nil]], in: Asked.context).settings == [:])
    }

    @Test func mergedHeadersKeepTheirBounds() throws {
        let names = { (range: Range<Int>) in JSON.object(JSONObject(range.map { .init("X-\($0)", "v") })) }
        let before = try made(["headers": names(0..<20)])
        #expect(
            faults { () throws(ValidationErrors) in try patched(before, ["headers": names(20..<21)]) } == ["headers"])
        #expect(faults { () throws(ValidationErrors) in try patched(before, ["headers": ["x-0": "v"]]) } == ["headers"])
        #expect(try patched(before, ["headers": ["X-0": nil, "X-20": "v"]]).headers.count == 20)
    }

    @Test func authenticationIsMergedUntilItsTypeChanges() throws {
        let before = try made(Self.everything)
        let after = try patched(before, ["authentication": ["password": "new"]])
        #expect(after.authentication == .basic(user: "gate", password: Secret("new")))
        let bearer = try patched(before, ["authentication": ["type": "bearer", "token": "t"]])
        #expect(bearer.authentication == .bearer(token: Secret("t")))
        #expect(try patched(before, ["authentication": nil]).authentication == Authentication.none)
        let half: JSONObject = ["authentication": ["type": "bearer"]]
        #expect(faults { () throws(ValidationErrors) in try patched(before, half) } == ["authentication.token"])
        #expect(try !patched(before, ["tls": [:]]).verifiesCertificates)
        #expect(try !patched(before, ["tls": nil]).verifiesCertificates)
    }

    @Test func reactivationOfAnExpiredSubscriptionNeedsATime() throws {
        var expired = try made()
        expired.expiresAt = Building.now - .seconds(1)
        expired.isActive = false
        #expect(faults { () throws(ValidationErrors) in try patched(expired, ["active": true]) } == ["expiresAt"])
        #expect(try patched(expired, ["active": true, "expiresAt": nil]).isActive)
        #expect(try patched(expired, ["active": true, "expiresAt": "2030-01-01T00:00:00Z"]).isActive)
        #expect(try patched(expired, ["name": "Other"]).expiresAt == expired.expiresAt)
    }

    @Test func dialectAndOrganizationCannotChange() throws {
        let terms = try made()
        #expect(try patched(terms, ["dialect": "standard", "organization": "acme"]) == terms)
        for field in ["dialect", "organization"] {
            for value: JSON in ["acme-turnstiles", "other", 5] {
                #expect(
                    faults { () throws(ValidationErrors) in try patched(terms, JSONObject([.init(field, value)])) } == [
                        field
                    ])
            }
        }
    }

    @Test func secretCanBeReplacedAndNotRemoved() throws {
        let terms = try made(Self.everything)
        #expect(faults { () throws(ValidationErrors) in try patched(terms, ["secret": nil]) } == ["secret"])
        #expect(faults { () throws(ValidationErrors) in try patched(terms, ["secret": "weak"]) } == ["secret"])
    }

    @Test func changeHasTheSameRulesAndReportsAllFaults() throws {
        let terms = try made()
        let change: JSONObject = ["name": "", "url": "x", "timeout": 1, "colour": "red", "rate": 1, "kinds": ["x.y"]]
        #expect(
            Set(faults { () throws(ValidationErrors) in try patched(terms, change) }) == [
                "name", "url", "timeout", "colour", "rate", "kinds",
            ])
    }

    @Test func acceptedEventIsShownInTheSameWords() throws {
        let terms = try made(Self.everything)
        let shown = terms.json(.secrets)
        #expect(try Terms.make(from: shown, in: Asked.context) == terms)
        #expect(terms.json(.revealed)["secret"] == nil)
    }
}
