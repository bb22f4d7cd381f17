import ArgumentParser
import GatehouseCore
import GatehouseGateway

extension Events {
    struct Tail: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Follow events as they come, until you end it.",
            discussion: """
                Prints one line an event. Where the connection breaks it is made anew, behind the last event that \
                came, so that none is missed and none comes twice.

                gatehouse events tail
                gatehouse events tail --kind access.denied,door.forced --door lobby
                gatehouse events tail --since 1h --json
                """)
        @OptionGroup var feed: FeedOptions
        @Option(help: "end after so many events") var once: Int?
        @OptionGroup var client: ClientOptions

        func validate() throws {
            if let once, once < 1 { throw ValidationError("--once takes a number from 1") }
        }

        func run() async throws {
            let asJSON = client.json
            var left = once
            let stream = try client.client().events(feed.parameters(now: SystemClock().now))
            let follower = EventFollower(stream: stream) { sentence in Descriptor.errors.write(sentence + "\n") }
            try await follower.follow(after: feed.after) { message in
                guard message.kind != "pruned" else {
                    Descriptor.errors.write(Events.cut)
                    return true
                }
                Descriptor.output.write((asJSON ? message.data : Self.line(message)) + "\n")
                left = left.map { $0 - 1 }
                return left.map { $0 > 0 } ?? true
            }
        }

        /// `2026-03-11T08:15:30.250Z  access.granted  lobby  Ana Reis  0192…`.
        static func line(_ message: ServerSentEvents.Message) -> String {
            let event = Events.row((try? JSONParser.parse(Array(message.data.utf8), depthLimit: 64)) ?? .null)
            let widths = ["time": 24, "type": 28, "door": 20, "person": 20]
            return ["time", "type", "door", "person", "gatehouseid"].map { member in
                let value = event[member].map(Listing.text) ?? ""
                let text = TextTable.printable(value.isEmpty ? "–" : value)
                return text + String(repeating: " ", count: max(0, (widths[member] ?? 0) - text.count))
            }.joined(separator: "  ")
        }
    }
}
