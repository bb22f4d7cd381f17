internal import GatehouseCore
internal import GatehouseTesting
import Testing

@testable internal import DialectFixtures
@testable internal import GatehouseDialects

/// A passage under duress is owed to subscriptions to its kind and to subscriptions to the alarm, once to each, live
/// and by a replay; it has the name that the subscription asks for.
@Suite struct DuressTellingTests {
    private static let kinds = Catalogue.rows.filter { $0.teller != .gateway && $0.blocks.contains(.access) }
        .map(\.kind)

    private static func event(_ kind: Kind, _ access: JSONObject = ["authorized": true, "duress": true]) throws -> Event
    {
        var random = SeededRandom(seed: 7)
        var data: JSONObject = ["door": "lobby"]
        let blocks = Catalogue.row(of: kind).blocks
        if blocks.contains(.access) { data["access"] = .object(access) }
        if blocks.contains(.person) { data["person"] = ["id": "31"] }
        let draft: JSON = [
            "specversion": "1.0", "id": "1", "source": "/panels/1070000", "type": .string(kind.name),
            "data": .object(data),
        ]
        let admitted = try Admission(
            directory: Building.directory, caller: .init(of: Building.organization, role: .source), now: Building.now
        ).admit(draft, using: &random).event
        var parts = admitted.parts
        // Every door counts as an attendance point, so that passages are reported as punches.
        parts.labels.isAttendancePoint = true
        return Event(parts)
    }

    /// A subscription to these kinds, whether or not the contract has a name for each.
    private static func hook(_ kinds: [String]?, _ spoken: Spoken) throws -> Subscription {
        var terms = try spoken.terms()
        terms.kinds = kinds
        return spoken.subscription(on: terms)
    }

    private static func isOwed(_ event: Event, to hook: Subscription, _ spoken: Spoken) -> Int {
        var index = SubscriptionIndex()
        index.put(hook)
        return index.owed(event, lineage: [Building.organization], dialects: DialectTable([spoken.dialect])).count
    }

    @Test(arguments: Spoken.all)
    func duressIsSentOnceToSubscriptionsToItsKindOrToTheAlarm(_ spoken: Spoken) throws {
        let sayable = spoken.dialect.vocabulary.sayable
        for kind in Self.kinds {
            let event = try Self.event(kind)
            #expect(event.kind == kind && event.isUnderDuress && event.isAuthorized == true && event.lane == .urgent)
            for asked in [[kind], [.accessDuress], [kind, .accessDuress], [.doorPropped]] as [[Kind]] {
                let hook = try Self.hook(asked.map(\.name), spoken)
                let fits = asked.contains { $0 != .doorPropped && sayable.contains($0) }
                #expect(Self.isOwed(event, to: hook, spoken) == (fits ? 1 : 0), "\(kind) to \(asked)")
                guard fits else { continue }
                let names = spoken.dialect.names(of: event, for: hook).map(\.text)
                let words = [kind, .accessDuress].flatMap { Self.words($0, spoken) }
                #expect(names.count == 1 && Set(names).isSubset(of: words), "\(kind): \(names)")
                #expect(!spoken.prepare(event, for: hook).body.isEmpty)
            }
        }
    }

    private static func words(_ kind: Kind, _ spoken: Spoken) -> [String] {
        switch spoken.dialect.vocabulary.entries[kind] {
        case .named(let names): names.map(\.text)
        case .silent, nil: []
        }
    }

