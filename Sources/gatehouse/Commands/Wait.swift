import ArgumentParser
import FoundationEssentials
import GatehouseCore
import NIOCore
import NIOPosix

/// `gatehouse wait`: returns once a gateway or a receiver listens.
struct Wait: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Wait until a gateway or a receiver listens.",
        discussion: """
            A program that was started in the background does not listen at once: put this between its start and what \
            calls it. A gateway listens once its store is open. It ends with 0, or with 69 where nothing listens in \
            time.

            gatehouse wait
            gatehouse wait 9000
            gatehouse wait 10.1.2.3:8443 --for 2m
            gatehouse wait https://gatehouse.example.com --for 500ms
            """)

    @Argument(help: "a port of this machine, HOST:PORT or a URL; by default GATEHOUSE_URL, else port 8080")
    var address: String?
    @Option(name: .customLong("for"), help: "how long to wait at most, as in 500ms, 30s or 2m")
    var limit = TimeSpan(.seconds(30))

    func validate() throws {
        guard address.map(Self.place(of:)) != .some(nil) else {
            throw ValidationError("it takes a port, HOST:PORT or a URL, as in 9000 or http://127.0.0.1:9000")
        }
    }

    func run() async throws {
        let text = address ?? ProcessInfo.processInfo.environment["GATEHOUSE_URL"] ?? ClientOptions.standardURL
        guard let place = Self.place(of: text) else {
            throw CommandFailure(.usage, "GATEHOUSE_URL is no address: it takes one as \(ClientOptions.standardURL)")
        }
        let clock = ContinuousClock()
        let end = clock.now + limit.duration
        repeat {
            if await place.isListening(within: min(.seconds(5), max(.milliseconds(1), end - clock.now))) { return }
            try await Task.sleep(for: .milliseconds(50))
        } while clock.now < end
        throw CommandFailure(.unavailable, "nothing listened on \(place.host), port \(place.port), within \(limit)")
    }

    /// Where to knock.
    struct Place: Hashable {
        let host: String
        let port: Int

        /// Whether a connection is taken there.
        func isListening(within limit: Duration) async -> Bool {
            let connected = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.nanoseconds(Int64(limit / .nanoseconds(1)))).connect(host: host, port: port)
            guard let channel = try? await connected.get() else { return false }
            try? await channel.close()
            return true
        }
    }

    /// Reads `9000`, `host:9000`, `[::1]:9000` and URLs; nil for anything else.
    static func place(of text: String) -> Place? {
        if let port = port(text) { return Place(host: "127.0.0.1", port: port) }
        let isURL = text.contains("://")
        guard let target = TargetURL(isURL ? text : "http://" + text), isURL || text.contains(":") else { return nil }
        return Place(host: target.host, port: target.port)
    }

    private static func port(_ text: String) -> Int? {
        guard let number = UInt16(text), number > 0, text.allSatisfy(\.isNumber) else { return nil }
        return Int(number)
    }
}
