internal import GatehouseCore
internal import GatehouseTesting
internal import HTTPTypes
import Testing

@testable internal import DialectFixtures
@testable internal import GatehouseDialects

/// 1UPVISION's requests: the signature, the four header fields, the promise, the choice of names, golden files.
@Suite struct OneUpVisionDialectTests {
    private let spoken = Spoken(dialect: OneUpVisionDialect())

    private func field(_ name: String, of request: PreparedRequest) -> String? {
        HTTPField.Name(name).flatMap { request.headers[$0] }
    }

    private func punch() throws -> Event { try OneUpVisionDialect().parse(OneUpVisionPayloadTests.sample()).admitted() }

    @Test func signatureCoversTheBody() throws {
        var subscription = try spoken.subscription()
        var terms = subscription.terms
        terms.secret = Secret("WEBHOOK SECRET")
        subscription = Subscription(
            subscription.identity, terms: terms, hold: .none, revision: 1, sayable: spoken.dialect.vocabulary.sayable)
        let request = spoken.prepare(try punch(), for: subscription)
        #expect(
            field("X-ServiceHook-Signature", of: request)
                == "dd05f491ec57880b00860ffc8ab9642a5be1256a348aa8c191f9cef7ba19a584")
    }

    @Test func requestHasTheFourHeaderFields() throws {
        let request = spoken.prepare(try punch(), for: try spoken.subscription())
        #expect(field("X-ServiceHook-Event", of: request) == "punch.create")
        #expect(field("X-ServiceHook-Timestamp", of: request) == "2026-03-11T08:16:30Z")
        #expect(field("X-ServiceHook-UUID", of: request)?.count == 36)
        #expect(field("X-ServiceHook-Signature", of: request)?.count == 64)
        #expect(request.headers[.contentType] == "application/json")
        #expect(request.method == .post)
    }

    @Test func retryHasTheSameBodyAndSignatureAndANewTimestamp() throws {
        let subscription = try spoken.subscription()
        let first = spoken.prepare(try punch(), for: subscription)
        let second = spoken.prepare(try punch(), for: subscription, attempt: 2)
        #expect(first.body == second.body)
        #expect(field("X-ServiceHook-Signature", of: first) == field("X-ServiceHook-Signature", of: second))
        #expect(field("X-ServiceHook-Timestamp", of: second) == "2026-03-11T08:17:30Z")
    }

    @Test func uuidOfAnOrganizationIsConstant() {
        let dialect = OneUpVisionDialect()
        let acme = dialect.integrationID(of: OrganizationID("acme"))
        #expect(acme == "b396a6a4-e29e-58c5-abf1-bf52b69b43b6")
        #expect(acme == dialect.integrationID(of: OrganizationID("acme")))
        #expect(acme != dialect.integrationID(of: OrganizationID("other")))
    }

    private static let failures: [Outcome] = [
        .unreachable(reason: "refused"), .timedOut(.answer), .answered(.init(status: 404)),
        .answered(.init(status: 500)), .answered(.init(status: 410)), .answered(.init(status: 302)),
    ]

    @Test(arguments: failures)
    func failedDeliveryIsTriedFourMoreTimesAndThenEnds(_ outcome: Outcome) throws {
        let terms = try spoken.terms()
        let policy = RetryPolicy(of: spoken.dialect.retries(for: terms), terms: terms)
        var random = SeededRandom(seed: 1)
        var waits: [Duration] = []
        for attempt in 1...5 {
            let verdict = policy.verdict(
                on: outcome, attempt: attempt, lane: .normal, now: Building.now, using: &random)
            switch verdict {
            case .dueAgain(let due): waits.append(due - Building.now)
            case .dead(.exhausted): #expect(attempt == 5)
            case .delivered, .gone, .dead(.corrupt): Issue.record("\(verdict) at attempt \(attempt)")
            }
        }
        #expect(waits == [.seconds(10), .seconds(60), .seconds(300), .seconds(900)])
    }

    @Test func ourScheduleIsUsedOnRequest() throws {
        let terms = try spoken.terms(["promise": "durable"])
        #expect(spoken.dialect.retries(for: terms).delays == RetryPromise.standard.delays)
        #expect(!spoken.dialect.retries(for: terms).goneDisables)
        let vendors = try spoken.terms(["promise": "vendor"])
        #expect(spoken.dialect.retries(for: vendors).delays.count == 4)
    }

    @Test func answerMayTakeThirtySeconds() throws {
        #expect(try spoken.terms().timeout == .seconds(30))
    }

    @Test func nameIsSentOnlyToSubscriptionsThatAskForIt() throws {
        let subscription = try spoken.subscription(["settings": ["events": ["visit.checkin"]]])
        for kind in Kind.allCases {
            let names = spoken.dialect.names(of: Canary.event(kind), for: subscription).map(\.text)
            #expect(names == (kind == .visitCheckedIn ? ["visit.checkin"] : []), "\(kind)")
        }
    }

    @Test func passageIsSentOnlyAtAttendancePoints() throws {
        let subscription = try spoken.subscription()
        var passage: JSONObject = [
            "panel": "1", "door": "lobby", "person": ["id": "31"], "access": ["direction": "entry"],
        ]
        let counted = OneUpVisionPayloadTests.event(.accessGranted, passage)
        #expect(spoken.dialect.names(of: counted, for: subscription).map(\.text) == ["punch.create"])
        let elsewhere = OneUpVisionPayloadTests.event(.accessGranted, passage, isAttendancePoint: false)
        #expect(spoken.dialect.names(of: elsewhere, for: subscription).isEmpty)
        passage["person"] = nil
        let ofNobody = OneUpVisionPayloadTests.event(.accessGranted, passage)
        #expect(spoken.dialect.names(of: ofNobody, for: subscription).isEmpty, "there is no punch without a person")
    }

    @Test func namesAreTheThirteenOfTheManual() {
        #expect(OneUpVisionEvents.table.names.count == 13)
        #expect(Set(OneUpVisionEvents.table.names).count == 13)
        #expect(OneUpVisionEvents.table.vocabulary.entries.count == Kind.allCases.count)
    }

    @Test(arguments: PrivacyLevel.allCases)
    func bodyEqualsTheGoldenFile(_ level: PrivacyLevel) throws {
        let golden = Golden("../Golden/OneUpVision")
        let passage = OneUpVisionPayloadTests.event(.accessGranted, Building.examples[0].event.data)
        for (name, event) in [("access-granted", passage), ("punch-created", try punch())] {
            let body = String(decoding: OneUpVisionPayload.body(of: event, at: level), as: UTF8.self)
            #expect(try golden.difference(body, from: "\(name).level-\(level.rawValue).json") == nil)
        }
    }

    @Test func requestEqualsTheGoldenFile() throws {
        let subscription = try spoken.subscription(["secret": "a secret of sixteen"])
        let request = spoken.prepare(try punch(), for: subscription)
        #expect(try Golden("../Golden/OneUpVision").difference(request.written, from: "punch-created.http") == nil)
    }
}
