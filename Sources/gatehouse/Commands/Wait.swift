import ArgumentParser
import FoundationEssentials
import GatehouseCore

/// `gatehouse wait`: returns once a gateway or a receiver answers.
struct Wait: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Wait until a gateway or a receiver answers.",
        discussion: """
            A program that was started in the background does not answer at once: put this between its start and what \
            calls it; or let a supervisor ask by it whether a gateway is well. It asks GET /readyz, over TLS where \
            the other end speaks that, without a key and with any certificate. Any answer will do but 502, 503 \
            and 504: a gateway says 503 while its store is away or while it ends. It ends with 0, or with 69 and what \
            it met last.

            gatehouse wait
            gatehouse wait 9000
            gatehouse wait 10.1.2.3:8443 --for 2m
            gatehouse wait https://gatehouse.example.com --for 500ms
            """)

    @Argument(help: "a port of this machine, HOST:PORT or a URL; by default GATEHOUSE_URL, else port 8080")
    var address: String?
    @Option(name: .customLong("for"), help: "how long to wait at most, as in 500ms, 30s or 2m")
    var limit = TimeSpan(.seconds(30))

    /// How long it asks before it asks anew.
    private static let round = Duration.seconds(5)

    func validate() throws {
        guard let address else { return }
        do throws(Flaw) {
            _ = try Self.place(of: address)
        } catch {
            throw ValidationError(error.sentence)
        }
    }

    func run() async throws {
        let text = address ?? ProcessInfo.processInfo.environment["GATEHOUSE_URL"] ?? ClientOptions.standardURL
        let place: Knock
        do throws(Flaw) {
            place = try Self.place(of: text)
        } catch {
            throw CommandError(.usage, "GATEHOUSE_URL: \(error.sentence)")
        }
        let clock = ContinuousClock()
        let end = clock.now + limit.duration
        var met: Knock.Finding?
        repeat {
            let began = clock.now
            let time = min(Self.round, max(.milliseconds(1), end - began))
            let finding = await place.finding(within: time)
            if finding.isWell { return }
            let wasTooShort = time < Self.round && clock.now - began >= time
            if met.map({ finding.replaces($0, wasTooShort: wasTooShort) }) ?? true { met = finding }
            try await Task.sleep(for: .milliseconds(50))
        } while clock.now < end
        throw CommandError(.unavailable, (met ?? .nothing).sentence(of: place, within: limit))
    }

    /// Why a text is no address.
    struct Flaw: Error {
        let sentence: String
    }

    /// Reads `9000`, `host:9000`, `[::1]:9000` and URLs.
    static func place(of text: String) throws(Flaw) -> Knock {
        if let port = port(text) { return Knock(host: "127.0.0.1", port: port) }
        let isURL = text.contains("://")
        let form = "it takes a port, HOST:PORT or a URL, as in 9000 or http://127.0.0.1:9000"
        guard isURL || text.contains(":") else { throw Flaw(sentence: form) }
        do throws(TargetURL.Flaw) {
            let target = try TargetURL(reading: isURL ? text : "http://" + text)
            var place = Knock(host: target.host, port: target.port, hostHeader: target.hostHeader)
            guard isURL else { return place }
            place.scheme = target.scheme
            let path = target.requestTarget.prefix { $0 != "?" }
            place.path = (path.hasSuffix("/") ? String(path.dropLast()) : String(path)) + "/readyz"
            return place
        } catch {
            throw Flaw(sentence: "\(form): \(error.sentence)")
        }
    }

    private static func port(_ text: String) -> Int? {
        guard let number = UInt16(text), number > 0, text.allSatisfy(\.isNumber) else { return nil }
        return Int(number)
    }
}
