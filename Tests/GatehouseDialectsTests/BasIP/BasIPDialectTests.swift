internal import GatehouseCore
internal import GatehouseTesting
internal import HTTPTypes
import Testing

@testable internal import DialectFixtures
@testable internal import GatehouseDialects

/// BAS-IP's requests and promise: the signature with its vector, the header fields, the tries, golden files.
@Suite struct BasIPDialectTests {
    private let spoken = Spoken(dialect: BasIPDialect())
    private let badge = BasIPExamples.event(.accessGranted, BasIPExamples.badge)

    @Test(arguments: [(1, 3), (9, 27), (10, 30), (30, 30)])
    func tryEndsAtThreeTimesTheTimeout(_ seconds: Int64, _ longest: Int64) throws {
        let subscription = try spoken.subscription(["timeout": .integer(seconds * 1000)])
        #expect(spoken.prepare(badge, for: subscription).longest == .seconds(longest))
    }

    /// The vector was computed by Python's hmac over the body of ``BasIPPayloadTests/eventIsWrittenKeyForKey()``.
    @Test func signatureEqualsTheVector() throws {
        let subscription = try spoken.subscription(["secret": "de35f883b0d91c78fc8f27b8cb827a7a"])
        let fields = spoken.prepare(badge, for: subscription).headers
        #expect(
            try fields[#require(HTTPField.Name("X-Webhook-Signature"))]
                == "b1bea86459d62768b99cf4943dbe0194a633435857d697266d91730c1d06d7ef")
    }

    @Test func headersAreInOrderAndTheOwnersFollow() throws {
        let subscription = try spoken.subscription([
            "secret": "de35f883b0d91c78fc8f27b8cb827a7a", "headers": ["X-Site": "north"],
        ])
        let headers = spoken.prepare(badge, for: subscription, attempt: 3).headers
        #expect(
            headers.map(\.name.rawName) == [
                "Content-Type", "User-Agent", "X-Webhook-Signature", "X-Webhook-Timestamp", "X-Webhook-Attempt",
                "gatehouse-event-id", "X-Site",
            ])
        #expect(headers[.contentType] == "application/json")
        #expect(headers[.userAgent] == "BAS-IP-Webhook-Service/1.0")
        #expect(try headers[#require(HTTPField.Name("X-Webhook-Attempt"))] == "3")
        #expect(try headers[#require(HTTPField.Name("X-Webhook-Timestamp"))] == "2026-03-11T08:18:30Z")
    }

    @Test func requestWithoutASecretHasNoSignature() throws {
        let request = spoken.prepare(badge, for: try spoken.subscription())
        #expect(!request.headers.contains { $0.name.canonicalName == "x-webhook-signature" })
        #expect(request.method == .post)
    }

    @Test func everyTryHasItsNumberAndItsTime() throws {
        let subscription = try spoken.subscription()
        let tries = (1...6).map { spoken.prepare(badge, for: subscription, attempt: $0).headers }
        let (number, time) = (HTTPField.Name("X-Webhook-Attempt"), HTTPField.Name("X-Webhook-Timestamp"))
        #expect(try tries.map { try $0[#require(number)] } == ["1", "2", "3", "4", "5", "6"])
        #expect(Set(try tries.map { try $0[#require(time)] }).count == 6)
    }

    @Test(arguments: 0...5)
    func deliveryIsTriedOnceAndThenByMaxRetries(_ retries: Int) throws {
        let settings: JSON = ["event_types": ["log.tamper_event"], "max_retries": .integer(retries)]
        let terms = try spoken.terms(["settings": settings])
        let promise = spoken.dialect.retries(for: terms)
        #expect(promise.delays == [1, 5, 30, 120, 600].prefix(retries).map { .seconds($0) })
        let policy = RetryPolicy(of: promise, terms: terms)
        for lane in [Lane.normal, .urgent] {
            for attempt in 1...(retries + 1) {
                var random = SystemRandomNumberGenerator()
                let verdict = policy.verdict(
                    on: .answered(Outcome.Answer(status: 410)), attempt: attempt, lane: lane, now: Building.now,
                    using: &random)
                switch verdict {
                case .dueAgain: #expect(attempt <= retries)
                case .dead(.exhausted): #expect(attempt == retries + 1)
                case .delivered, .gone, .dead(.corrupt): Issue.record("\(verdict) at attempt \(attempt)")
                }
            }
        }
    }

    @Test func ourPromiseIsKeptOnRequest() throws {
        let promise = spoken.dialect.retries(for: try spoken.terms(["promise": "durable"]))
        #expect(promise.delays == RetryPromise.standard.delays)
        #expect(!promise.goneDisables)
        #expect(spoken.dialect.retries(for: try spoken.terms(["promise": "vendor"])).delays.count == 5)
    }

    @Test(arguments: PrivacyLevel.allCases)
    func bodiesEqualTheGoldenFiles(_ level: PrivacyLevel) throws {
        let bodies = try BasIPExamples.all().map {
            String(decoding: BasIPPayload.body(of: $0.event, at: level), as: UTF8.self)
        }
        let file = "bodies.level-\(level.rawValue).jsonl"
        #expect(
            try Golden("../Golden/BasIP").difference(bodies.joined(separator: "\n") + "\n", from: file) == nil)
    }

    @Test func requestEqualsTheGoldenFile() throws {
        let subscription = try spoken.subscription(["secret": "de35f883b0d91c78fc8f27b8cb827a7a"])
        let request = spoken.prepare(badge, for: subscription, attempt: 2)
        #expect(try Golden("../Golden/BasIP").difference(request.written, from: "access-granted.second.http") == nil)
    }
}
