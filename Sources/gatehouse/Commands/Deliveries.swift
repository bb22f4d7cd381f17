import ArgumentParser
import GatehouseClient
import GatehouseCore
import GatehouseGateway

/// `gatehouse deliveries`: the state of every event that a subscription is owed.
struct Deliveries: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List deliveries, show one with its attempts, retry, cancel, replay.",
        discussion: """
            gatehouse deliveries list --state waiting
            gatehouse deliveries list --subscription sub_1 --kind 'door.*' --since 2h --state dead
            gatehouse deliveries show 42-3
            gatehouse deliveries retry 42-3
            gatehouse deliveries replay --subscription sub_1 --since 2h
            """,
        subcommands: [List.self, Show.self, Retry.self, Cancel.self, Replay.self, Replays.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List deliveries, newest first.",
            discussion: """
                The door alarms of the last two hours that one subscription did not get:

                gatehouse deliveries list --kind 'door.*' --subscription subscription_1 --since 2h --state dead

                gatehouse deliveries list --outcome timed-out --since 1d
                gatehouse deliveries list --door lobby --organization acme --since 2026-03-11T00:00:00Z
                """)
        @OptionGroup var choice: Choice
        @OptionGroup var list: ListOptions
        @OptionGroup var client: ClientOptions

        static let columns: [Listing.Column] = [
            "id", "created", "state", .init("attempts", "attemptCount"), .init("last", "lastAttempt.time"),
            .init("met", "lastAttempt.outcome"), .init("status", "lastAttempt.status"), "kind", "door",
            .init("door name", "doorName"), "subscription", .init("name", "subscriptionName"), "event", "due", "reason",
        ]

        func run() async throws {
            try await Listing(client).show(
                try client.client().deliveries.list(choice.filter(now: SystemClock().now)), limit: list.limit,
                columns: Self.columns)
        }
    }

    /// The deliveries that a command asks for.
    struct Choice: ParsableArguments {
        @Option(help: "only deliveries to this subscription") var subscription: String?
        @Option(help: "only deliveries of this event, by the gateway's id") var event: String?
        @Option(help: ArgumentHelp("only deliveries in this state: \(Self.states)")) var state: DeliveryState.Name?
        @Option(
            help: "only deliveries whose last attempt had this outcome: \(Self.outcomes)",
            completion: .list(Outcome.words))
        var outcome: String?
        @Option(
            help: "only events of these kinds: globs, separated by commas, for example access.*,door.forced",
            completion: Completable.kinds)
        var kind: String?
        @Option(help: "only events at these doors, separated by commas; alarms without a known door are included")
        var door: String?
        @Option(help: "only subscriptions of this organization and all organizations below it") var organization:
            String?
        @Option(
            help: "only deliveries created since: 2h for two hours ago, or 2026-03-11T08:15:30Z",
            transform: Moment.told)
        var since: Moment?
        @Option(
            help: "only deliveries created before, in the same format; a date alone means the end of that day",
            transform: Moment.toldEnd)
        var until: Moment?

        private static let states = DeliveryState.Name.allCases.map(\.rawValue).joined(separator: ", ")
        private static let outcomes = Outcome.words.joined(separator: ", ")

        /// The filter as the client takes it.
        func filter(now: Instant) -> APIClient.DeliveryFilter {
            var filter = APIClient.DeliveryFilter()
            filter.subscription = subscription
            filter.event = event
            filter.state = state.map { APIClient.Delivery.State(rawValue: $0.rawValue) }
            filter.outcome = outcome
            filter.kinds = FeedOptions.list(kind)
            filter.doors = FeedOptions.list(door)
            filter.organization = organization
            filter.since = since?.instant(before: now)
            filter.until = until?.instant(before: now)
            return filter
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one delivery with every attempt.",
            discussion: """
                gatehouse deliveries show 42-3
                """)
        @Argument(help: "its id") var id: DeliveryName
        @OptionGroup var client: ClientOptions

        func run() async throws {
            let delivery = try await client.client().deliveries.show(id.text)
            Listing(client).show(delivery)
            guard !client.json, let attempts = delivery.json["attempts"]?.items, !attempts.isEmpty else { return }
            let table = Listing.table(
                of: attempts,
                ["number", "time", .init("ms", "milliseconds"), "outcome", "status", "sentence", "answer"])
            Descriptor.output.write("\n" + table.text(width: Descriptor.output.width))
        }
    }
}
