import ArgumentParser
import FoundationEssentials
import GatehouseCore

/// `gatehouse wait`: returns once a gateway or a receiver answers.
struct Wait: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Wait until a gateway or a receiver answers.",
        discussion: """
            A program that starts in the background does not answer at once: put this command between its start and \
            its first call, or let a supervisor check a gateway with it. It sends GET /readyz, over TLS if the other \
            end uses TLS, without a key and with any certificate. Every answer except 502, 503 and 504 counts as \
            success: a gateway answers 503 while its store is unavailable or while it stops. The exit code is 0, or \
            69 with the last result.

            gatehouse wait
            gatehouse wait 9000
            gatehouse wait 10.1.2.3:8443 --for 2m
            gatehouse wait https://gatehouse.example.com --for 500ms
            """)

    @Argument(help: "a port of this machine, HOST:PORT or a URL (default: GATEHOUSE_URL, else port 8080)")
    var address: String?
    @Option(name: .customLong("for"), help: "how long to wait at most, for example 500ms, 30s or 2m")
    var limit = TimeSpan(.seconds(30))

    /// How long one request may take before the next one begins.
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

    /// Why a text is not an address.
    struct Flaw: Error {
        let sentence: String
    }

    /// Reads `9000`, `host:9000`, `[::1]:9000` and URLs.
    static func place(of text: String) throws(Flaw) -> Knock {
        if let port = port(text) { return Knock(host: "127.0.0.1", port: port) }
        let isURL = text.contains("://")
        let form = "it takes a port, HOST:PORT or a URL, for example 9000 or http://127.0.0.1:9000"
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
