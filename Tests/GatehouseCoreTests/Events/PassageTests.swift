import GatehouseCore
import Testing

/// Kind and `access` block agree once an event is admitted, and what a reporter leaves open has one answer.
@Suite struct PassageTests {
    static let kinds = Catalogue.rows.filter { $0.teller != .gateway && $0.blocks.contains(.access) }.map(\.kind)

    private func admit(_ kind: Kind, _ access: String?) throws -> Event {
        var random = SeededRandom(seed: 7)
        let data = access.map { #"{"door":"lobby","access":\#($0)}"# } ?? #"{"door":"lobby"}"#
        let draft = AdmissionTests.draft(with: #"{"type":"\#(kind.name)","data":\#(data)}"#)
        return try Admission(
            directory: AdmissionTests.directory, caller: .init(of: OrganizationID("acme"), role: .source),
            now: AdmissionTests.now
        ).admit(draft, using: &random).event
    }

    @Test func everyKindOfPassageIsTested() {
        #expect(
            Self.kinds.map(\.name).sorted() == [
                "access.denied", "access.duress", "access.granted", "access.multi_denied", "access.multi_granted",
                "access.recognized", "access.unrecognized", "access.virtual_read", "door.exit_requested",
            ])
    }

    /// Whether each kind implies that access was granted; nil if it leaves that open.
    private static let says: [Kind: Bool] = [
        .accessGranted: true, .accessMultiGranted: true, .doorExitRequested: true, .accessDenied: false,
        .accessUnrecognized: false, .accessMultiDenied: false,
    ]

    @Test(arguments: kinds)
    func oneFactHasOneAnswer(kind: Kind) throws {
        for authorized in [nil, true, false] as [Bool?] {
            for duress in [nil, true, false] as [Bool?] {
                let fields = [authorized.map { #""authorized":\#($0)"# }, duress.map { #""duress":\#($0)"# }]
                let access = "{" + fields.compactMap { $0 }.joined(separator: ",") + "}"
                let isAlarm = duress == true || kind == .accessDuress
                let said = Self.says[kind]
                let contradicts =
                    (said != nil && authorized != nil && authorized != said)
                    || (kind == .accessDuress && duress == false)
                guard isAlarm || !contradicts else {
                    let fault = try #require(throws: ValidationError.self) { _ = try admit(kind, access) }
                    #expect(fault.code == .contradiction && fault.field == "data.access.authorized", "\(access)")
                    continue
                }
                let event = try admit(kind, access)
                #expect(event.isUnderDuress == isAlarm, "\(access)")
                #expect(event.lane == (isAlarm ? .urgent : .normal), "\(access)")
                #expect(event.flag == (contradicts ? .contradiction : nil), "\(access)")
                // If the two contradict each other, the more alarming one counts: access granted.
                let answer = contradicts && said != nil ? true : said ?? authorized ?? (isAlarm ? true : nil)
                #expect(event.isAuthorized == answer, "\(kind) \(access)")
                #expect(event.data["access"]?["authorized"]?.bool == answer, "the data has the answer")
                #expect(event.kind == kind, "the reported kind stays: \(access)")
                #expect(event.kinds == (isAlarm && kind != .accessDuress ? [.accessDuress, kind] : [kind]))
                let again = try #require(Event(stored: event.stored))
                #expect(again.stored == event.stored && again.flag == event.flag && again.lane == event.lane)
            }
        }
    }

    @Test func valueImpliedByTheKindIsFilledIn() throws {
        #expect(try admit(.accessGranted, nil).data["access"] == ["authorized": true])
        #expect(try admit(.accessDuress, nil).data["access"] == ["authorized": true, "duress": true])
        #expect(
            try admit(.doorExitRequested, nil).data["access"]
                == ["direction": "exit", "method": "button", "authorized": true])
        #expect(try admit(.doorExitRequested, #"{"method":"remote"}"#).data["access"]?["method"] == "remote")
        #expect(try admit(.doorExitRequested, #"{"direction":"none"}"#).data["access"]?["direction"] == "exit")
        #expect(try admit(.accessRecognized, nil).data["access"] == nil, "it decides nothing")
        #expect(try admit(.doorForced, nil).data["access"] == nil)
        let fault = try #require(throws: ValidationError.self) {
            _ = try admit(.doorExitRequested, #"{"direction":"entry"}"#)
        }
        #expect(fault.code == .contradiction && fault.field == "data.access.direction")
    }

    /// Events that were stored before the rule existed are read by it.
    @Test func storedEventHasTheSameAnswer() {
        func event(_ kind: Kind, _ data: JSONObject) -> Event {
            var parts = Event.Parts(
                id: EventID(high: 1, low: 2), kind: kind, organization: OrganizationID("acme"),
                received: AdmissionTests.now)
            parts.data = data
            return Event(parts)
        }
        #expect(event(.accessDuress, JSONObject()).isAuthorized == true)
        #expect(event(.accessDuress, JSONObject()).lane == .urgent)
        #expect(event(.accessDenied, JSONObject()).isAuthorized == false)
        #expect(event(.doorForced, JSONObject()).isAuthorized == nil)
        let told = event(.accessGranted, JSONObject([.init("access", ["duress": true])]))
        #expect(told.kinds == [.accessDuress, .accessGranted])
        #expect(KindSet([.accessDuress]).wants(told) && KindSet([.accessGranted]).wants(told))
        #expect(!KindSet([.accessDenied]).wants(told))
        #expect(!KindSet([.accessDuress]).wants(event(.accessGranted, JSONObject())))
    }
}
