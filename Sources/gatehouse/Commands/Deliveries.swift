import ArgumentParser
import GatehouseClient
import GatehouseCore

/// `gatehouse deliveries`: what became of every event that was owed to somebody.
struct Deliveries: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List deliveries, show one with its attempts, try again, cancel, replay.",
        discussion: """
            gatehouse deliveries list --state waiting
            gatehouse deliveries list --subscription sub_1
            gatehouse deliveries show 42
            gatehouse deliveries retry 42
            gatehouse deliveries replay --subscription sub_1 --since 2h
            """,
        subcommands: [List.self, Show.self, Retry.self, Cancel.self, Replay.self, Replays.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List deliveries, newest first.",
            discussion: """
                gatehouse deliveries list --state waiting --subscription subscription_1
                """)
        @Option(help: "only those of this subscription") var subscription: String?
        @Option(help: "only those of this event, by the gateway's id of it") var event: String?
        @Option(help: ArgumentHelp("only those that are \(Self.states)")) var state: DeliveryState.Name?
        @OptionGroup var list: ListOptions
        @OptionGroup var client: ClientOptions

        private static let states = DeliveryState.Name.allCases.map(\.rawValue).joined(separator: ", ")

        func run() async throws {
            try await Listing(client).show(
                try client.client().deliveries.list(
                    subscription: subscription, event: event,
                    state: state.map { GatehouseClient.Delivery.State(rawValue: $0.rawValue) }), limit: list.limit,
                columns: [
                    "id", "created", "state", .init("attempts", "attemptCount"), "lane", "subscription", "event", "due",
                    "reason",
                ])
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one delivery with every attempt.",
            discussion: """
                gatehouse deliveries show 42
                """)
        @Argument(help: "its number") var id: Int64
        @OptionGroup var client: ClientOptions

        func run() async throws {
            let delivery = try await client.client().deliveries.show("\(id)")
            Listing(client).show(delivery)
            guard !client.json, let attempts = delivery.json["attempts"]?.items, !attempts.isEmpty else { return }
            let table = Listing.table(
                of: attempts,
                ["number", "time", .init("ms", "milliseconds"), "outcome", "status", "sentence", "answer"])
            Descriptor.output.write("\n" + table.text(width: Descriptor.output.width))
        }
    }
}
