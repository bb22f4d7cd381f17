internal import GatehouseCore
internal import GatehouseTesting
internal import GatehouseVerification
internal import HTTPTypes
import Testing

@testable internal import DialectFixtures
@testable internal import GatehouseDialects

/// The test message to a receiver, in every dialect and every form of its requests: harmless, marked, and otherwise
/// written like any delivery.
@Suite struct TestMessageTests {
    /// One form of a dialect's requests.
    struct Form: Sendable, CustomTestStringConvertible {
        let spoken: Spoken
        let fields: JSONObject
        let words: String

        var testDescription: String { "\(spoken.testDescription) \(words)" }

        /// Bare and in batches, with and without a second signature and our own headers.
        static let all = Spoken.all.flatMap { spoken -> [Form] in
            var forms = [
                Form(spoken: spoken, fields: [:], words: "as it is"),
                Form(spoken: spoken, fields: ["extraHeaders": false], words: "without extra headers"),
                Form(spoken: spoken, fields: ["kinds": ["*"], "privacyLevel": 2], words: "at level 2"),
            ]
            if let settings = spoken.settingsWithBatches {
                forms.append(Form(spoken: spoken, fields: ["settings": .object(settings)], words: "in batches"))
            }
            if spoken.dialect.name.text != "standard" {
                forms.append(Form(spoken: spoken, fields: ["standardSignature": true], words: "signed twice"))
            }
            return forms
        }
    }

    private static let account: Int64 = 1000

    private func event(_ message: TestMessage) -> Event {
        var random = SystemRandomNumberGenerator()
        return message.event(
            of: Building.organization, account: Self.account, in: Building.directory, at: Building.now, using: &random)
    }

    private func expectHarmless(_ kind: Kind) {
        #expect(Catalogue.row(of: kind).lane == .normal, "\(kind.name) is an alarm")
        #expect(!kind.name.hasPrefix("access."), "\(kind.name) is a passage")
    }

    @Test(arguments: Form.all)
    func testIsHarmlessMarkedSignedAndReadBack(_ form: Form) throws {
        let spoken = form.spoken
        var random = SystemRandomNumberGenerator()
        let secret = spoken.dialect.makeSecret(using: &random)
        let subscription = try spoken.subscription(
            on: spoken.terms(form.fields.with(["secret": .string(secret.revealed)])))
        let message = spoken.dialect.test(for: subscription)
        #expect(message.isAsked)
        expectHarmless(message.kind)
        let event = event(message)
        #expect(event.lane == .normal)
        let request = spoken.dialect.prepareTest(of: event, for: subscription, at: Building.now)
        #expect(request.headers[try #require(HTTPField.Name("gatehouse-test"))] == "true")
        #expect(try spoken.accepts(request, secret: secret, at: Building.now) == true)
        #expect(
            try spoken.accepts(request, secret: spoken.dialect.makeSecret(using: &random), at: Building.now) != true)
        let read = try spoken.dialect.parseAll(request.body, with: request.headers)
        #expect(read.map(\.kind) == [message.kind])
        let plain = spoken.dialect.prepare(
            Parcel(event: event, subscription: subscription, attempt: 1, isReplay: false), at: Building.now)
        #expect(request.body == plain.body && request.url == plain.url)
        #expect(request.headers.count == plain.headers.count + 1, "all else is as it is with any delivery")
    }

    /// The name by itself must not be an alarm either: a receiver may read nothing else.
    @Test(arguments: Spoken.all)
    func testHasAHarmlessName(_ spoken: Spoken) throws {
        for settings in settings(of: spoken) {
            let message = spoken.dialect.test(for: try spoken.subscription(["settings": .object(settings)]))
            let kinds = spoken.dialect.vocabulary.entries.compactMap { kind, entry -> Kind? in
                guard case .named(let names) = entry, names.contains(message.name) else { return nil }
                return kind
            }
            #expect(!kinds.isEmpty, "\(message.name) is no name of the contract")
            // PlaceOS has one word for the button and for the person that it admits; the test sends the button.
            for kind in kinds.contains(message.kind) ? [message.kind] : kinds { expectHarmless(kind) }
            let wanted = [settings["events"], settings["event_types"]].compactMap { $0?.items }.first
            guard let wanted, spoken.dialect.name.text != "situator" else { continue }
            #expect(message.isAsked == wanted.contains(.string(message.name.text)))
        }
    }

    /// All names, each alone, and those of the organization's tree, which may not be mixed with others.
    private func settings(of spoken: Spoken) -> [JSONObject] {
        guard
            let key = ["prodatakey": "events", "oneupvision": "events", "basip": "event_types"][spoken.testDescription]
        else { return [spoken.settings] }
        let names = Set(
            spoken.dialect.vocabulary.entries.values.flatMap { entry -> [String] in
                guard case .named(let names) = entry else { return [] }
                return names.map(\.text)
            })
        return [spoken.settings] + names.sorted().map { spoken.settings.with([key: [.string($0)]]) }
    }

    @Test(arguments: Spoken.all)
    func contractWithNamesSendsTEST(_ spoken: Spoken) throws {
        let subscription = try spoken.subscription(["privacyLevel": 0])
        let request = spoken.dialect.prepareTest(
            of: event(spoken.dialect.test(for: subscription)), for: subscription, at: Building.now)
        let body = String(decoding: request.body, as: UTF8.self)
        switch spoken.dialect.name.text {
        case "situator", "acme-turnstiles":
            #expect(body.contains(String(TestMessage.number)), "the contract has numbers alone")
        case "basip": #expect(body.contains(#""data":{"test":"success"}"#))
        case "standard": #expect(body.contains(#""type":"gateway.test""#))
        default: #expect(body.contains(TestMessage.word), "\(body)")
        }
    }

    /// A subscription that asks for no harmless kind can be tested too.
    @Test func testOfAnUnwantedKindIsSentAndMarked() throws {
        for (name, kinds): (String, JSON) in [
            ("standard", ["door.forced"]), ("placeos", ["access.granted"]), ("situator", ["access.*"]),
            ("acme-turnstiles", ["panic.raised"]),
        ] {
            let spoken = try #require(Spoken.all.first { $0.testDescription == name })
            let subscription = try spoken.subscription(["kinds": kinds])
            let message = spoken.dialect.test(for: subscription)
            #expect(!message.isAsked, "\(name)")
            let request = spoken.dialect.prepareTest(of: event(message), for: subscription, at: Building.now)
            #expect(try spoken.dialect.parseAll(request.body, with: request.headers).map(\.kind) == [message.kind])
        }
    }
}
