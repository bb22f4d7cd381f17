import GatehouseCore
import Testing

/// A key that is restricted to panels or sources reports only about those.
@Suite struct CallerTests {
    private func admit(
        _ data: String, as source: String, _ kind: Kind = .doorOpened, panels: [String]?, sources: [String]?
    )
        throws -> Event
    {
        var caller = Admission.Caller(of: OrganizationID("acme"), role: .source)
        caller.panels = panels.map { $0.map { PanelID($0) } }
        caller.sources = sources
        var random = SeededRandom(seed: 7)
        let draft = AdmissionTests.draft(
            with: #"{"type":"\#(kind.name)","source":"\#(source)","data":\#(data)}"#)
        return try Admission(directory: AdmissionTests.directory, caller: caller, now: AdmissionTests.now)
            .admit(draft, using: &random).event
    }

    private static let cases: [(panels: [String]?, sources: [String]?, source: String, data: String, field: String?)] =
        [
            (["yard"], nil, "s", #"{"panel":"yard"}"#, nil), (["yard"], nil, "s", #"{"door":"gate"}"#, nil),
            (["yard"], nil, "s", #"{"panel":"1070000"}"#, "data.panel"),
            (["yard"], nil, "s", #"{"door":"lobby"}"#, "data.panel"), (["yard"], nil, "s", "{}", "data.panel"),
            (["yard"], ["s"], "s", #"{"door":"lobby"}"#, "data.panel"),
            (["yard"], nil, "/panels/yard", #"{"door":"gate"}"#, nil),
            (["yard"], nil, "/panels/yard/io", #"{"door":"gate"}"#, nil),
            (["yard"], nil, "/panels/1070000", #"{"door":"gate"}"#, "source"),
            (["yard"], nil, "/panels/1070000/io", #"{"door":"gate"}"#, "source"),
            (["yard"], nil, "/Panels/1070000", #"{"door":"gate"}"#, "source"),
            (["yard"], nil, "//panels//1070000", #"{"door":"gate"}"#, "source"),
            (["yard"], nil, "panels/1070000", #"{"door":"gate"}"#, "source"),
            (["yard"], nil, "https://localhost/panels/1070000?x#y", #"{"door":"gate"}"#, "source"),
            (["yard"], nil, "/panels/", #"{"door":"gate"}"#, "source"),
            (["yard"], nil, "/x/../panels/1070000", #"{"door":"gate"}"#, "source"),
            (["yard"], nil, "/panels/yard/../1070000", #"{"door":"gate"}"#, "source"),
            (["yard"], nil, "https://localhost/panels/yard", #"{"door":"gate"}"#, nil),
            (nil, ["/panels/yard*"], "/panels/yard/../1070000", "{}", "source"),
            (nil, ["/panels/yard*"], "/panels/yard/./x", "{}", "source"), (nil, nil, "/a/../b", "{}", nil),
            (["yard", "1070000"], nil, "/panels/1070000", #"{"door":"gate"}"#, nil),
            (nil, ["/panels/yard*"], "/panels/yard", #"{"door":"lobby"}"#, nil),
            (nil, ["/panels/yard*", "x"], "x", "{}", nil), (nil, ["/panels/yard"], "/panels/yard2", "{}", "source"),
            (nil, ["/panels/yard*"], "/Panels/yard", "{}", "source"),
            (["yard"], ["site-*"], "site-1", "{}", nil),
            (["yard"], ["site-*"], "site-1", #"{"door":"lobby"}"#, "data.panel"),
            (["yard"], ["site-*"], "other", #"{"door":"gate"}"#, "source"),
            (nil, nil, "anything", #"{"door":"lobby"}"#, nil),
        ]

    @Test(arguments: cases.indices)
    func addressBeyondTheRangeIsForbidden(place: Int) throws {
        let row = Self.cases[place]
        guard let field = row.field else {
            #expect(throws: Never.self) {
                try admit(row.data, as: row.source, panels: row.panels, sources: row.sources)
            }
            return
        }
        for kind in [Kind.doorOpened, .doorForced] {
            let fault = try #require(throws: ValidationError.self) {
                _ = try admit(row.data, as: row.source, kind, panels: row.panels, sources: row.sources)
            }
            #expect(fault.code == .forbidden && fault.field == field, "\(fault)")
        }
    }

    /// A key of one panel cannot raise alarms at the doors of another by naming its own.
    @Test(arguments: ["yard", "p9"], [nil, ["s"]] as [[String]?])
    func alarmBelongsToTheDoorsPanelWithAnyNames(panel: String, sources: [String]?) throws {
        let fault = try #require(throws: ValidationError.self) {
            _ = try admit(
                #"{"panel":"\#(panel)","door":"lobby"}"#, as: "s", .doorForced, panels: ["yard"], sources: sources)
        }
        #expect(fault.code == .forbidden && fault.field == "data.panel", "\(fault)")
    }

    @Test func alarmAtAnUnknownDoorBelongsToTheKeysOnlyPanel() throws {
        let strange = #"{"door":"cellar"}"#
        let alarm = try admit(strange, as: "s", .doorForced, panels: ["yard"], sources: nil)
        #expect(alarm.panel == PanelID("yard") && alarm.flag == .unknownDoor && alarm.labels.panelName == "Yard")
        #expect(alarm.data.members.map(\.key) == ["panel", "door"])
        for panels in [["yard", "1070000"], ["yard", "p9"]] {
            let fault = try #require(throws: ValidationError.self) {
                _ = try admit(strange, as: "s", .doorForced, panels: panels, sources: nil)
            }
            #expect(fault.code == .forbidden && fault.field == "data.panel", "it may be either of them")
        }
        let normal = try #require(throws: ValidationError.self) {
            _ = try admit(strange, as: "s", .doorOpened, panels: ["yard"], sources: nil)
        }
        #expect(normal.code == .unknownDoor)
        let gone = try admit(strange, as: "s", .doorForced, panels: ["p9"], sources: nil)
        #expect(gone.panel == PanelID("p9") && gone.flag == .unknownPanel)
    }

    @Test func alarmAtAnUnknownPanelIsForbiddenForAKeyOfOtherPanels() throws {
        let fault = try #require(throws: ValidationError.self) {
            _ = try admit(#"{"panel":"p9"}"#, as: "s", .doorForced, panels: ["yard"], sources: nil)
        }
        #expect(fault.code == .forbidden && fault.field == "data.panel")
        #expect(
            try admit(#"{"panel":"yard","door":"cellar"}"#, as: "s", .doorForced, panels: ["yard"], sources: nil).flag
                == .unknownDoor)
    }
}
