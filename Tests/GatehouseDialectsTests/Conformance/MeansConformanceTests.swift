internal import GatehouseCore
internal import GatehouseTesting
import Testing

@testable internal import DialectFixtures
@testable internal import GatehouseDialects

/// A duty of every dialect: it reports the means of a passage as every other dialect does, in every combination of the
/// three places where a reporter may give it.
@Suite struct MeansConformanceTests {
    private static let kinds: [Kind] = [.accessGranted, .accessDenied, .accessUnrecognized, .doorExitRequested]

    // swift-format-ignore
    /// The words of contracts with a field for the means of access.
    private static let words: [(means: AccessMeans.Method, situator: JSON, basip: JSON, prodatakey: JSON?)] = [
        (.none,                    0,  "",              nil),
        (.fingerprint,             1,  "fingerprint",   nil),
        (.card,                    2,  "card",          "CARD_ONLY"),
        (.password,                3,  "input_code",    "PIN_ONLY"),
        (.control,                 4,  "",              nil),
        (.qr,                      5,  "qr",            nil),
        (.virtualKey,              6,  "mobile",        nil),
        (.remote,                  7,  "",              nil),
        (.button,                  8,  "",              nil),
        (.face,                    9,  "face",          nil),
        (.fingerprintCard,         10, "",              nil),
        (.cardPassword,            11, "",              "CARD_AND_PIN"),
        (.cardFingerprintPassword, 12, "",              nil),
        (.fingerprintPassword,     13, "",              nil),
        (.passiveTag,              14, "",              nil),
        (.licencePlate,            15, "license_plate", nil),
        (.other,                   0,  "other",         nil),
    ]

    /// Every combination of form, method, grant and kind: the first place with a value decides.
    private func eachCombination(_ check: (Event, AccessMeans) throws -> Void) rethrows {
        let methods: [AccessMeans.Method?] = [nil] + AccessMeans.Method.allCases.filter { $0 != .other }
        let forms: [AccessMeans.Form?] = [nil] + AccessMeans.Form.allCases
        let grants: [AccessMeans.Grant?] = [nil] + AccessMeans.Grant.allCases
        for kind in Self.kinds {
            for method in methods {
                for form in forms {
                    for grant in grants {
                        let event = event(kind, method, form, grant)
                        try check(event, AccessMeans(of: kind, data: event.data))
                    }
                }
            }
        }
    }

    private func event(
        _ kind: Kind, _ method: AccessMeans.Method?, _ form: AccessMeans.Form?, _ grant: AccessMeans.Grant?
    ) -> Event {
        var access = JSONObject()
        access["method"] = method.map { .string($0.rawValue) }
        access["grantedBy"] = grant.map { .string($0.rawValue) }
        var credential: JSONObject = ["number": 4711, "value": 4711]
        credential["form"] = form.map { .string($0.rawValue) }
        let data: JSONObject = [
            "panel": "1070000", "door": "lobby", "person": ["id": "31"], "credential": .object(credential),
            "access": .object(access),
        ]
        return Building.event(kind, data)
    }

    @Test func everyContractReportsTheSameMeans() throws {
        let places: [(name: String, place: (JSON) -> JSON?, word: (Int) -> JSON?)] = [
            ("situator", { $0["openingType"] }, { Self.words[$0].situator }),
            ("basip", { $0["data"]?["type"] }, { Self.words[$0].basip }),
            ("prodatakey", { $0["body"]?["requestFactor"] }, { Self.words[$0].prodatakey }),
        ]
        for (name, place, word) in places {
            let spoken = try #require(Spoken.all.first { $0.dialect.name.text == name })
            let subscription = try spoken.subscription(["privacyLevel": 0])
            try eachCombination { event, means in
                let kinds: Set<Kind> = name == "prodatakey" ? [.accessGranted, .accessDenied] : Set(Self.kinds)
                guard kinds.contains(event.kind) else { return }
                let index = try #require(Self.words.firstIndex { $0.means == means.method })
                let body = try JSONParser.parse(spoken.prepare(event, for: subscription).body)
                #expect(place(body) == word(index), "\(name): \(JSON.object(event.data).compact)")
            }
        }
    }

    @Test func everyContractReportsButtonCommandAndCodeAlike() throws {
        let placeos = try #require(Spoken.all.first { $0.dialect is PlaceOSDialect })
        let basip = try #require(Spoken.all.first { $0.dialect is BasIPDialect })
        let (rhombus, panel) = (try placeos.subscription(), try basip.subscription())
        try eachCombination { event, means in
            let action = placeos.dialect.names(of: event, for: rhombus).first?.text
            let name = basip.dialect.names(of: event, for: panel).first?.text
            let told = "\(event.kind.name) \(JSON.object(event.data).compact)"
            switch event.kind {
            case .accessGranted:
                #expect((action == "request_to_exit") == (means.grant == .button), "\(told)")
                #expect((name == "log.lock_was_opened_by_exit_btn") == (means.grant == .button), "\(told)")
                #expect((name == "log.access_granted_by_api_call") == (means.grant == .api), "\(told)")
                #expect((name == "log.access_granted_by_valid_identifier") == (means.grant == .identifier), "\(told)")
            case .accessDenied, .accessUnrecognized:
                let isCode = name == "log.access_denied_by_not_valid_input_code"
                #expect(isCode == (means.method == .password), "\(told)")
            default:
                #expect(action == "request_to_exit" && name == "log.lock_was_opened_by_exit_btn", "\(told)")
            }
            let card = try card(of: event, placeos, rhombus)
            #expect(card == (event.hasCard ? "4711" : nil), "\(told)")
        }
    }

    private func card(of event: Event, _ placeos: Spoken, _ rhombus: Subscription) throws -> JSON? {
        try JSONParser.parse(placeos.prepare(event, for: rhombus).body)["card_id"]
    }

    /// A door that the gateway unlocked is reported by the contracts that have a name for it; one that stayed shut is
    /// not.
    @Test func unlockThroughTheGatewayIsSentByContractsWithANameForIt() throws {
        for (name, word) in [("situator", "access"), ("basip", "log.access_granted_by_api_call")] {
            let spoken = try #require(Spoken.all.first { $0.dialect.name.text == name })
            let subscription = try spoken.subscription()
            for outcome in ["opened", "refused", "unsupported", "unanswered", "unknown"] {
                let event = Building.event(
                    .doorUnlockCommanded,
                    ["panel": "1070000", "door": "lobby", "details": ["outcome": .string(outcome)]])
                let names = spoken.dialect.names(of: event, for: subscription).map(\.text)
                #expect(names == (outcome == "opened" ? [word] : []), "\(name): \(outcome)")
            }
        }
        let situator = try #require(Spoken.all.first { $0.dialect is SituatorDialect })
        let event = Building.event(
            .doorUnlockCommanded, ["panel": "1070000", "door": "lobby", "details": ["outcome": "opened"]])
        let body = try JSONParser.parse(situator.prepare(event, for: try situator.subscription()).body)
        #expect(body["openingType"] == 7 && body["authorized"] == true && body["doorId"] == 3)
    }
}
