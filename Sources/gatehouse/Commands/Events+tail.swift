import ArgumentParser
import GatehouseClient
import GatehouseCore
import GatehouseGateway

extension Events {
    struct Tail: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Follow new events until Ctrl-C.",
            discussion: """
                The command prints one line for each event. After a lost connection it connects again and continues \
                after the last event, so that no event is missed or printed twice.

                gatehouse events tail
                gatehouse events tail --kind access.denied,door.forced --door lobby
                gatehouse events tail --since 1h --json
                """)
        @OptionGroup var feed: FeedOptions
        @Option(help: "end after this many events") var once: Int?
        @OptionGroup var client: ClientOptions

        func validate() throws {
            if let once, once < 1 { throw ValidationError("--once takes a number from 1") }
        }

        func run() async throws {
            let asJSON = client.json
            var left = once
            let told = try client.client().events.follow(
                feed.filter(now: SystemClock().now), after: feed.after, cut: { Descriptor.errors.write(Events.cut) }
            ) { error in
                let sentence = error.map { CommandError.sentence(of: $0) } ?? "the gateway ended the stream"
                Descriptor.errors.write("\(sentence); connecting again\n")
            }
            // Output that goes to a file gets a progress bar on standard error.
            var bar = Descriptor.output.isTerminal ? nil : ProgressBar(total: nil)
            defer { bar?.clear() }
            var count = 0
            for try await event in told {
                Descriptor.output.write((asJSON ? event.event.json.compact : Self.line(event.event.json)) + "\n")
                count += 1
                bar?.show(bytes: count, note: "\(count) events written")
                left = left.map { $0 - 1 }
                if let left, left <= 0 { return }
            }
        }

        /// `2026-03-11T08:15:30.250Z  access.granted  lobby  Ana Reis  0192…`.
        static func line(_ event: JSON) -> String {
            let event = Events.row(event)
            let widths = ["time": 24, "type": 28, "door": 20, "person": 20]
            return ["time", "type", "door", "person", "gatehouseid"].map { member in
                let value = event[member].map(Listing.text) ?? ""
                let text = TextTable.printable(value.isEmpty ? "–" : value)
                return text + String(repeating: " ", count: max(0, (widths[member] ?? 0) - text.count))
            }.joined(separator: "  ")
        }
    }
}
