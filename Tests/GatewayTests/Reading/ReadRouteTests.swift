internal import GatehouseClient
internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseTesting
internal import HTTPTypes
import Testing

@testable internal import DialectFixtures
@testable internal import GatehouseServer

/// No route that reads, a vendor's or ours, shows more than the caller's key may read.
@Suite(.timeLimit(.minutes(2))) struct ReadRouteTests {
    private static let roles = ["admin", "manager", "reporter"] as [JSON]

    @Test func routesShowNoMoreThanTheKeysLevel() async throws {
        try await ReadingGateway.with(repeating: .body) { setup in
            for level in [PrivacyLevel.noCredentials, .noPersons] {
                for role in Self.roles {
                    let key = try await setup.key(role, level: level.rawValue)
                    for (path, answer) in try await setup.answers(to: key) {
                        #expect(answer.status < 500 || answer.status == 501, "\(path): \(answer.status)")
                        for canary in Canary.banned(at: level) {
                            #expect(!answer.text.contains(canary), "\(path) at \(level) to \(role.compact)")
                        }
                    }
                }
            }
        }
    }

    @Test func streamShowsNoMoreThanTheKeysLevel() async throws {
        try await ReadingGateway.with(repeating: .body) { setup in
            for level in PrivacyLevel.allCases {
                let client = try APIClient(
                    url: setup.gateway.base, key: try await setup.key("reporter", level: level.rawValue))
                for try await told in client.events.follow(.init(kinds: ["access.granted"]), after: "0") {
                    let text = told.event.json.compact
                    for canary in Canary.banned(at: level) { #expect(!text.contains(canary)) }
                    #expect(text.contains(Canary.person) == (level < .noPersons))
                    break
                }
            }
        }
    }

    /// Without this, a gateway that shows nothing would pass.
    @Test func levelZeroShowsAllInFeedAttemptsAndReport() async throws {
        try await ReadingGateway.with(repeating: .body) { setup in
            let key = try await setup.key("manager", level: 0)
            let answers = try await setup.answers(to: key)
            for prefix in ["/v1/events", "/v1/deliveries/", "/api/v1/webhooks/events/"] {
                let texts = answers.filter { $0.path.hasPrefix(prefix) }.map(\.answer.text)
                #expect(texts.contains { $0.contains(Canary.credential) && $0.contains(Canary.person) }, "\(prefix)")
            }
        }
    }

    @Test func unreadableFieldIsMarkedAsWithheld() async throws {
        try await ReadingGateway.with(repeating: .body) { setup in
            let key = try await setup.key("manager", level: 1)
            let answers = try await setup.answers(to: key)
            let reports = answers.filter { $0.path.hasPrefix("/webhooks/events/") && $0.answer.status == 200 }
            #expect(reports.contains { $0.answer.text.contains("withheld: it may repeat more of the event") })
            let attempts = answers.filter { $0.path.hasPrefix("/v1/deliveries/") }
                .flatMap { $0.answer.json["attempts"]?.items ?? [] }
            #expect(attempts.contains { $0["answerWithheld"] == true && $0["answer"] == .null && $0["status"] == 200 })
        }
    }

    /// The stricter of the two counts: values that a subscription may not get are not shown in its history to a less
    /// restricted key.
    @Test func historyOfAStricterSubscriptionShowsNoMore() async throws {
        try await ReadingGateway.with(repeating: .body) { setup in
            let listed = try await setup.gateway.get("/v1/subscriptions").json["items"]?.items ?? []
            let basip = try #require(listed.first { $0["dialect"] == "basip" }?["id"]?.text)
            let stricter: JSON = ["privacyLevel": 2]
            let changed = try await setup.gateway.send(
                .patch, "/v1/subscriptions/\(basip)", headers: [.contentType: "application/json"],
                body: stricter.bytes)
            #expect(changed.status == 200)
            let key = try await setup.key("manager", level: 0)
            for path in setup.places["uid"] ?? [] {
                let report = try await setup.gateway.get("/webhooks/events/\(path)", key: key)
                let request = report.text.components(upTo: "RESPONSE:")
                for canary in Canary.banned(at: .noPersons) { #expect(!request.contains(canary)) }
            }
        }
    }
}

extension String {
    /// The part before a mark.
    fileprivate func components(upTo mark: String) -> Substring {
        firstRange(of: mark).map { self[..<$0.lowerBound] } ?? self[...]
    }
}
