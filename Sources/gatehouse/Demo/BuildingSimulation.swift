import GatehouseClient
import GatehouseCore

/// A day in the building as a sequence of events: people arrive and read their badges, access is granted or denied,
/// doors open and close. Now and then a door is propped, rarely one is forced, and very rarely a code is entered under
/// duress.
///
/// Pure: the same seed gives the same day. Ids contain the run's mark, so that no two runs share an id.
struct BuildingSimulation: Sendable {
    /// One event at a door.
    private struct Step {
        let kind: Kind
        let site: DemoBuilding.Site
        let door: DemoBuilding.Place
        var person: DemoBuilding.Person?
        var blocks: [(String, JSON)] = []
    }

    private var random: SeededRandom
    private let mark: String
    private var pending: [Step] = []
    private var count = 0

    /// Begins a day.
    init(seed: UInt64, mark: String) {
        self.random = SeededRandom(seed: seed)
        self.mark = mark
    }

    /// The time until the next event at a rate of this many events per second. It varies, as with people.
    mutating func pause(rate: Double) -> Duration {
        .seconds(Double.random(in: 0.4...1.6, using: &random) / rate)
    }

    /// The next event, as if it happened now.
    mutating func next(at now: Instant) -> JSON {
        if pending.isEmpty { pending = scene() }
        let step = pending.removeFirst()
        count += 1
        var draft = APIClient.EventDraft(
            step.kind.name, source: "/panels/\(step.site.panel)", id: "\(mark)-\(count)")
        draft.time = RFC3339.text(now)
        draft.organization = step.site.organization.text
        draft.data["panel"] = .string(step.site.panel.text)
        draft.data["door"] = .string(step.door.id.text)
        if let person = step.person {
            draft.data["person"] = [
                "id": .string(person.id), "firstName": .string(person.firstName), "lastName": .string(person.lastName),
            ]
        }
        for (name, block) in step.blocks { draft.data[name] = block }
        return draft.json
    }

    // MARK: Scenes

    private mutating func scene() -> [Step] {
        let site = DemoBuilding.sites[Int.random(in: 0..<DemoBuilding.sites.count, using: &random)]
        let door = site.doors[Int.random(in: 0..<site.doors.count, using: &random)]
        let person = DemoBuilding.people[Int.random(in: 0..<DemoBuilding.people.count, using: &random)]
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<45: return arrival(site, entrance(of: site), person)
        case 45..<62: return passage(site, door, person)
        case 62..<72: return [read(.accessDenied, site, door, person)]
        case 72..<79: return [read(.accessUnrecognized, site, door, nil)]
        case 79..<92: return exit(site, door)
        case 92..<96: return propped(site, door, person)
        case 96..<98: return forced(site, door)
        case 98: return [read(.accessDuress, site, entrance(of: site), person)]
        default: return [Step(kind: .deviceTampered, site: site, door: door)]
        }
    }

    private mutating func entrance(of site: DemoBuilding.Site) -> DemoBuilding.Place {
        let entrances = site.doors.filter(\.isEntrance)
        return entrances[Int.random(in: 0..<entrances.count, using: &random)]
    }

    private func arrival(
        _ site: DemoBuilding.Site, _ door: DemoBuilding.Place, _ person: DemoBuilding.Person
    ) -> [Step] {
        [read(.accessGranted, site, door, person)] + swing(site, door)
    }

    private mutating func passage(
        _ site: DemoBuilding.Site, _ door: DemoBuilding.Place, _ person: DemoBuilding.Person
    ) -> [Step] {
        // Some people read their badge and turn back.
        let goesThrough = Int.random(in: 0..<4, using: &random) > 0
        return [read(.accessGranted, site, door, person)] + (goesThrough ? swing(site, door) : [])
    }

    private func exit(_ site: DemoBuilding.Site, _ door: DemoBuilding.Place) -> [Step] {
        let access: JSON = ["direction": "exit", "method": "button", "grantedBy": "button", "authorized": true]
        return [Step(kind: .doorExitRequested, site: site, door: door, blocks: [("access", access)])]
            + swing(site, door)
    }

    private func propped(
        _ site: DemoBuilding.Site, _ door: DemoBuilding.Place, _ person: DemoBuilding.Person
    ) -> [Step] {
        [read(.accessGranted, site, door, person)]
            + [Kind.doorOpened, .doorPropped, .doorProppedCleared, .doorClosed].map {
                Step(kind: $0, site: site, door: door)
            }
    }

    private func forced(_ site: DemoBuilding.Site, _ door: DemoBuilding.Place) -> [Step] {
        [Kind.doorForced, .doorOpened, .doorClosed, .doorForcedCleared].map { Step(kind: $0, site: site, door: door) }
    }

    private func swing(_ site: DemoBuilding.Site, _ door: DemoBuilding.Place) -> [Step] {
        [Kind.doorOpened, .doorClosed].map { Step(kind: $0, site: site, door: door) }
    }

    private func read(
        _ kind: Kind, _ site: DemoBuilding.Site, _ door: DemoBuilding.Place, _ person: DemoBuilding.Person?
    ) -> Step {
        let isDuress = kind == .accessDuress
        let isGranted = kind == .accessGranted || isDuress
        var access = JSONObject(["direction": "entry", "method": isDuress ? "password" : "card"])
        if isGranted { access["grantedBy"] = "identifier" }
        access["authorized"] = .bool(isGranted)
        if isDuress { access["duress"] = true }
        let credential: JSON = ["form": isDuress ? "pin" : "card", "number": .string(person?.card ?? "999999")]
        return Step(
            kind: kind, site: site, door: door, person: person,
            blocks: [("credential", credential), ("access", .object(access))])
    }
}
