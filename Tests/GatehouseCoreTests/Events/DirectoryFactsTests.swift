import GatehouseCore
import Testing

/// The directory's facts about an event's panel and door are filled in, so that no later rule takes "unknown" for "no".
@Suite struct DirectoryFactsTests {
    private static let acme = OrganizationID("acme")
    private static let other = OrganizationID("other")

    /// Two trees that both have a panel "main" and a door "gate"; everything else is in only one of them.
    private static let directory: Directory = {
        var directory = Directory()
        directory.put(Organization(id: acme, name: "Acme", parent: nil, timeZone: "Europe/Lisbon"))
        directory.put(Organization(id: other, name: "Other", parent: nil))
        for organization in [acme, other] {
            let main = Panel(
                id: PanelID("main"), organization: organization, name: "Main", number: 7, timeZone: "America/Sao_Paulo")
            directory.put(main)
            directory.put(Door(id: DoorID("gate"), panel: main, number: 1, name: "Gate"))
        }
        let yard = Panel(id: PanelID("yard"), organization: acme, name: "Yard", number: nil)
        directory.put(yard)
        directory.put(Door(id: DoorID("lobby"), panel: yard, number: 4, name: "Lobby", isAttendancePoint: true))
        let dock = Panel(id: PanelID("dock"), organization: other, name: "Dock", number: nil)
        directory.put(dock)
        directory.put(Door(id: DoorID("ramp"), panel: dock, number: 2, name: "Ramp"))
        return directory
    }()

    private func admit(_ data: String, by caller: OrganizationID? = acme) throws -> AdmittedEvent {
        var random = SeededRandom(seed: 7)
        let draft = AdmissionTests.draft(with: #"{"type":"door.opened","data":\#(data)}"#)
        return try Admission(
            directory: Self.directory, caller: .init(of: caller, role: .source), now: AdmissionTests.now
        )
        .admit(draft, using: &random)
    }

    @Test(arguments: ["lobby": "yard", "gate": "main"].sorted { $0.key < $1.key })
    func eventAtADoorEqualsOneThatAlsoNamesItsPanel(door: String, panel: String) throws {
        let derived = try admit(#"{"door":"\#(door)","details":{"n":1}}"#)
        let named = try admit(#"{"panel":"\#(panel)","door":"\#(door)","details":{"n":1}}"#)
        #expect(derived.event.panel == PanelID(panel))
        #expect(derived.event.stored == named.event.stored, "labels and the order of blocks included")
        #expect(Event(stored: derived.event.stored)?.panel == PanelID(panel))
        #expect(derived.digest != named.digest, "the digest is that of the caller's text")
        #expect(derived.digest == (try admit(#"{"door":"\#(door)","details":{"n":1}}"#)).digest)
    }

    @Test func factsOfADoorAreCopied() throws {
        let labels = try admit(#"{"door":"lobby"}"#).event.labels
        #expect(labels.panelName == "Yard" && labels.doorName == "Lobby" && labels.doorNumber == 4)
        #expect(labels.isAttendancePoint == true && labels.timeZone == "Europe/Lisbon")
        #expect(try admit(#"{"door":"gate"}"#).event.labels.timeZone == "America/Sao_Paulo")
        #expect(try admit("{}").event.labels.timeZone == "Europe/Lisbon")
        #expect(try admit(#"{"panel":"yard"}"#).event.door == nil)
    }

    @Test(
        arguments: [
            (#"{"door":"lobby"}"#, "acme"), (#"{"door":"ramp"}"#, "other"), (#"{"panel":"yard"}"#, "acme"),
            (#"{"panel":"main","door":"gate"}"#, nil), (#"{"panel":"main"}"#, nil), (#"{"door":"gate"}"#, nil),
            (#"{"door":"nowhere"}"#, nil), (#"{"panel":"yard","door":"ramp"}"#, nil), ("{}", nil),
        ] as [(String, String?)])
    func aKeyAboveTheTreesNeedNotSayWhatOneOrganizationAloneHas(data: String, organization: String?) throws {
        if let organization {
            #expect(try admit(data, by: nil).event.organization.text == organization)
        } else {
            let fault = try #require(throws: ValidationError.self) { _ = try admit(data, by: nil) }
            let isNowhere = data.contains("nowhere")
            #expect(fault.code == (isNowhere ? .unknownDoor : .missingField))
            #expect(fault.field == (isNowhere ? "data.door" : "organization"))
        }
    }

    @Test func aDoorOfAnotherOrganizationIsNotFound() throws {
        let fault = try #require(throws: ValidationError.self) { _ = try admit(#"{"door":"ramp"}"#) }
        #expect(fault.code == .unknownDoor)
        let half = try #require(throws: ValidationError.self) {
            _ = try admit(#"{"panel":"yard","door":"nowhere"}"#, by: nil)
        }
        #expect(half.code == .unknownDoor, "the panel gives the organization")
    }

    @Test func deletedResourceNoLongerGivesTheOrganization() throws {
        var directory = Self.directory
        let place = Directory.Place(Self.other, DoorID("gate"))
        directory.remove(try #require(directory.doors[place]))
        #expect(directory.onlyOrganization(having: nil, DoorID("gate")) == Self.acme)
        directory.remove(try #require(directory.panel(PanelID("main"), in: Self.other)))
        #expect(directory.onlyOrganization(having: PanelID("main"), nil) == Self.acme)
        directory.remove(try #require(directory.panel(PanelID("dock"), in: Self.other)))
        #expect(directory.onlyOrganization(having: PanelID("dock"), nil) == nil)
    }

    @Test func ownEventsGetTheDirectoryFacts() {
        var random = SeededRandom(seed: 7)
        func own(_ data: JSONObject) -> Event {
            AdmittedEvent.own(
                .doorUnlockCommanded, of: Self.acme, data: data, in: Self.directory, at: AdmissionTests.now,
                using: &random
            ).event
        }
        let event = own(JSONObject([.init("door", "lobby")]))
        #expect(event.panel == PanelID("yard"))
        #expect(event.labels.doorNumber == 4 && event.labels.isAttendancePoint == true)
        #expect(event.labels.timeZone == "Europe/Lisbon")
        #expect(own(JSONObject([.init("door", "gone")])).panel == nil, "a door may be deleted while it opens")
    }

    /// Offsets that no other zone has.
    private struct Offsets: TimeZones {
        func offsetMinutes(of zone: String, at instant: Instant) -> Int? { zone == "America/Sao_Paulo" ? -180 : nil }
    }

    @Test func ownEventsHaveTheTimeOfTheirPlace() {
        var (random, directory) = (SeededRandom(seed: 7), Self.directory)
        directory.timeZones = Offsets()
        let event = AdmittedEvent.own(
            .doorUnlockCommanded, of: Self.acme, data: JSONObject([.init("door", "gate")]), in: directory,
            at: AdmissionTests.now, using: &random
        ).event
        #expect(event.labels.timeZone == "America/Sao_Paulo" && event.labels.offsetMinutes == -180)
        #expect(Event(stored: event.stored)?.labels == event.labels)
    }

    @Test func eventStoredWithoutThePanelOfItsDoorGetsIt() throws {
        let kept = try admit(#"{"door":"lobby","details":{"n":1}}"#).event
        var parts = kept.parts
        parts.data["panel"] = nil
        #expect(Event(parts).withPanel(of: Self.directory).stored == kept.stored)
        #expect(kept.withPanel(of: Self.directory) === kept)
        parts.data["door"] = "nowhere"
        #expect(Event(parts).withPanel(of: Self.directory).panel == nil)
    }
}