    /// A replay owes the events that would be owed if they happened now and have the named kinds; its question to the
    /// feed includes all of them.
    @Test(arguments: Spoken.all)
    func replayAgreesWithLiveMatching(_ spoken: Spoken) throws {
        let orders: [[String]?] = [
            nil, ["access.duress"], ["access.granted"], ["access.denied", "door.*"], ["door.forced"],
        ]
        let asked: [[String]?] = [nil, ["access.duress"], ["access.granted"], ["access.denied"], ["door.forced"]]
        var owed = 0
        for kinds in asked {
            let hook = try Self.hook(kinds, spoken)
            for ordered in orders {
                let order = Replay.Order(hook.id, since: Instant(seconds: 0), kinds: ordered)
                let match = ReplayMatch(order, to: hook, in: spoken.dialect, Building.directory)
                let filter = match.filter(after: EventPosition(0), limit: 9)
                for kind in Self.kinds + [.doorForced] {
                    for access: JSONObject in [["duress": true], ["authorized": true, "duress": true], [:]] {
                        guard let event = try? Self.event(kind, kind == .doorForced ? [:] : access) else { continue }
                        let isOrdered = ordered.map { KindGlob.expand($0).wants(event) } ?? true
                        let isLive = Self.isOwed(event, to: hook, spoken) == 1
                        #expect(
                            match.owes(event) == (isOrdered && isLive), "\(kind) of \(ordered ?? []) to \(kinds ?? [])")
                        guard match.owes(event) else { continue }
                        owed += 1
                        #expect(match.isPossible && filter.kinds.wants(event))
                    }
                }
            }
        }
        #expect(owed > 0 || spoken.dialect.vocabulary.sayable.intersection(KindSet(Self.kinds)).isEmpty)
    }

    // swift-format-ignore
    /// The content of a body, by the contract, the kind, and the subscription.
    private static let tellings: [(dialect: String, kind: Kind, access: JSONObject, asked: JSONObject, word: String)] = [
        ("standard", .accessDenied, ["authorized": true, "duress": true], ["kinds": ["access.duress"]], "access.denied"),
        ("standard", .accessGranted, ["duress": true], [:], "access.granted"),
        ("prodatakey", .accessDenied, ["authorized": true, "duress": true], [:], "door.request.duress"),
        ("prodatakey", .accessDenied, ["authorized": true, "duress": true], ["kinds": ["access.denied"]], "door.request.denied"),
        ("prodatakey", .accessDenied, ["authorized": true, "duress": true], ["kinds": ["access.duress"]], "door.request.duress"),
        ("prodatakey", .accessUnrecognized, ["duress": true], ["settings": ["events": ["door.request.unknown"]]], "door.request.unknown"),
        ("prodatakey", .accessGranted, ["duress": true], ["settings": ["events": ["door.request.allowed", "door.request.duress"]]], "door.request.duress"),
        ("placeos", .accessDenied, ["authorized": true, "duress": true], [:], "granted"),
        ("placeos", .accessDenied, ["authorized": true, "duress": true], ["kinds": ["access.denied"]], "denied"),
        ("placeos", .accessDenied, ["duress": true], [:], "denied"),
        ("placeos", .accessGranted, ["duress": true, "grantedBy": "button"], [:], "request_to_exit"),
        ("placeos", .accessGranted, ["duress": true], ["settings": ["extendedActions": true]], "duress"),
        ("placeos", .accessGranted, ["duress": true], ["settings": ["extendedActions": true], "kinds": ["access.granted"]], "granted"),
        ("basip", .accessDenied, ["authorized": true, "duress": true], [:], "log.access_granted_by_valid_identifier"),
        ("basip", .accessDenied, ["authorized": true, "duress": true], ["kinds": ["access.denied"]], "log.access_denied_by_not_valid_identifier"),
        ("basip", .accessDenied, ["authorized": true, "duress": true], ["settings": ["max_retries": 5, "event_types": ["log.access_denied_by_not_valid_identifier"]]], "log.access_denied_by_not_valid_identifier"),
        ("basip", .accessGranted, ["duress": true, "grantedBy": "api"], [:], "log.access_granted_by_api_call"),
        ("basip", .accessGranted, ["duress": true, "grantedBy": "api"], ["settings": ["max_retries": 5, "event_types": ["log.access_granted_by_valid_identifier"]]], "log.access_granted_by_valid_identifier"),
        ("situator", .accessDenied, ["authorized": true, "duress": true], [:], "access"),
    ]

    @Test(arguments: tellings.indices)
    func bodyHasTheRequestedName(_ place: Int) throws {
        let row = Self.tellings[place]
        let spoken = try #require(Spoken.all.first { $0.dialect.name.text == row.dialect })
        let hook = try spoken.subscription(row.asked)
        let event = try Self.event(row.kind, row.access)
        #expect(Self.isOwed(event, to: hook, spoken) == 1)
        #expect(spoken.dialect.names(of: event, for: hook).map(\.text) == [row.word])
        let body = try JSONParser.parse(spoken.prepare(event, for: hook).body)
        let words = ["type", "topic", "action", "event_type"].compactMap { body[$0]?.text }
        #expect(words.first == row.word, "\(body.compact)")
        if row.dialect == "situator" { #expect(body["authorized"] == true && body["duress"] == true) }
    }
}
