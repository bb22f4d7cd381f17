internal import GatehouseCore
internal import GatehouseTesting
internal import HTTPTypes
import Testing

@testable internal import DialectFixtures
@testable internal import GatehouseDialects

/// PlaceOS's posts: the choice of actions, the promise, the terms, golden files, and the requests and answers of its
/// URLs.
@Suite struct PlaceOSDialectTests {
    private let spoken = Spoken(dialect: PlaceOSDialect())

    private func actions(_ kind: Kind, _ access: JSON = [:], extended: Bool? = nil) throws -> [String] {
        let settings: JSONObject = extended.map { ["extendedActions": .bool($0)] } ?? [:]
        let subscription = try spoken.subscription(["settings": .object(settings)])
        let event = Building.event(kind, ["panel": "1070000", "door": "lobby", "access": access])
        return spoken.dialect.names(of: event, for: subscription).map(\.text)
    }

    private static let plain: [(Kind, String)] = [
        (.accessGranted, "granted"), (.accessMultiGranted, "granted"), (.accessDenied, "denied"),
        (.accessUnrecognized, "denied"), (.accessMultiDenied, "denied"), (.doorExitRequested, "request_to_exit"),
        (.deviceTampered, "tamper"), (.doorForced, "tamper"), (.securityBreached, "tamper"),
    ]

    @Test func seedsFourActionsAreTheDefault() throws {
        for kind in Kind.allCases where kind != .accessDuress {
            #expect(try actions(kind) == Self.plain.filter { $0.0 == kind }.map(\.1), "\(kind)")
        }
    }

    @Test func pressOfAButtonIsARequestToExit() throws {
        #expect(try actions(.accessGranted, ["method": "button"]) == ["request_to_exit"])
        #expect(try actions(.accessGranted, ["grantedBy": "button"]) == ["request_to_exit"])
        #expect(try actions(.accessGranted, ["grantedBy": "api"]) == ["granted"])
    }

    @Test func duressIsSentAsItsDecision() throws {
        #expect(try actions(.accessDuress, ["authorized": true]) == ["granted"])
        #expect(try actions(.accessDuress, ["authorized": false], extended: false) == ["denied"])
        #expect(try actions(.accessDuress) == ["granted"], "who acts under duress is taken to have been let in")
    }

    @Test func extendedActionsAreASetting() throws {
        #expect(try actions(.accessDuress, ["authorized": true], extended: true) == ["duress"])
        #expect(try actions(.doorForced, extended: true) == ["forced_door"])
        #expect(try actions(.securityBreached, extended: true) == ["security_breach"])
        #expect(try actions(.deviceTampered, extended: true) == ["tamper"])
        #expect(try actions(.accessGranted, extended: true) == ["granted"])
    }

    @Test func extendedActionsSettingIsABoolean() throws {
        for value: JSON in ["yes", 1, .null] {
            var terms = try spoken.terms()
            terms.settings["extendedActions"] = value
            #expect(spoken.dialect.faults(in: terms).map(\.field) == ["settings.extendedActions"], "\(value)")
        }
    }

    @Test func secretMayBeShortButIsBounded() throws {
        var terms = try spoken.terms()
        #expect(terms.secret == nil, "none is made")
        for (length, isRight) in [(0, true), (1, true), (4096, true), (4097, false)] {
            terms.secret = Secret(String(repeating: "s", count: length))
            #expect(spoken.dialect.faults(in: terms).map(\.field) == (isRight ? [] : ["secret"]), "\(length)")
        }
    }

    @Test func vendorsPromiseIsOneTry() throws {
        let terms = try spoken.terms(["promise": "vendor"])
        #expect(spoken.dialect.retries(for: terms).delays.isEmpty)
        #expect(spoken.dialect.retries(for: terms).urgentDelays.isEmpty)
        let policy = RetryPolicy(of: spoken.dialect.retries(for: terms), terms: terms)
        var random = SeededRandom(seed: 1)
        let verdict = policy.verdict(
            on: .answered(.init(status: 500)), attempt: 1, lane: .urgent, now: Building.now, using: &random)
        guard case .dead(.exhausted) = verdict else {
            Issue.record("\(verdict) after the one try")
            return
        }
    }

    @Test func durablePromiseIsTheDefaultAndGoneIsAUsualFailure() throws {
        for terms in [try spoken.terms(), try spoken.terms(["promise": "durable"])] {
            let promise = spoken.dialect.retries(for: terms)
            #expect(promise.delays == RetryPromise.standard.delays && !promise.goneDisables)
            #expect(terms.timeout == .seconds(10) && terms.privacyLevel == .everything)
        }
    }

    @Test(arguments: PrivacyLevel.allCases)
    func bodyEqualsTheGoldenFile(_ level: PrivacyLevel) throws {
        let golden = Golden("../Golden/PlaceOS")
        let hook = try spoken.subscription(["privacyLevel": .integer(level.rawValue)])
        for (name, event) in Building.examples.prefix(3) {
            let body = String(decoding: PlaceOSPayload.body(of: event, for: hook), as: UTF8.self)
            #expect(try golden.difference(body, from: "\(name).level-\(level.rawValue).json") == nil)
        }
    }

    @Test func requestEqualsTheGoldenFile() throws {
        let subscription = try spoken.subscription(["secret": "a secret of sixteen"])
        let request = spoken.prepare(Building.examples[0].event, for: subscription)
        #expect(try Golden("../Golden/PlaceOS").difference(request.written, from: "access-granted.http") == nil)
    }
}
