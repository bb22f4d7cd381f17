import ArgumentParser
import GatehouseCore
import GatehouseDialects
import GatehouseVerification
import HTTPTypes
import NIOCore
import Synchronization
import UnixSignals

/// `gatehouse listen`: a receiver that verifies, prints, and can be told to fail.
struct Listen: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Receive deliveries, verify them and print them.",
        discussion: """
            The command prints one line for each event: time, result of the verification, kind, door, id; a \
            duplicate is marked. If a verified body cannot be read, the line says why. It answers 204, or 401 with \
            the reason if the signature is invalid. Give the subscription http://HOST:PORT/ as its URL, and the \
            gateway --allow-targets 127.0.0.0/8.

            gatehouse listen --secret "$SECRET" --port 9000
            gatehouse listen --secret "$SECRET" --port 9000 --fail-first 3
            gatehouse listen --secret "$SECRET" --port 9000 --fail 503 --slow 5s
            gatehouse listen --dialect prodatakey --secret "$SECRET" --port 9000 --tls

            With --tls it uses TLS with a self-signed certificate: give the subscription https://HOST:PORT/ and \
            switch the verification of certificates off (tls.verification, ProdataKey's sslVerification).
            """)

    @Option(help: ArgumentHelp("the dialect of the signature: \(VerificationDialect.names)"))
    var dialect = VerificationDialect.standard
    @Option(help: "the secret of the subscription, as shown when the subscription was created") var secret: String
    @Option(help: "the port to listen on; 0 takes any free port") var port: Int
    @Option(help: "the address to listen on") var host = "127.0.0.1"
    @Flag(help: "use TLS, with a self-signed certificate") var tls = false
    @Option(help: "how old a delivery may be, if its dialect has a time, for example 1h (default: 5m)") var tolerance:
        TimeSpan?
    @Option(help: "answer with this status although the signature is valid, 400 to 599") var fail: Int?
    @Option(help: "fail only this many, then accept the rest (with 500, or the status of --fail)") var failFirst: Int?
    @Option(help: "wait this long before each answer, for example 5s") var slow: TimeSpan?
    @Option(help: "end after this many accepted events") var once: Int?
    @Flag(help: "print JSON for programs, one object a line") var json = false

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port takes a number from 0 to 65535") }
        if let flaw = HostText.flaw(in: host) { throw ValidationError("--host: \(flaw)") }
        if let fail, !(400...599).contains(fail) { throw ValidationError("--fail takes a status from 400 to 599") }
        if let failFirst, failFirst < 1 { throw ValidationError("--fail-first takes a number from 1") }
        if let once, once < 1 { throw ValidationError("--once takes a number from 1") }
        do {
            _ = try verifier
        } catch {
            throw ValidationError("--secret: \(error)")
        }
    }

    private var verifier: Verifier {
        get throws(VerificationError) {
            try Verifier(dialect, secret: secret, tolerance: tolerance?.duration ?? .seconds(300))
        }
    }

    /// How the receiver answers.
    var mood: ReceiverMood {
        ReceiverMood(failure: fail ?? failFirst.map { _ in 500 }, failFirst: failFirst, slow: slow?.duration)
    }

    func run() async throws {
        guard let spoken = DialectTable(Dialects.all)[DialectName(dialect.rawValue)] else {
            throw CommandError(.software, "no dialect is called \(dialect.rawValue)")
        }
        let (enough, end) = AsyncStream<Void>.makeStream()
        let left = Mutex(once)
        let asJSON = json
        let identity = tls ? try SelfSignedIdentity(host: host) : nil
        let receiver = EventReceiver(
            verifier: try verifier, mood: mood, identity: identity
        ) { arrival in
            Descriptor.output.write((asJSON ? arrival.json(in: spoken).compact : arrival.line(in: spoken)) + "\n")
            guard arrival.isTaken else { return }
            let isLast = left.withLock { left in
                left = left.map { $0 - arrival.count }
                return left.map { $0 <= 0 } ?? false
            }
            if isLast { end.finish() }
        }
        let bound: Int
        do {
            bound = try await receiver.start(host: host, port: port)
        } catch {
            throw StartError.listening(error, on: host, port)
        }
        Descriptor.errors.write(
            "listening on \(tls ? "https" : "http")://\(host.contains(":") ? "[\(host)]" : host):\(bound)\n")
        await Self.wait(for: enough)
        await receiver.stop()
    }

    /// Returns when enough deliveries came or the process is told to end.
    private static func wait(for enough: AsyncStream<Void>) async {
        let signals = await UnixSignalsSequence(trapping: [.sigint, .sigterm])
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in enough {} }
            group.addTask { for await _ in signals { return } }
            await group.next()
            group.cancelAll()
        }
    }
}

