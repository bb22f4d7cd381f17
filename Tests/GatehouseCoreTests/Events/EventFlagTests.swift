import GatehouseCore
import Testing

/// An alarm is accepted with any names, and flagged; a normal event is refused.
@Suite struct EventFlagTests {
    private func admit(
        _ kind: Kind, _ data: String, _ caller: Admission.Caller? = nil, members more: String = #""specversion":"1.0""#
    ) throws -> Event {
        var random = SeededRandom(seed: 7)
        let draft = AdmissionTests.draft(with: #"{"type":"\#(kind.name)","data":\#(data),\#(more)}"#)
        return try Admission(
            directory: AdmissionTests.directory, caller: caller ?? .init(of: OrganizationID("acme"), role: .source),
            now: AdmissionTests.now
        ).admit(draft, using: &random).event
    }

    private static let strange: [(data: String, code: ValidationError.Code, flag: Event.Flag, panel: String?)] = [
        (#"{"door":"cellar"}"#, .unknownDoor, .unknownDoor, nil),
        (#"{"panel":"p9"}"#, .unknownPanel, .unknownPanel, "p9"),
        (#"{"panel":"p9","door":"cellar"}"#, .unknownPanel, .unknownPanel, "p9"),
        (#"{"panel":"1070000","door":"cellar"}"#, .unknownDoor, .unknownDoor, "1070000"),
        (#"{"panel":"p9","door":"lobby"}"#, .unknownPanel, .unknownPanel, "1070000"),
        (#"{"panel":"1070000","door":"gate"}"#, .unknownDoor, .contradiction, "yard"),
    ]

    @Test(arguments: Catalogue.rows.filter { $0.lane == .urgent && $0.teller != .gateway }.map(\.kind))
    func urgentKindIsAcceptedAndFlagged(kind: Kind) throws {
        for row in Self.strange {
            let event = try admit(kind, row.data)
            #expect(event.flag == row.flag, "\(row.data)")
            #expect(event.cloudEvent(at: .noPersons)["gatehouseflag"]?.text == row.flag.rawValue)
            #expect(Event(stored: event.stored)?.flag == row.flag)
            #expect(event.panel?.text == row.panel)
        }
        let plain = try admit(kind, #"{"door":"lobby"}"#)
        #expect(plain.flag == nil && plain.cloudEvent(at: .everything)["gatehouseflag"] == nil)
    }

    @Test func factsOfAnAlarmAreStillCopied() throws {
        let half = try admit(.doorForced, #"{"panel":"1070000","door":"cellar"}"#)
        #expect(half.labels.panelName == "Main" && half.labels.doorName == nil && half.labels.timeZone != nil)
        let astray = try admit(.doorForced, #"{"panel":"1070000","door":"gate"}"#)
        #expect(astray.labels.doorName == "Gate" && astray.labels.panelName == "Yard", "the names are the door's")
        #expect(astray.panel == PanelID("yard"), "and so is the panel, so that no body mixes two")
        #expect(astray.data.members.map(\.key) == ["panel", "door"])
    }

    @Test func alarmWithAFastClockIsAccepted() throws {
        let late = #""time":"2026-03-11T08:26:31Z""#
        let alarm = try admit(.doorForced, #"{"door":"lobby"}"#, members: late)
        #expect(alarm.flag == .clock && alarm.time.text == "2026-03-11T08:26:31Z")
        #expect(alarm.cloudEvent(at: .noPersons)["gatehouseflag"] == "clock")
        #expect(try admit(.accessGranted, #"{"door":"lobby","access":{"duress":true}}"#, members: late).flag == .clock)
        #expect(try admit(.doorForced, #"{"door":"cellar"}"#, members: late).flag == .unknownDoor)
        #expect(try admit(.doorForced, #"{"door":"lobby"}"#, members: #""time":"2026-03-11T08:25:30Z""#).flag == nil)
        let fault = try #require(throws: ValidationError.self) {
            _ = try admit(.doorOpened, #"{"door":"lobby"}"#, members: late)
        }
        #expect(fault.code == .outOfBounds && fault.field == "time")
    }

    @Test func normalEventIsRefusedUnlessUnderDuress() throws {
        for row in Self.strange {
            let fault = try #require(throws: ValidationError.self) { _ = try admit(.accessGranted, row.data) }
            #expect(fault.code == row.code)
            let under = row.data.dropLast() + #","access":{"duress":true}}"#
            #expect(try admit(.accessGranted, String(under)).flag == row.flag)
        }
    }

    @Test func organizationMustStillBeKnown() throws {
        let above = Admission.Caller(of: nil, role: .admin)
        #expect(throws: ValidationError.self) { try admit(.doorForced, #"{"door":"cellar"}"#, above) }
        #expect(try admit(.doorForced, #"{"panel":"yard","door":"cellar"}"#, above).flag == .unknownDoor)
    }

    @Test(arguments: ["gatehouseflag", "gatehouseid", "gatehousedrill", "receivedtime"])
    func callerCannotSetOurAttributes(name: String) throws {
        var random = SeededRandom(seed: 7)
        let draft = AdmissionTests.draft(with: #"{"\#(name)":"conflict"}"#)
        let fault = try #require(throws: ValidationError.self) {
            _ = try Admission(
                directory: AdmissionTests.directory, caller: .init(of: OrganizationID("acme"), role: .admin),
                now: AdmissionTests.now
            ).admit(draft, using: &random)
        }
        #expect(fault.code == .unknownField && fault.field == name && fault.sentence.contains("set by the gateway"))
    }

    @Test func flagStaysInEveryCopy() throws {
        let event = try admit(.doorForced, #"{"door":"cellar"}"#)
        var numbers = Numbers()
        numbers.position = 4
        #expect(event.numbered(numbers).flag == .unknownDoor)
        #expect(event.flagged(.conflict).flag == .conflict)
        #expect(event.flagged(nil).stored == event.stored)
        let panic = try admit(.panicRaised, #"{"door":"cellar","person":{"id":"31","name":"Ana"}}"#)
        #expect(panic.erased("31")?.flag == .unknownDoor)
    }
}
