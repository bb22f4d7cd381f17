import GatehouseCore
import Testing

/// An alarm is taken with whatever it names, and says so; a normal event is not.
@Suite struct FlagTests {
    private func admit(_ kind: Kind, _ data: String, _ caller: Admission.Caller? = nil) throws -> Event {
        var random = SeededRandom(seed: 7)
        let draft = AdmissionTests.draft(with: #"{"type":"\#(kind.name)","data":\#(data)}"#)
        return try Admission(
            directory: AdmissionTests.directory, caller: caller ?? .init(of: OrganizationID("acme"), role: .source),
            now: AdmissionTests.now
        ).admit(draft, using: &random).event
    }

    private static let strange: [(data: String, code: Fault.Code, flag: Event.Flag)] = [
        (#"{"door":"cellar"}"#, .unknownDoor, .unknownDoor), (#"{"panel":"p9"}"#, .unknownPanel, .unknownPanel),
        (#"{"panel":"p9","door":"cellar"}"#, .unknownPanel, .unknownPanel),
        (#"{"panel":"1070000","door":"cellar"}"#, .unknownDoor, .unknownDoor),
        (#"{"panel":"p9","door":"lobby"}"#, .unknownPanel, .unknownPanel),
        (#"{"panel":"1070000","door":"gate"}"#, .unknownDoor, .contradiction),
    ]

    @Test(arguments: Catalogue.rows.filter { $0.lane == .urgent && $0.teller != .gateway }.map(\.kind))
    func anUrgentKindIsTakenAndFlagged(kind: Kind) throws {
        for row in Self.strange {
            let event = try admit(kind, row.data)
            #expect(event.flag == row.flag, "\(row.data)")
            #expect(event.cloudEvent(at: .noPersons)["gatehouseflag"]?.text == row.flag.rawValue)
            #expect(Event(stored: event.stored)?.flag == row.flag)
            #expect(event.panel.map(\.text) == (try JSONParser.parse(Array(row.data.utf8)))["panel"]?.text)
        }
        let plain = try admit(kind, #"{"door":"lobby"}"#)
        #expect(plain.flag == nil && plain.cloudEvent(at: .everything)["gatehouseflag"] == nil)
    }

    @Test func whatIsKnownOfAnAlarmIsStillCopied() throws {
        let half = try admit(.doorForced, #"{"panel":"1070000","door":"cellar"}"#)
        #expect(half.labels.panelName == "Main" && half.labels.doorName == nil && half.labels.timeZone != nil)
        let astray = try admit(.doorForced, #"{"panel":"1070000","door":"gate"}"#)
        #expect(astray.labels.doorName == "Gate" && astray.labels.panelName == "Yard", "names are where the door is")
        #expect(astray.panel == PanelID("1070000"), "the panel is the one that was told")
    }

    @Test func aNormalEventIsRefusedUnlessItTellsOfDuress() throws {
        for row in Self.strange {
            let fault = try #require(throws: Fault.self) { _ = try admit(.accessGranted, row.data) }
            #expect(fault.code == row.code)
            let under = row.data.dropLast() + #","access":{"duress":true}}"#
            #expect(try admit(.accessGranted, String(under)).flag == row.flag)
        }
    }

    @Test func whoseItIsMustStillBeKnown() throws {
        let above = Admission.Caller(of: nil, role: .admin)
        #expect(throws: Fault.self) { try admit(.doorForced, #"{"door":"cellar"}"#, above) }
        #expect(try admit(.doorForced, #"{"panel":"yard","door":"cellar"}"#, above).flag == .unknownDoor)
    }

    @Test(arguments: ["gatehouseflag", "gatehouseid", "gatehousedrill", "receivedtime"])
    func ourAttributesAreNotTakenFromOutside(name: String) throws {
        var random = SeededRandom(seed: 7)
        let draft = AdmissionTests.draft(with: #"{"\#(name)":"conflict"}"#)
        let fault = try #require(throws: Fault.self) {
            _ = try Admission(
                directory: AdmissionTests.directory, caller: .init(of: OrganizationID("acme"), role: .admin),
                now: AdmissionTests.now
            ).admit(draft, using: &random)
        }
        #expect(fault.code == .unknownField && fault.field == name && fault.sentence.contains("set by the gateway"))
    }

    @Test func aFlagStaysWithEveryCopy() throws {
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
