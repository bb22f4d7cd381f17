internal import GatehouseCore
internal import GatehouseTesting
internal import HTTPTypes
import Testing

@testable internal import DialectFixtures

/// The duties of every vendor's dialect: the requests that it writes.
@Suite struct RequestConformanceTests {
    /// One event of each kind that the dialect has a name for.
    private func events(_ spoken: Spoken) -> [Event] {
        spoken.dialect.vocabulary.sayable.kinds.map { Canary.event($0) }
    }

    @Test(arguments: Spoken.all)
    func bodiesAreEqualOnEveryRetryAndReplay(_ spoken: Spoken) throws {
        let subscription = try spoken.subscription()
        for event in events(spoken) {
            let first = spoken.prepare(event, for: subscription)
            #expect(!first.body.isEmpty)
            for attempt in 2...5 {
                let again = spoken.prepare(
                    event, for: try spoken.subscription(), attempt: attempt, isReplay: attempt == 5)
                #expect(again.body == first.body, "\(event.kind) at attempt \(attempt)")
            }
        }
    }

    @Test(arguments: Spoken.all)
    func requestsGoToTheSubscriptionsURL(_ spoken: Spoken) throws {
        let subscription = try spoken.subscription(["url": "https://receiver.example:8443/a?b=c"])
        for event in events(spoken) {
            #expect(spoken.prepare(event, for: subscription).url == subscription.terms.url)
        }
    }

    @Test(arguments: Spoken.all, PrivacyLevel.allCases)
    func nothingAboveTheLevelIsSent(_ spoken: Spoken, _ level: PrivacyLevel) throws {
        let subscription = try spoken.subscription(["privacyLevel": .integer(level.rawValue)])
        for event in events(spoken) {
            let request = spoken.prepare(event, for: subscription)
            let fields = request.headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
            let sent = String(decoding: request.body, as: UTF8.self) + fields
            for canary in Canary.banned(at: level) {
                #expect(!sent.contains(canary), "\(canary) of \(event.kind.name) at level \(level.rawValue)")
            }
        }
    }

    /// Without this, a dialect that leaves everything out would pass.
    @Test(arguments: Spoken.all)
    func levelZeroBodiesHaveValuesOfEveryClass(_ spoken: Spoken) throws {
        let subscription = try spoken.subscription(["privacyLevel": 0])
        let sent = events(spoken).map {
            String(decoding: spoken.prepare($0, for: subscription).body, as: UTF8.self)
        }
        #expect(sent.contains { $0.contains(Canary.credential) || $0.contains(String(Canary.credentialNumber)) })
        #expect(sent.contains { $0.contains(Canary.person) } == spoken.tellsPersons)
    }

    /// The kind that every contract knows, compared with the classes that its body has fields for.
    @Test(arguments: Spoken.all)
    func levelZeroPassageFillsTheContractsFields(_ spoken: Spoken) throws {
        let request = spoken.prepare(
            Canary.event(.accessGranted), for: try spoken.subscription(["privacyLevel": 0]))
        let sent = String(decoding: request.body, as: UTF8.self)
        let tellsCredential = sent.contains(Canary.credential) || sent.contains(String(Canary.credentialNumber))
        #expect(tellsCredential == spoken.passagesTellCredentials)
        #expect(sent.contains(Canary.person) == spoken.passagesTellPersons)
    }

    @Test(arguments: Spoken.all)
    func headersCanBeSent(_ spoken: Spoken) throws {
        let subscription = try spoken.subscription(["headers": ["X-Site": "north"]])
        for event in events(spoken) {
            let headers = spoken.prepare(event, for: subscription).headers
            for field in headers {
                #expect(field.value.utf8.allSatisfy { $0 == 0x09 || (0x20...0x7E).contains($0) }, "\(field.name)")
                #expect(!Self.ofTheConnection.contains(field.name.canonicalName), "\(field.name)")
            }
            let names = headers.map(\.name.canonicalName)
            #expect(Set(names).count == names.count, "a field stands twice in \(names)")
            #expect(headers[.contentType]?.isEmpty == false)
            #expect(headers[.userAgent]?.isEmpty == false)
        }
    }

    /// Header fields that the connection pool writes, or that would change how the message is read.
    private static let ofTheConnection: Set = [
        "host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer", "expect",
        "proxy-connection", "content-encoding",
    ]

