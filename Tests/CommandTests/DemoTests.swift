import GatehouseCore
import GatehouseVerification
import Testing

@testable import gatehouse

@Suite struct DemoTests {
    private static let now = Instant(seconds: 1_800_000_000)

    /// The directory that the demo creates for itself.
    private static var directory: Directory {
        var directory = Directory()
        directory.put(Organization(id: DemoBuilding.organization, name: "Demo", parent: nil))
        for site in DemoBuilding.sites {
            directory.put(Organization(id: site.organization, name: site.name, parent: DemoBuilding.organization))
            let panel = Panel(id: site.panel, organization: site.organization, name: site.name, number: site.number)
            directory.put(panel)
            for door in site.doors {
                directory.put(Door(id: door.id, panel: panel, number: door.number, name: door.name))
            }
        }
        return directory
    }

    // MARK: The building

    @Test func everythingThatHappensIsAdmitted() throws {
        var simulation = BuildingSimulation(seed: 7, mark: "run")
        let day = (0..<3000).map { _ in simulation.next(at: Self.now) }
        let admission = Admission(
            directory: Self.directory, caller: .init(of: DemoBuilding.organization, role: .source), now: Self.now)
        var random = SeededRandom(seed: 1)
        let events = try admission.admit(batch: day, using: &random).map(\.event)
        #expect(Set(events.map { "\($0.source) \($0.sourceID)" }).count == events.count)
        let kinds = Set(events.map(\.kind))
        for kind in [
            Kind.accessGranted, .accessDenied, .accessUnrecognized, .accessDuress, .doorExitRequested, .doorOpened,
            .doorClosed, .doorPropped, .doorForced,
        ] {
            #expect(kinds.contains(kind), "a day of 3000 events has no \(kind.name)")
        }
    }

    @Test func theSameSeedGivesTheSameDayAndAnotherGivesAnother() {
        func day(_ seed: UInt64) -> [JSON] {
            var simulation = BuildingSimulation(seed: seed, mark: "run")
            return (0..<50).map { _ in simulation.next(at: Self.now) }
        }
        #expect(day(3) == day(3))
        #expect(day(3) != day(4))
    }

    @Test func theBuildingsPlacesHaveNamesOfTheirOwn() {
        let doors = DemoBuilding.sites.flatMap(\.doors)
        #expect(Set(doors.map(\.id)).count == doors.count)
        for site in DemoBuilding.sites {
            #expect(Set(site.doors.map(\.number)).count == site.doors.count)
            #expect(site.doors.contains { $0.isEntrance })
        }
    }

    // MARK: The result

    private static func event(_ id: String) -> JSON {
        ["source": "/panels/1", "id": .string(id), "type": "door.opened"]
    }

    private static func owe(_ id: String, on board: Scoreboard) {
        let name = Scoreboard.EventName(source: "/panels/1", id: id)
        board.accepted(event(id), owed: [(receiver: "standard", name: name)])
    }

    private static func arrival(_ isDuplicate: Bool = false) throws -> EventReceiver.Arrival {
        let secret = Secret("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
        let signature = try #require(StandardWebhooks(secret: secret)).signature(id: "x", timestamp: "1", body: [])
        let request = ReceivedRequest(
            headers: [("webhook-id", "x"), ("webhook-timestamp", "1"), ("webhook-signature", signature)], body: [])
        let event = try Verifier(.standard, secret: secret.revealed).verify(request, now: 1)
        return EventReceiver.Arrival(result: .success(event), isDuplicate: isDuplicate, status: 204, time: now)
    }

    private static func complaints(_ board: Scoreboard) -> [String] {
        DemoReport(board: board.figures, gateway: GatewayFigures(), plan: DemoPlan()).complaints
    }

    private static func board() -> Scoreboard {
        let board = Scoreboard()
        board.add(receiver: "standard")
        return board
    }

    @Test func allIsWellWhenEverythingOwedArrivedBeforeOrAfterItsAnswer() throws {
        let board = Self.board()
        Self.owe("1", on: board)
        board.arrived(try Self.arrival(), name: .init(Self.event("1")), at: "standard")
        board.arrived(try Self.arrival(), name: .init(Self.event("2")), at: "standard")
        #expect(!Self.complaints(board).isEmpty)
        Self.owe("2", on: board)
        board.arrived(try Self.arrival(true), name: .init(Self.event("2")), at: "standard")
        #expect(Self.complaints(board).isEmpty)
        #expect(board.figures.tallies["standard"]?.verified == 2)
        #expect(board.figures.tallies["standard"]?.duplicates == 1)
    }

    @Test func aDeliveryThatDidNotArriveIsAFailure() throws {
        let board = Self.board()
        Self.owe("1", on: board)
        Self.owe("2", on: board)
        board.arrived(try Self.arrival(), name: .init(Self.event("1")), at: "standard")
        #expect(Self.complaints(board) == ["standard: 1 owed deliveries did not arrive, among them /panels/1 2"])
    }

    @Test func nothingOwedProvesNothing() {
        #expect(Self.complaints(Self.board()).count == 1)
    }

    @Test func aSignatureThatDidNotHoldIsAFailure() throws {
        let board = Self.board()
        Self.owe("1", on: board)
        board.arrived(try Self.arrival(), name: .init(Self.event("1")), at: "standard")
        let bad = EventReceiver.Arrival(
            result: .failure(.wrongSignature), isDuplicate: false, status: 401, time: Self.now)
        board.arrived(bad, name: nil, at: "standard")
        #expect(Self.complaints(board) == ["standard: 1 requests did not verify"])
    }

    @Test func aRefusedEventIsAFailure() throws {
        let board = Self.board()
        Self.owe("1", on: board)
        board.arrived(try Self.arrival(), name: .init(Self.event("1")), at: "standard")
        board.refused("line 3: there is no kind")
        #expect(Self.complaints(board) == ["1 events were refused: line 3: there is no kind"])
    }

    @Test func aFailedCheckSaysSo() {
        var plan = DemoPlan()
        plan.isCheck = true
        plan.duration = .seconds(20)
        let text = DemoReport(board: Self.board().figures, gateway: GatewayFigures(), plan: plan).text
        #expect(text.contains("FAILED"))
        #expect(!text.contains("PASSED"))
    }

    // MARK: The display

    @Test func theGatewaysOwnFiguresAreRead() {
        let figures = GatewayFigures(
            metrics: """
                # TYPE gatehouse_verdicts_total counter
                gatehouse_verdicts_total{verdict="dead"} 1
                gatehouse_verdicts_total{verdict="delivered"} 120
                gatehouse_verdicts_total{verdict="due-again"} 7
                gatehouse_backlog_deliveries{state="leased"} 2
                gatehouse_backlog_deliveries{state="waiting"} 3
                """)
        #expect(figures.delivered == 120)
        #expect(figures.retried == 7)
        #expect(figures.waiting == 5)
        #expect(figures.dead == 1)
    }

    @Test func theTableFitsItsTerminal() {
        let board = Self.board()
        for number in 1...20 { Self.owe("\(number)", on: board) }
        let text = DemoDisplay.table(board.figures, GatewayFigures(), after: .seconds(3), width: 40)
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 40 })
        #expect(board.figures.latest.count == Scoreboard.shown)
    }
}
