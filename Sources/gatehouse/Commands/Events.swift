import ArgumentParser
import GatehouseClient
import GatehouseCore
import GatehouseGateway

/// `gatehouse events`: the accepted events, in the order of acceptance.
struct Events: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List events, show one with its deliveries, follow new ones.",
        discussion: """
            gatehouse events list --since 2h --kind access.*,door.forced
            gatehouse events list --door lobby --json
            gatehouse events show 019248f0-1c2d-7abc-8def-0123456789ab
            gatehouse events tail
            gatehouse events tail --since 1h --organization acme --json
            """,
        subcommands: [List.self, Show.self, Tail.self])

    static let columns: [Listing.Column] = [
        "time", .init("kind", "type"), "door", "person", "organization", .init("event", "gatehouseid"),
    ]

    /// The message if events after a cursor are no longer kept.
    static let cut = "Some events after that cursor are no longer kept; these are the oldest that are.\n"

    /// An event with the fields of its data that a row shows.
    static func row(_ event: JSON) -> JSON {
        var row = event.object ?? JSONObject()
        row["door"] = event["data"]?["door"] ?? .null
        let person = event["data"]?["person"]
        let name = [person?["firstName"]?.text, person?["lastName"]?.text].compactMap { $0 }.joined(separator: " ")
        row["person"] = name.isEmpty ? person?["id"] ?? .null : .string(name)
        return .object(row)
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List events, oldest first.",
            discussion: """
                With --json, `next` is the cursor for --after.

                gatehouse events list --since 2h --kind access.*,door.forced
                gatehouse events list --after 4711 --wait 30s --json
                """)
        @OptionGroup var feed: FeedOptions
        @Option(help: "if there is none yet, wait this long for the first, up to 60s") var wait: TimeSpan?
        @OptionGroup var list: ListOptions
        @OptionGroup var client: ClientOptions

        func run() async throws {
            let gateway = try client.client()
            let filter = feed.filter(now: SystemClock().now)
            var events: [JSON] = []
            var cursor = feed.after
            var isMore = true
            var isCut = false
            var bar = ProgressBar(total: nil)
            while isMore, events.count < list.limit {
                let page = try await gateway.events.page(
                    filter, after: cursor, limit: min(500, list.limit - events.count),
                    waiting: events.isEmpty ? wait?.duration : nil)
                events += page.events.map(\.json)
                isCut = isCut || page.isCut
                isMore = page.next != nil
                cursor = page.next ?? cursor
                if isMore { bar.show(bytes: events.count, note: "\(events.count) events read") }
            }
            bar.clear()
            if isCut { Descriptor.errors.write(Events.cut) }
            show(events, isMore ? cursor : nil, behind: cursor)
        }

        private func show(_ events: [JSON], _ more: String?, behind cursor: String?) {
            if client.json {
                let page: JSON = ["events": .array(events), "next": .text(cursor)]
                Descriptor.output.write(page.compact + "\n")
                return
            }
            if events.isEmpty { Descriptor.errors.write("None found.\n") }
            let table = Listing.table(of: events.map(Events.row), Events.columns)
            Descriptor.output.write(table.text(width: Descriptor.output.width))
            if let more { Descriptor.errors.write("There may be more: --after \(TextTable.printable(more))\n") }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one event and all its deliveries.",
            discussion: """
                gatehouse events show 019248f0-1c2d-7abc-8def-0123456789ab
                """)
        @Argument(help: "the gateway's id of the event") var id: String
        @OptionGroup var client: ClientOptions

        func run() async throws {
            let found = try await client.client().events.show(id)
            let listing = Listing(client)
            guard !client.json else { return listing.show(found) }
            listing.show(found.event)
            let deliveries = found.deliveries.items.map(\.json)
            guard !deliveries.isEmpty else {
                Descriptor.errors.write("No subscription was owed it.\n")
                return
            }
            let table = Listing.table(
                of: deliveries,
                [
                    .init("delivery", "id"), "created", "state", .init("attempts", "attemptCount"), "subscription",
                    .init("name", "subscriptionName"), .init("met", "lastAttempt.outcome"),
                    .init("status", "lastAttempt.status"), "due", "reason",
                ])
            Descriptor.output.write("\n" + table.text(width: Descriptor.output.width))
        }
    }
}