    @Test(arguments: Spoken.all)
    func ownersHeadersAreSent(_ spoken: Spoken) throws {
        let subscription = try spoken.subscription(["headers": ["X-Site": "north", "X-Empty": "", "x-tab": "a\tb"]])
        for event in events(spoken) {
            let fields = spoken.prepare(event, for: subscription).headers.map { [$0.name.rawName, $0.value] }
            for header in [["X-Site", "north"], ["X-Empty", ""], ["x-tab", "a\tb"]] { #expect(fields.contains(header)) }
        }
    }

    @Test(arguments: Spoken.all)
    func ownersAuthenticationIsSent(_ spoken: Spoken) throws {
        var taken = 0
        for (authentication, expected): (JSON, String) in [
            (["type": "basic", "user": "Aladdin", "password": "open sesame"], "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            (["type": "basic", "user": "test", "password": "123£"], "Basic dGVzdDoxMjPCow=="),
            (["type": "bearer", "token": "mF_9.B5f-4.1JqM"], "Bearer mF_9.B5f-4.1JqM"),
        ] {
            #expect(try spoken.settingsWithAuthorization == nil || accepted(spoken, authentication, nil) == nil)
            guard let subscription = try accepted(spoken, authentication, spoken.settingsWithAuthorization) else {
                continue
            }
            taken += 1
            for event in events(spoken) {
                #expect(spoken.prepare(event, for: subscription).headers[.authorization] == expected)
            }
        }
        #expect(taken == (spoken.takesBearer ? 3 : 2))
        let plain = try spoken.subscription(["settings": .object(spoken.settingsWithAuthorization ?? spoken.settings)])
        #expect(events(spoken).allSatisfy { spoken.prepare($0, for: plain).headers[.authorization] == nil })
    }

    /// A subscription that authenticates in this way; nil if the contract does not have it, and says so.
    private func accepted(
        _ spoken: Spoken, _ authentication: JSON, _ settings: JSONObject?
    ) throws -> Subscription? {
        do {
            return try spoken.subscription([
                "authentication": authentication, "settings": .object(settings ?? spoken.settings),
            ])
        } catch let faults as ValidationErrors where faults.faults.map(\.field) == ["authentication.type"] {
            return nil
        }
    }

    @Test(arguments: Spoken.all)
    func eventIsNamedUnlessTheOwnerRefusesExtraHeaders(_ spoken: Spoken) throws {
        let (id, replay) = (HTTPField.Name("gatehouse-event-id"), HTTPField.Name("gatehouse-replay"))
        let (named, plain) = (try spoken.subscription(), try spoken.subscription(["extraHeaders": false]))
        for event in events(spoken) {
            let first = spoken.prepare(event, for: named).headers
            #expect(try first[#require(id)] == event.id.description)
            #expect(try first[#require(replay)] == nil)
            let again = spoken.prepare(event, for: named, isReplay: true).headers
            #expect(try again[#require(id)] == event.id.description)
            #expect(try again[#require(replay)] == "true")
            let silent = spoken.prepare(event, for: plain, isReplay: true).headers
            #expect(silent.allSatisfy { !$0.name.canonicalName.hasPrefix("gatehouse-") })
        }
    }

    @Test(arguments: Spoken.all)
    func receiverCanVerifyTheTest(_ spoken: Spoken) throws {
        var random = SystemRandomNumberGenerator()
        let secret = spoken.dialect.makeSecret(using: &random)
        let subscription = try spoken.subscription(["secret": .string(secret.revealed)])
        let other = spoken.dialect.makeSecret(using: &random)
        for event in events(spoken) {
            let request = spoken.prepare(event, for: subscription)
            let now = Building.now + .seconds(60)
            #expect(try spoken.accepts(request, secret: secret, at: now) == true, "\(event.kind)")
            #expect(try spoken.accepts(request, secret: other, at: now) == false)
            var tampered = request
            tampered.body[try signedPlace(in: request.body, spoken)] ^= 1
            #expect(try spoken.accepts(tampered, secret: secret, at: now) == !spoken.signsBodies)
        }
    }

    /// A byte that the signature covers.
    private func signedPlace(in body: [UInt8], _ spoken: Spoken) throws -> Int {
        guard spoken.signsTheTimeAlone else { return body.count / 2 }
        let mark = Array("timestamp\":\"".utf8)
        let start = try #require(body.indices.first { body[$0...].starts(with: mark) })
        return start + mark.count + 3
    }

    @Test(arguments: Spoken.all.filter { !$0.signsTheTimeAlone })
    func everyRetryHasAFreshSignature(_ spoken: Spoken) throws {
        var random = SystemRandomNumberGenerator()
        let secret = spoken.dialect.makeSecret(using: &random)
        let subscription = try spoken.subscription(["secret": .string(secret.revealed)])
        let event = try #require(events(spoken).first)
        let late = spoken.prepare(event, for: subscription, attempt: 60)
        #expect(try spoken.accepts(late, secret: secret, at: Building.now + .seconds(3600)) == true)
    }
}