extension EventReceiver.Arrival {
    /// Whether it was verified and accepted.
    var isTaken: Bool {
        switch result {
        case .success: (200..<300).contains(status)
        case .failure: false
        }
    }

    /// Whether the gateway says that it is a test.
    var isTest: Bool { HTTPField.Name("gatehouse-test").map { headers[$0] == "true" } ?? false }

    /// How many events it reports.
    var count: Int {
        switch result {
        case .success(let event): max(event.ids.count, 1)
        case .failure: 0
        }
    }

    /// `08:15:30  verified  access.granted  lobby  0192…  duplicate`, one line for each event, with Gatehouse's kinds
    /// in every dialect. If the body cannot be read, the line has the reason in place of kind and door.
    func line(in dialect: any Dialect) -> String {
        let clock = RFC3339.secondsText(time).dropFirst(11).dropLast()
        switch result {
        case .failure(let refusal): return "\(clock)  refused with 401: \(refusal)"
        case .success(let event):
            return lines(of: event, in: dialect).map { "\(clock)  verified  \($0)" }.joined(separator: "\n")
        }
    }

    private func lines(of event: VerifiedEvent, in dialect: any Dialect) -> [String] {
        let reading = BodyReading(event, headers, in: dialect)
        let names = event.ids.joined(separator: ", ")
        guard reading.obstacle == nil else {
            return [marked(reading.obstacle ?? "", names, isRepeated: isDuplicate)]
        }
        return reading.events.enumerated().map { place, parsed in
            let words = BodyReading.words(of: parsed)
            let text = "\(Self.wide(words.kind, 28))  \(Self.wide(words.door, 20))"
            guard event.ids.count == reading.events.count else {
                return marked(text, place == 0 ? names : "", isRepeated: isDuplicate)
            }
            let id = event.ids[place]
            let isRepeated = event.ids.count == 1 ? isDuplicate : repeated.contains(id)
            return marked(text, id, isRepeated: isRepeated)
        }
    }

    private func marked(_ text: String, _ id: String, isRepeated: Bool) -> String {
        let marks =
            (isTest ? "  test" : "") + (isRepeated ? "  duplicate" : "") + (isTaken ? "" : "  answered \(status)")
        return "\(text)  \(id.isEmpty ? "–" : TextTable.printable(id))\(marks)"
    }

    /// The same for programs, with the kinds that the dialect reads, or the reason why it can read none.
    func json(in dialect: any Dialect) -> JSON {
        guard case .success(let event) = result, var object = json.object else { return json }
        let reading = BodyReading(event, headers, in: dialect)
        object["kinds"] = .array(reading.events.map { .string($0.kind.name) })
        object["obstacle"] = reading.obstacle.map { .string($0) }
        return .object(object)
    }

    /// The delivery, for programs.
    var json: JSON {
        var object = JSONObject(["received": .string(RFC3339.text(time)), "answered": .integer(status)])
        switch result {
        case .failure(let refusal):
            object["verified"] = false
            object["reason"] = .string("\(refusal)")
        case .success(let event):
            object["verified"] = true
            object["id"] = .text(event.id)
            if event.ids.count > 1 {
                object["ids"] = .array(event.ids.map { .string($0) })
                object["duplicates"] = .array(event.ids.filter(repeated.contains).map { .string($0) })
            }
            object["duplicate"] = .bool(isDuplicate)
            if isTest { object["test"] = true }
            object["event"] =
                (try? JSONParser.parse(event.body)) ?? .string(String(decoding: event.body, as: UTF8.self))
        }
        return .object(object)
    }

    private static func wide(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
