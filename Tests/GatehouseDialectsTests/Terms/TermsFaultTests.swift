internal import GatehouseCore
internal import GatehouseTesting
import Testing

@testable internal import DialectFixtures

/// Every rule of a subscription's fields violated in turn: the fault names the field and says what is right.
@Suite struct TermsFaultTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let field: String
        let value: JSON
        let code: ValidationError.Code
        let at: String

        init(_ field: String, _ value: JSON, _ code: ValidationError.Code = .outOfBounds, at: String? = nil) {
            (self.field, self.value, self.code, self.at) = (field, value, code, at ?? field)
        }

        var testDescription: String { "\(field): \(value.compact.prefix(60))" }
    }

    private static let long = String(repeating: "a", count: 201)
    private static let secret24 = "whsec_" + String(repeating: "AAAA", count: 8)

    private static let texts: [Case] = [
        Case("name", 5, .wrongType), Case("name", nil, .missingField), Case("name", ""), Case("name", .string(long)),
        Case("name", "a\nb"), Case("name", "a\u{1B}[31mb"), Case("name", "a\u{9F}b"),
        Case("dialect", 5, .wrongType), Case("dialect", nil, .missingField), Case("dialect", "standart"),
        Case("dialect", "Standard"),
        Case("url", 5, .wrongType), Case("url", nil, .missingField), Case("url", ""),
        Case("url", "receiver.example/in"), Case("url", "ftp://receiver.example/"), Case("url", "https://"),
        Case("url", "https:///in"),
        Case("url", "https://user:pass@receiver.example/"), Case("url", "https://receiver.example/#part"),
        Case("url", "https://receiver.example/a b"), Case("url", "https://receiver.example:0/"),
        Case("url", "https://receiver.example:65536/"), Case("url", "https://por\u{202E}tao.example/"),
        Case("url", .string("https://receiver.example/" + String(repeating: "a", count: 1976))),
        Case("secret", 5, .wrongType), Case("secret", ""), Case("secret", "whsec_"), Case("secret", "password"),
        Case("secret", "whsec_AAAA"), Case("secret", .string(secret24 + "!")),
        Case("secret", .string("whsec_" + String(repeating: "AAAA", count: 22))),
    ]

    private static let reach: [Case] = [
        Case("scope", "all"), Case("scope", 5), Case("scope", []), Case("scope", ["1070000", 5]),
        Case("scope", ["1070001"], .unknownPanel), Case("scope", ["n1"], .unknownPanel),
        Case("scope", ["1070000", "o1"], .unknownPanel),
        Case("scope", .array(Array(repeating: "x", count: 1001)), .wrongType),
        Case("kinds", "door.*", .wrongType), Case("kinds", []), Case("kinds", [5], .wrongType),
        Case("kinds", [""], .wrongType), Case("kinds", ["door.forsed"], .unknownKind),
        Case("kinds", ["door.*", "nothing.*"], .unknownKind), Case("kinds", ["DOOR.*"], .unknownKind),
        Case("kinds", .array(Array(repeating: "*", count: 1001)), .wrongType),
        Case("kinds", [.string(String(repeating: "*", count: 129))], .wrongType),
        Case("doors", "lobby", .wrongType), Case("doors", []), Case("doors", [5], .wrongType),
        Case("doors", ["loby"], .unknownDoor), Case("doors", ["lobby", "gate"], .unknownDoor),
        Case("privacyLevel", -1), Case("privacyLevel", 3), Case("privacyLevel", "1"), Case("privacyLevel", true),
        Case("privacyLevel", .fraction(1.5)),
        Case("active", "yes", .wrongType), Case("active", 1, .wrongType), Case("extraHeaders", 0, .wrongType),
        Case("settings", [], .wrongType), Case("settings", ["x": 1], .unknownField, at: "settings.x"),
        Case("settings", ["x": nil], .unknownField, at: "settings.x"),
        Case("colour", "red", .unknownField), Case("Name", "x", .unknownField), Case("timeOut", 5000, .unknownField),
    ]

    private static let pace: [Case] = [
        Case("timeout", 999), Case("timeout", 30_001), Case("timeout", "10 s"), Case("timeout", -1),
        Case("timeout", .fraction(1000.5)),
        Case("retries", []), Case("retries", "never"), Case("retries", 5), Case("retries", [-1]),
        Case("retries", [604_801]), Case("retries", ["5"]), Case("retries", [5, nil]),
        Case("retries", [.fraction(0.5)]),
        Case("retries", .array(Array(repeating: 1, count: 51))),
        Case("concurrency", 0), Case("concurrency", 257), Case("concurrency", "16"),
    ]

    private static let notBuilt: [Case] = [
        Case("tls", ["pin": "00"], .notBuilt, at: "tls.pin"),
        Case("tls", ["verification": true, "authority": "PEM"], .notBuilt, at: "tls.authority"),
        Case("tls", ["client": [:]], .notBuilt, at: "tls.client"),
        Case("order", "door", .notBuilt), Case("rate", 10, .notBuilt), Case("rate", 0, .notBuilt),
        Case("promise", "vendor", .outOfBounds),
        Case("standardSignature", true, .outOfBounds), Case("standardSignature", "yes", .wrongType),
    ]

    private static let proof: [Case] = [
        Case("authentication", "none", .wrongType), Case("authentication", [:], at: "authentication.type"),
        Case("authentication", ["type": "digest"], at: "authentication.type"),
        Case("authentication", ["type": "none", "user": "a"], at: "authentication.user"),
        Case("authentication", ["type": "basic"], at: "authentication.user"),
        Case("authentication", ["type": "basic", "user": "a"], at: "authentication.password"),
        Case("authentication", ["type": "basic", "user": "a:b", "password": "c"], at: "authentication.user"),
        Case("authentication", ["type": "basic", "user": "a", "password": ""], at: "authentication.password"),
        Case("authentication", ["type": "basic", "user": "a", "password": "b\n"], at: "authentication.password"),
        Case("authentication", ["type": "basic", "user": 5, "password": "b"], at: "authentication.user"),
        Case("authentication", ["type": "bearer", "token": "a", "realm": "c"], at: "authentication.realm"),
        Case("authentication", ["type": "none", "realm": nil], at: "authentication.realm"),
        Case("authentication", ["type": "bearer"], at: "authentication.token"),
        Case("authentication", ["type": "bearer", "token": "a b"], at: "authentication.token"),
        Case("authentication", ["type": "bearer", "token": "é"], at: "authentication.token"),
        Case("tls", true, .wrongType), Case("tls", ["verification": "no"], .wrongType, at: "tls.verification"),
        Case("tls", ["pinned": "00"], .unknownField, at: "tls.pinned"),
        Case("tls", ["pinned": nil], .unknownField, at: "tls.pinned"),
        Case("expiresAt", 5, .wrongType), Case("expiresAt", "tomorrow"), Case("expiresAt", "2026-03-10"),
        Case("expiresAt", .string(RFC3339.text(Building.now))), Case("expiresAt", "2020-01-01T00:00:00Z"),
    ]

    @Test(arguments: texts + reach + pace + proof + notBuilt)
    func brokenRuleIsNamed(_ broken: Case) throws {
        let faults = complaints(about: Asked.standard(JSONObject([.init(broken.field, broken.value)])))
        let fault = try #require(faults.first)
        #expect(fault.field == broken.at)
        #expect(fault.code == broken.code)
        #expect(faults.count == 1, "\(faults)")
        #expect(fault.sentence.count > 20)
    }

    /// Every dialect of the product says which settings it has, also where a change takes one away.
    @Test(arguments: Spoken.all.filter { !($0.dialect is MadeUpDialect) })
    func settingThatDialectLacksIsRefusedWithNullToo(_ spoken: Spoken) throws {
        let terms = try spoken.terms()
        for value: JSON in [nil, 1] {
            let found = #expect(throws: ValidationErrors.self) {
                try terms.patched(by: ["settings": ["zzz": value]], in: Asked.context)
            }
            #expect(found?.map(\.field) == ["settings.zzz"] && found?.first?.code == .unknownField)
        }
    }

    @Test(arguments: ["name", "dialect", "url"])
    func missingRequiredFieldIsNamed(field: String) throws {
        var object = Asked.standard()
        object[field] = nil
        let faults = complaints(about: object)
        #expect(faults.map(\.field) == [field])
        #expect(faults.map(\.code) == [.missingField])
    }

    @Test func everyFaultIsReportedTogether() throws {
        let object: JSONObject = [
            "dialect": "standard", "url": "nowhere", "scope": "all", "kinds": ["x.y"], "doors": ["loby"],
            "settings": [], "privacyLevel": 7, "secret": 5, "extraHeaders": 1, "headers": ["Host": "a", "X-A": "é"],
            "timeout": 1, "retries": [], "order": "door", "concurrency": 0, "active": "no", "colour": "red",
        ]
        #expect(
            Set(complaints(about: object).compactMap(\.field)) == [
                "name", "url", "scope", "kinds", "doors", "settings", "privacyLevel", "secret", "extraHeaders",
                "headers.Host", "headers.X-A", "timeout", "retries", "order", "concurrency", "active", "colour",
            ])
    }

    @Test func dialectsBoundsApplyBesideTheCommonOnes() throws {
        let faults = complaints(about: Asked.standard(["secret": "weak", "timeout": 1]))
        #expect(Set(faults.compactMap(\.field)) == ["secret", "timeout"])
    }

    @Test func fieldsAreReadWithoutADialect() throws {
        let faults = complaints(about: ["timeout": 1, "kinds": 5])
        #expect(Set(faults.compactMap(\.field)) == ["name", "dialect", "url", "timeout", "kinds"])
    }

    @Test func nearestKnownWordIsSuggested() throws {
        for (field, value, hint): (String, JSON, String) in [
            ("dialect", "standart", "standard"), ("kinds", ["door.forsed"], "door.forced"),
            ("doors", ["loby"], "lobby"),
            ("scope", ["1070001"], "1070000"), ("timeOut", 5000, "timeout"),
        ] {
            let sentence = complaints(about: Asked.standard(JSONObject([.init(field, value)]))).first?.sentence
            #expect(sentence?.contains("\"\(hint)\"") == true, "\(field): \(sentence ?? "")")
        }
        #expect(
            complaints(about: Asked.standard(["dialect": "latin"])).first?.sentence.contains("acme-turnstiles") == true)
    }

    @Test func longListOfFaultsIsShortened() throws {
        let many = JSON.array((0..<1000).map { .string("nothing.\($0)") })
        #expect(complaints(about: Asked.standard(["kinds": many])).count == 10)
        let fields = JSONObject((0..<1000).map { .init("field\($0)", nil) })
        #expect(complaints(about: Asked.standard(fields)).count == 10)
    }

    @Test func secretIsNotRepeatedInAFault() throws {
        let faults = complaints(about: Asked.standard(["secret": "hunter2-hunter2"]))
        #expect(!faults.isEmpty)
        #expect(faults.allSatisfy { !$0.sentence.contains("hunter2") })
    }

    @Test func standardSignatureIsRefusedByTheStandardDialect() throws {
        let sentence = complaints(about: Asked.standard(["standardSignature": true])).first?.sentence
        #expect(sentence?.contains("the standard dialect signs so already") == true)
    }

    private func complaints(about object: JSONObject) -> [ValidationError] {
        do throws(ValidationErrors) {
            _ = try Terms.make(from: object, in: Asked.context)
            return []
        } catch {
            return error.faults
        }
    }
}
