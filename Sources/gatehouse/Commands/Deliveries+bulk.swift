import ArgumentParser
import GatehouseClient
import GatehouseCore
import GatehouseGateway

/// Of which deliveries something is asked: one by its number, or many of a subscription.
struct DeliveryChoice: ParsableArguments {
    @Argument(help: "the number of one delivery; left out, --subscription says of whose") var id: Int64?
    @Option(help: "all of this subscription") var subscription: String?
    @Option(
        help: "of these, those that came to be owed since then: so long ago, as in 2h, or 2026-03-11T08:15:30Z",
        transform: Moment.told)
    var since: Moment?
    @Option(
        help: "of these, those that came to be owed before then, in the same words; a date alone means its end",
        transform: Moment.toldEnd)
    var until: Moment?
    @Flag(help: "only say how many there are") var dryRun = false

    func validate() throws {
        if (id == nil) == (subscription == nil) {
            throw ValidationError("name one delivery by its number, or --subscription for all of its")
        }
        if id != nil, since != nil || until != nil || dryRun {
            throw ValidationError("--since, --until and --dry-run go with --subscription")
        }
    }

    /// The bounds of what is meant.
    func bounds(now: Instant) -> (since: Instant?, until: Instant?) {
        (since?.instant(before: now), until?.instant(before: now))
    }
}

extension Deliveries {
    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Try deliveries again at once: one, or all of a subscription that are dead.",
            discussion: """
                A dead one begins its schedule anew; its attempts stay on record.

                gatehouse deliveries retry 42
                gatehouse deliveries retry --subscription sub_1 --dry-run
                gatehouse deliveries retry --subscription sub_1 --since 2h
                gatehouse deliveries retry --subscription sub_1 --state waiting
                """)
        @OptionGroup var choice: DeliveryChoice
        @Option(help: "which of a subscription's: \(Self.states)") var state = DeliverySelection.State.dead
        @OptionGroup var client: ClientOptions

        fileprivate static let states = DeliverySelection.State.allCases.map(\.rawValue).joined(separator: ", ")

        func run() async throws {
            let deliveries = try client.client().deliveries
            if let id = choice.id { return Listing(client).show(try await deliveries.retry("\(id)")) }
            let (since, until) = choice.bounds(now: SystemClock().now)
            let moved = try await ProgressBar.during("deliveries are made due") {
                try await deliveries.retry(
                    of: choice.subscription ?? "", .init(rawValue: state.rawValue), since: since, until: until,
                    isDryRun: choice.dryRun)
            }
            Listing(client).show(moved)
        }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Cancel deliveries that wait or are dead: one, or all of a subscription.",
            discussion: """
                Of a subscription, those that wait; with --state dead those that were given up, which need no \
                attention from then on. What is on the wire is left alone.

                gatehouse deliveries cancel 42
                gatehouse deliveries cancel --subscription sub_1 --state dead --dry-run
                gatehouse deliveries cancel --subscription sub_1 --until 2026-03-11T08:15:30Z
                """)
        @OptionGroup var choice: DeliveryChoice
        @Option(help: "which of a subscription's: \(Retry.states)") var state = DeliverySelection.State.waiting
        @OptionGroup var client: ClientOptions

        func run() async throws {
            let deliveries = try client.client().deliveries
            if let id = choice.id { return Listing(client).show(try await deliveries.cancel("\(id)")) }
            let (since, until) = choice.bounds(now: SystemClock().now)
            let moved = try await ProgressBar.during("deliveries are cancelled") {
                try await deliveries.cancel(
                    of: choice.subscription ?? "", .init(rawValue: state.rawValue), since: since, until: until,
                    isDryRun: choice.dryRun)
            }
            Listing(client).show(moved)
        }
    }

    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Have old events delivered to a subscription once more.",
            discussion: """
                Every event of those hours that the subscription wants as it stands now is owed to it again, marked by \
                the header gatehouse-replay; one that still waits for it is not. The gateway carries it, through a \
                restart too; this command shows how far it is, and ends when all are owed. Interrupt it without harm.

                gatehouse deliveries replay --subscription sub_1 --since 2h --dry-run
                gatehouse deliveries replay --subscription sub_1 --since 2h
                gatehouse deliveries replay --subscription sub_1 --since 1d --until 1h --kinds 'door.*'
                """)
        @Option(help: "the subscription that gets them") var subscription: String
        @Option(
            help: "events taken since then: so long ago, as in 2h, or a time as in 2026-03-11T08:15:30Z",
            transform: Moment.told)
        var since: Moment
        @Option(
            help: "only those taken before then, in the same words; a date alone means its end",
            transform: Moment.toldEnd) var until: Moment?
        @Option(help: "only of these kinds, globs with commas between them, as in access.*,door.forced")
        var kinds: String?
        @Flag(help: "only say how many there are") var dryRun = false
        @Flag(help: "do not wait for the end") var detach = false
        @OptionGroup var client: ClientOptions

        func run() async throws {
            let now = SystemClock().now
            let subscriptions = try client.client().subscriptions
            let (since, until) = (since.instant(before: now), until?.instant(before: now))
            let globs = kinds.map { $0.split(separator: ",").map(String.init) }
            guard !dryRun else {
                let count = try await subscriptions.countReplay(subscription, since: since, until: until, kinds: globs)
                Listing(client).show(count)
                if !count.isComplete { Descriptor.errors.write("There are more than could be counted in time.\n") }
                return
            }
            var replay = try await subscriptions.replay(subscription, since: since, until: until, kinds: globs)
            if !detach { replay = try await Self.follow(replay, on: subscriptions) }
            Listing(client).show(replay)
            if replay.state == "cancelled" { throw CommandError(.negative, "the replay was cancelled") }
        }

        /// Shows how far it is until it is at its end.
        private static func follow(
            _ begun: APIClient.Replay, on subscriptions: APIClient.Subscriptions
        ) async throws -> APIClient.Replay {
            var replay = begun
            var bar = ProgressBar(total: 1000)
            defer { bar.clear() }
            while replay.isRunning {
                bar.show(bytes: Int(replay.progress * 1000), note: "\(replay.owed) owed again")
                try await Task.sleep(for: .milliseconds(300))
                replay = try await subscriptions.replay(replay.id, of: replay.subscription)
            }
            return replay
        }
    }

    struct Replays: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List a subscription's replays, or cancel one.",
            discussion: """
                gatehouse deliveries replays --subscription sub_1
                gatehouse deliveries replays --subscription sub_1 --cancel 3
                """)
        @Option(help: "whose replays") var subscription: String
        @Option(help: "the number of one to break off; what it has brought to life stays owed") var cancel: Int64?
        @OptionGroup var list: ListOptions
        @OptionGroup var client: ClientOptions

        func run() async throws {
            let subscriptions = try client.client().subscriptions
            if let cancel {
                return Listing(client).show(try await subscriptions.cancelReplay("\(cancel)", of: subscription))
            }
            try await Listing(client).show(
                try subscriptions.replays(of: subscription), limit: list.limit,
                columns: ["id", "state", "owed", "progress", "since", "until", "kinds", "created", "reason"])
        }
    }
}
