import ArgumentParser
import GatehouseCore
import GatehouseDialects
import GatehouseGateway
import GatehouseVerification
import HTTPTypes

/// `gatehouse verify`: verifies a captured request, and explains why it fails.
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Verify a captured request, and print why it fails.",
        discussion: """
            The command reads one raw HTTP request, head and body, from standard input. The exit code is 0 if it \
            verifies, otherwise 1. The command also says whether the body can be read; this does not change the exit \
            code. A request is fresh for five minutes; --at sets the time of the check.

            gatehouse verify --dialect standard --secret "$SECRET" < request.http
            gatehouse verify --secret "$SECRET" --at 2026-03-11T08:15:31Z < request.http
            """)

    @Option(help: ArgumentHelp("the dialect of the signature: \(VerificationDialect.names)"))
    var dialect = VerificationDialect.standard
    @Option(help: "the secret of the subscription, as shown when the subscription was created") var secret: String
    @Option(help: "verify it as if it were this time, for example 2026-03-11T08:15:31Z (default: now)") var at: String?
    @Flag(help: "print JSON for programs instead of a sentence for people") var json = false

    /// The largest request that is read, in bytes.
    static let largest = 16 << 20

    func validate() throws {
        if let at {
            do {
                _ = try TimeText(at)
            } catch {
                throw ValidationError("--at takes a time such as 2026-03-11T08:15:31Z (ISO 8601): \(error.sentence)")
            }
        }
        do {
            _ = try Verifier(dialect, secret: secret)
        } catch {
            throw ValidationError("--secret: \(error)")
        }
    }

    func run() async throws {
        let now = at.flatMap { EventTime($0)?.instant } ?? SystemClock().now
        let bytes = try Self.input()
        do {
            let request = try CapturedRequest(bytes)
            let event = try Verifier(dialect, secret: secret).verify(request.received, now: now.seconds)
            say(verified: event, try reading(of: event, in: request))
        } catch let unreadable as CapturedRequest.Unreadable {
            throw CommandError(.data, unreadable.sentence)
        } catch let refusal as VerificationError {
            try say(refused: refusal)
        }
    }

    private func reading(
        of event: VerifiedEvent, in request: CapturedRequest
    ) throws(CommandError) -> BodyReading {
        guard let spoken = DialectTable(Dialects.all)[DialectName(dialect.rawValue)] else {
            throw CommandError(.software, "no dialect is called \(dialect.rawValue)")
        }
        var headers = HTTPFields()
        for (name, value) in request.headers {
            if let name = HTTPField.Name(name) { headers.append(HTTPField(name: name, value: value)) }
        }
        return BodyReading(event, headers, in: spoken)
    }

    /// Prints first that the request was verified, then what it reports, or why that cannot be read.
    private func say(verified event: VerifiedEvent, _ reading: BodyReading) {
        let signed = event.timestamp.map { RFC3339.secondsText(Instant(seconds: $0)) }
        var answer = JSONObject(["verified": true, "id": .text(event.id), "signed": .text(signed)])
        if event.ids.count > 1 { answer["ids"] = .array(event.ids.map { .string($0) }) }
        answer["kinds"] = .array(reading.events.map { .string($0.kind.name) })
        answer["obstacle"] = reading.obstacle.map { .string($0) }
        let told = reading.events.map { parsed in
            let words = BodyReading.words(of: parsed)
            return words.door == "–" ? words.kind : "\(words.kind) at \(words.door)"
        }
        let names = event.ids.isEmpty ? "it names no event" : event.ids.joined(separator: ", ")
        let line = "OK: \(names), signed at \(signed ?? "a time that it does not contain")"
        let more = reading.obstacle ?? "it reports \(told.joined(separator: ", "))"
        Descriptor.output.write((json ? JSON.object(answer).compact : "\(line)\n\(more)") + "\n")
    }

    private func say(refused refusal: VerificationError) throws(CommandError) {
        if json {
            Descriptor.output.write((["verified": false, "reason": .string("\(refusal)")] as JSON).compact + "\n")
            throw CommandError(.negative)
        }
        throw CommandError(.negative, "not verified: \(refusal)")
    }

    private static func input() throws(CommandError) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            guard let more = Descriptor.input.read(upTo: 65_536) else {
                throw CommandError(.input, "standard input cannot be read: \(Descriptor.reason)")
            }
            if more.isEmpty { return bytes }
            bytes += more
            guard bytes.count <= largest else {
                throw CommandError(.data, "the request has more than \(largest) bytes")
            }
        }
    }
}

extension VerificationDialect {
    /// Every name, for the help.
    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
