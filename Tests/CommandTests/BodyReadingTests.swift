import GatehouseCore
import GatehouseDialects
import GatehouseVerification
import HTTPTypes
import Testing

@testable import gatehouse

/// Everything that the gateway can send is verified and reported in plain words. If a verified body cannot be read, the
/// verification is reported first, and then the reason.
@Suite struct BodyReadingTests {
    private static let now = Instant(seconds: 1_790_000_000)
    private static let rows = DemoReceiver.all

    /// A subscription to every kind of its dialect, signed with a secret, and its verifier.
    private struct Bench {
        let dialect: any Dialect
        let subscription: Subscription
        let verifier: Verifier

        init(_ row: DemoReceiver) throws {
            dialect = row.dialect
            var terms = Terms(
                name: "N", dialect: dialect.name, url: try #require(TargetURL("https://127.0.0.1/")),
                defaults: dialect.defaults)
            terms.settings = row.settings
            let words = Set(dialect.vocabulary.entries.values.flatMap(BodyReadingTests.names)).sorted()
            for key in ["events", "event_types"] where row.settings[key]?.items?.first?.text != nil {
                terms.settings[key] = .array(words.map { .string($0) })
            }
            terms.privacyLevel = .everything
            var random = SystemRandomNumberGenerator()
            let secret = dialect.makeSecret(using: &random)
            terms.secret = secret
            verifier = try Verifier(row.verification, secret: secret.revealed, tolerance: row.tolerance)
            let identity = Subscription.Identity(
                id: SubscriptionID("s"), organization: DemoBuilding.organization, created: BodyReadingTests.now)
            subscription = Subscription(
                identity, terms: terms, hold: .none, revision: 1, sayable: dialect.vocabulary.sayable)
        }

        func arrival(of event: Event) throws -> EventReceiver.Arrival {
            let parcel = Parcel(event: event, subscription: subscription, attempt: 1, isReplay: false)
            return try arrival(of: dialect.prepare(parcel, at: BodyReadingTests.now))
        }

        func arrival(of request: PreparedRequest) throws -> EventReceiver.Arrival {
            let received = ReceivedRequest(
                headers: request.headers.map { ($0.name.rawName, $0.value) }, body: request.body)
            return EventReceiver.Arrival(
                result: .success(try verifier.verify(received, now: BodyReadingTests.now.seconds)), isDuplicate: false,
                status: 204, time: BodyReadingTests.now, headers: request.headers)
        }
    }

    private static func names(_ entry: Vocabulary.Entry) -> [String] {
        switch entry {
        case .named(let names): names.map(\.text)
        case .silent: []
        }
    }

    private static func event(_ kind: Kind, _ data: JSONObject) -> Event {
        var parts = Event.Parts(
            id: EventID(high: 1, low: 2), kind: kind, organization: DemoBuilding.organization, received: now)
        parts.data = data
        (parts.labels.doorName, parts.labels.doorNumber, parts.labels.panelNumber) = ("Door", 1, 7)
        parts.labels.isAttendancePoint = true
        for subject in Numbers.Subject.allCases { parts.labels.numbers[subject] = 31 }
        parts.labels.numbers.position = 5
        return Event(parts)
    }

    /// Every block that a kind may carry, as far as it names place and person.
    private static func data(_ kind: Kind) -> JSONObject {
        let all: JSON = [
            "panel": "p1", "door": "d1", "zone": ["id": "z1"], "person": ["id": "31", "firstName": "Ana"],
            "visitor": ["id": "v1"], "vehicle": ["id": "c1"], "unit": ["id": "u1"],
            "credential": ["id": "k1", "form": "card", "number": "123"],
            "access": ["direction": "entry", "method": "card", "authorized": true],
            "organization": ["id": "o1", "name": "N"], "permission": ["ou": "o1", "email": "e", "role": "admin"],
            "user": ["id": "u"], "clientInfo": ["ipAddress": "127.0.0.1"], "change": "updated",
            "details": ["panelId": "p1"],
        ]
        let blocks = Catalogue.row(of: kind).blocks
        return JSONObject((all.object?.members ?? []).filter { Block(rawValue: $0.key).map(blocks.contains) ?? false })
    }

