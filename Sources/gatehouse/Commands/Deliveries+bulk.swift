import ArgumentParser
import GatehouseClient
import GatehouseCore
import GatehouseGateway

/// The deliveries that a command is about: one by its id, or many of a subscription.
struct DeliveryChoice: ParsableArguments {
    @Argument(help: "the id of one delivery; or use --subscription for many") var id: DeliveryName?
    @Option(help: "all deliveries of this subscription") var subscription: String?
    @Option(
        help: "of these, deliveries created since: 2h for two hours ago, or 2026-03-11T08:15:30Z",
        transform: Moment.told)
    var since: Moment?
    @Option(
        help: "of these, deliveries created before, in the same format; a date alone means the end of that day",
        transform: Moment.toldEnd)
    var until: Moment?
    @Flag(help: "only print how many there are") var dryRun = false

    func validate() throws {
        if (id == nil) == (subscription == nil) {
            throw ValidationError("give the id of one delivery, or --subscription for all of a subscription")
        }
        if id != nil, since != nil || until != nil || dryRun {
            throw ValidationError("--since, --until and --dry-run need --subscription")
        }
    }

    /// The time bounds of the selection.
    func bounds(now: Instant) -> (since: Instant?, until: Instant?) {
        (since?.instant(before: now), until?.instant(before: now))
    }
}

extension Deliveries {
    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Retry deliveries now: one, or all dead ones of a subscription.",
            discussion: """
                A dead delivery starts its schedule again; its earlier attempts stay on record.

                gatehouse deliveries retry 42-3
                gatehouse deliveries retry --subscription sub_1 --dry-run
                gatehouse deliveries retry --subscription sub_1 --since 2h
                gatehouse deliveries retry --subscription sub_1 --state waiting
                """)
        @OptionGroup var choice: DeliveryChoice
        @Option(help: "the state of the subscription's deliveries: \(Self.states)") var state = DeliverySelection.State
            .dead
        @OptionGroup var client: ClientOptions

        fileprivate static let states = DeliverySelection.State.allCases.map(\.rawValue).joined(separator: ", ")

        func run() async throws {
            let deliveries = try client.client().deliveries
            if let id = choice.id { return Listing(client).show(try await deliveries.retry(id.text)) }
            let (since, until) = choice.bounds(now: SystemClock().now)
            let moved = try await ProgressBar.during("making deliveries due") {
                try await deliveries.retry(
                    of: choice.subscription ?? "", .init(rawValue: state.rawValue), since: since, until: until,
                    isDryRun: choice.dryRun)
            }
            Listing(client).show(moved)
        }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Cancel waiting or dead deliveries: one, or all of a subscription.",
            discussion: """
                With --subscription the waiting deliveries are cancelled; with --state dead the dead ones, which \
                then need no attention. A request that is already on its way is not stopped.

                gatehouse deliveries cancel 42
                gatehouse deliveries cancel --subscription sub_1 --state dead --dry-run
                gatehouse deliveries cancel --subscription sub_1 --until 2026-03-11T08:15:30Z
                """)
        @OptionGroup var choice: DeliveryChoice
        @Option(help: "the state of the subscription's deliveries: \(Retry.states)") var state = DeliverySelection.State
            .waiting
        @OptionGroup var client: ClientOptions

        func run() async throws {
            let deliveries = try client.client().deliveries
            if let id = choice.id { return Listing(client).show(try await deliveries.cancel(id.text)) }
            let (since, until) = choice.bounds(now: SystemClock().now)
            let moved = try await ProgressBar.during("cancelling deliveries") {
                try await deliveries.cancel(
                    of: choice.subscription ?? "", .init(rawValue: state.rawValue), since: since, until: until,
                    isDryRun: choice.dryRun)
            }
            Listing(client).show(moved)
        }
    }

    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Deliver old events to a subscription again.",
            discussion: """
                Every event of that period that the subscription wants now is owed to it again, marked by the header \
                gatehouse-replay. Events that still wait for delivery are left out. The gateway runs the replay, \
                even through a restart; this command shows the progress and ends when all are owed. Interrupting it \
                does no harm.

                gatehouse deliveries replay --subscription sub_1 --since 2h --dry-run
                gatehouse deliveries replay --subscription sub_1 --since 2h
                gatehouse deliveries replay --subscription sub_1 --since 1d --until 1h --kinds 'door.*'
                """)
        @Option(help: "the subscription that gets them") var subscription: String
        @Option(
            help: "events taken since: 2h for two hours ago, or a time such as 2026-03-11T08:15:30Z",
            transform: Moment.told)
        var since: Moment
        @Option(
            help: "only events taken before, in the same format; a date alone means the end of that day",
            transform: Moment.toldEnd) var until: Moment?
        @Option(help: "only these kinds: globs, separated by commas, for example access.*,door.forced")
        var kinds: String?
        @Flag(help: "only print how many there are") var dryRun = false
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
                if !count.isComplete { Descriptor.errors.write("There are more; counting them took too long.\n") }
                return
            }
            var replay = try await subscriptions.replay(subscription, since: since, until: until, kinds: globs)
            if !detach { replay = try await Self.follow(replay, on: subscriptions) }
            Listing(client).show(replay)
            if replay.state == "cancelled" { throw CommandError(.negative, "the replay was cancelled") }
        }

        /// Shows the progress of the replay until it ends.
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
        @Option(help: "the subscription of the replays") var subscription: String
        @Option(help: "the number of a replay to cancel; deliveries that it has created stay owed") var cancel: Int64?
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
