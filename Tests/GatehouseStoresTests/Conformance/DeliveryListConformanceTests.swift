import GatehouseCore
import GatehouseTesting
import Testing

/// Lists of deliveries: their order, what each filter keeps, how far a slice looks back.
@Suite struct DeliveryListConformanceTests {
    /// Every filter gives, slice by slice, what a filter of all deliveries in memory gives, in the same order.
    @Test(arguments: StoreOpener.all)
    func everyFilterKeepsWhatAFilterInMemoryKeeps(_ opener: StoreOpener) async throws {
        var random = SeededRandom.fresh()
        let seed = random.seed
        try await withScene(opener) { scene in
            try await Self.fill(scene, using: &random)
            let all = try await DeliveryWalk.all(of: scene.store, DeliveryFilter(limit: 1000))
            let ids = all.map(\.id)
            #expect(ids.count > 60 && ids == ids.sorted().reversed(), "seed \(seed)")
            for filter in Self.filters(of: all) {
                var small = filter
                small.limit = Int.random(in: 1...9, using: &random)
                let found = try await DeliveryWalk.all(of: scene.store, small)
                #expect(found.map(\.id) == Self.kept(all, by: filter).map(\.id), "seed \(seed): \(filter)")
            }
        }
    }

    /// Deliveries in each state and lane, of two subscriptions, with replays.
    private static func fill(_ scene: Scene, using random: inout SeededRandom) async throws {
        for number in 0..<40 {
            let kind: Kind = number.isMultiple(of: 3) ? .doorForced : .doorOpened
            let received = Scene.start + .seconds(number)
            let entry = Sample.entry(
                Sample.event("\(number)", kind: kind, received: received),
                owed: [.init(Scene.s1, isBornLeased: true), .init(Scene.s2, isBornLeased: true)])
            for delivery in try await scene.store.append([entry], by: scene.me)[0].deliveries {
                switch Int.random(in: 0..<5, using: &random) {
                case 0: break
                case 1: try await scene.record(delivery, .verdict(.delivered), attempt: Sample.attempt(1))
                case 2: try await scene.record(delivery, .verdict(.dead(.exhausted)), attempt: Sample.attempt(1))
                case 3: try await scene.record(delivery, .handedBack(due: received))
                default:
                    try await scene.record(delivery, .handedBack(due: received))
                    try await scene.store.cancel(delivery)
                }
            }
        }
        let order = Replay.Order(Scene.s1, since: Scene.start + .seconds(10))
        let later = Scene.start + .seconds(100)
        let replay = try await scene.store.begin(order, at: later, audited: nil)
        let positions = (20...30).map { EventPosition($0) }
        let step = ReplayStep(replay, reached: EventPosition(30), owed: positions, most: 100)
        _ = try await scene.store.advance(step, at: later)
    }

    private static func filters(of all: [Delivery]) -> [DeliveryFilter] {
        var filters: [DeliveryFilter] = []
        func add(_ change: (inout DeliveryFilter) -> Void) {
            var filter = DeliveryFilter(limit: 1000)
            change(&filter)
            filters.append(filter)
        }
        for state in [nil] + DeliveryState.Name.allCases.map({ Optional($0) }) {
            for subscription in [nil, Scene.s1, Scene.s2] {
                add { ($0.state, $0.subscription) = (state, subscription) }
            }
            add { ($0.state, $0.organizations) = (state, [OrganizationID("globex")]) }
            add { ($0.state, $0.since) = (state, Scene.start + .seconds(15)) }
            add { ($0.state, $0.until) = (state, Scene.start + .seconds(15)) }
        }
        for delivery in all.prefix(5) {
            add { $0.event = delivery.event }
            add { ($0.event, $0.subscription) = (delivery.event, Scene.s1) }
        }
        return filters
    }

    private static func kept(_ all: [Delivery], by filter: DeliveryFilter) -> [Delivery] {
        all.filter { delivery in
            let organization = delivery.subscription == Scene.s1 ? "acme" : "globex"
            return (filter.state.map { $0 == delivery.state.name } ?? true)
                && (filter.subscription.map { $0 == delivery.subscription } ?? true)
                && (filter.event.map { $0 == delivery.event } ?? true)
                && (filter.organizations.map { $0.contains(OrganizationID(organization)) } ?? true)
                && (filter.since.map { delivery.created >= $0 } ?? true)
                && (filter.until.map { delivery.created < $0 } ?? true)
        }
    }

    /// A filter that matches only the oldest delivery: the first slice ends without it, and says where.
    @Test(arguments: StoreOpener.all)
    func sliceSaysHowFarBackItLooked(_ opener: StoreOpener) async throws {
        try await withScene(opener) { scene in
            let oldest = try await scene.deliver("oldest", kind: .doorForced)
            let later = Scene.start + .seconds(60)
            for batch in 0..<11 {
                let entries = (0..<1000).map { number in
                    Sample.entry(
                        Sample.event("\(batch)-\(number)", received: later),
                        owed: [.init(Scene.s2, isBornLeased: false)])
                }
                _ = try await scene.store.append(entries, by: scene.me)
            }
            var filter = DeliveryFilter(limit: 10)
            filter.kinds = KindSet([.doorForced])
            let first = try await scene.store.deliveries(filter)
            #expect(first.deliveries.isEmpty && first.lookedBackTo == later)
            #expect(first.reached?.event == EventPosition(1002))
            filter.before = first.reached
            let second = try await scene.store.deliveries(filter)
            #expect(second.deliveries.map(\.id) == [oldest] && second.reached == nil)
            // One state of one subscription is found by an index, however many others there are.
            filter = DeliveryFilter(limit: 10)
            (filter.subscription, filter.state) = (Scene.s1, .waiting)
            #expect(try await scene.store.deliveries(filter).deliveries.map(\.id) == [oldest])
        }
    }
}