    @Test(arguments: rows.map(\.title))
    func everyKindIsVerifiedAndToldInPlainWords(title: String) throws {
        let bench = try Bench(try #require(Self.rows.first { $0.title == title }))
        var told = 0
        for kind in Kind.allCases {
            let event = Self.event(kind, Self.data(kind))
            guard !bench.dialect.names(of: event, for: bench.subscription).isEmpty else { continue }
            told += 1
            let arrival = try bench.arrival(of: event)
            let line = arrival.line(in: bench.dialect)
            #expect(line.dropFirst(8).hasPrefix("  verified  "), "\(line)")
            #expect(!line.contains("cannot be read"), "\(kind): \(line)")
            let json = arrival.json(in: bench.dialect)
            #expect(json["verified"] == true && json["kinds"]?.items?.count == 1 && json["obstacle"] == nil)
        }
        #expect(told > 5)
    }

    /// A missing field does not change the verification.
    @Test(arguments: rows.map(\.title))
    func aBodyThatLacksEverythingIsVerifiedAllTheSame(title: String) throws {
        let bench = try Bench(try #require(Self.rows.first { $0.title == title }))
        for kind in bench.dialect.vocabulary.sayable.kinds {
            var parts = Event.Parts(
                id: EventID(high: 1, low: 2), kind: kind, organization: DemoBuilding.organization, received: Self.now)
            parts.labels.isAttendancePoint = true
            let line = try bench.arrival(of: Event(parts)).line(in: bench.dialect)
            #expect(line.dropFirst(8).hasPrefix("  verified  "), "\(line)")
        }
    }

    /// A signed body that its dialect does not know, as a later version of a contract may send it.
    @Test(arguments: rows.map(\.title))
    func unreadableVerifiedBodyIsReportedInThatOrder(title: String) throws {
        let row = try #require(Self.rows.first { $0.title == title })
        let bench = try Bench(row)
        let event = Self.event(.accessGranted, Self.data(.accessGranted))
        let parcel = Parcel(event: event, subscription: bench.subscription, attempt: 1, isReplay: false)
        let request = bench.dialect.prepare(parcel, at: Self.now)
        let received = ReceivedRequest(
            headers: request.headers.map { ($0.name.rawName, $0.value) }, body: request.body)
        let verified = try bench.verifier.verify(received, now: Self.now.seconds)
        let arrival = EventReceiver.Arrival(
            result: .success(verified), isDuplicate: true, status: 503, time: Self.now, headers: request.headers)
        let stranger = DialectTable([StrangerDialect()]).dialects[0]
        let line = arrival.line(in: stranger)
        #expect(
            line.dropFirst(8).hasPrefix("  verified  its contents cannot be read: what: it is not known  "), "\(line)")
        #expect(line.hasSuffix("  duplicate  answered 503"))
        #expect(arrival.json(in: stranger)["verified"] == true)
        #expect(arrival.json(in: stranger)["obstacle"]?.text?.contains("it is not known") == true)
    }

    @Test func theTestsOfTheVendorsAreToldAsTests() throws {
        for (title, data): (String, JSON) in [
            ("standard", [:]), ("basip", ["details": ["event": "log.door_was_opened"]]),
        ] {
            let bench = try Bench(try #require(Self.rows.first { $0.title == title }))
            let event = Self.event(.gatewayTest, data.object ?? JSONObject())
            let line = try bench.arrival(of: event).line(in: bench.dialect)
            #expect(line.contains("  verified  gateway.test"), "\(line)")
        }
    }
}

/// Reads nothing.
private struct StrangerDialect: Dialect {
    let name = DialectName("stranger")
    let defaults = DialectDefaults(
        privacyLevel: .everything, timeout: .seconds(5), retries: .standard, makesSecret: false)
    let vocabulary = Vocabulary([:])

    func faults(in terms: Terms) -> [ValidationError] { [] }
    func makeSecret(using random: inout some RandomNumberGenerator) -> Secret { Secret("") }
    func names(of event: Event, for subscription: Subscription) -> [VendorName] { [] }

    func test(for subscription: Subscription) -> TestMessage {
        .first(of: (.gatewayTest, "gateway.test"), askedBy: subscription)
    }

    func prepare(_ parcel: Parcel, at now: Instant) -> PreparedRequest {
        PreparedRequest(url: parcel.subscription.terms.url, headers: [:], body: [])
    }

    func parse(_ body: [UInt8]) throws(ValidationError) -> ParsedEvent {
        throw ValidationError(.unknownKind, field: "what", "it is not known")
    }
}
