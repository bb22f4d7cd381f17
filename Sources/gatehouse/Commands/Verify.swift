import ArgumentParser
import GatehouseCore
import GatehouseDialects
import GatehouseGateway
import GatehouseVerification
import HTTPTypes

/// `gatehouse verify`: says whether a captured request verifies, and why not.
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say whether a captured request verifies, and why not.",
        discussion: """
            Reads one raw HTTP request, head and body, from standard input. Exits with 0 where it verifies, with 1 \
            where it does not; whether its body can be read is said beside that and changes nothing. A request is \
            fresh for five minutes; --at says by which time it is judged.

            gatehouse verify --dialect standard --secret "$SECRET" < request.http
            gatehouse verify --secret "$SECRET" --at 2026-03-11T08:15:31Z < request.http
            """)

    @Option(help: ArgumentHelp("whose way of signing: \(VerificationDialect.names)"))
    var dialect = VerificationDialect.standard
    @Option(help: "the secret of the subscription, as it was shown when that was made") var secret: String
    @Option(help: "judge it as if it were this time, as in 2026-03-11T08:15:31Z (default: now)") var at: String?
    @Flag(help: "print JSON for programs instead of a sentence for people") var json = false

    /// The largest request that is read, in bytes.
    static let largest = 16 << 20

    func validate() throws {
        if let at {
            do {
                _ = try TimeText(at)
            } catch {
                throw ValidationError("--at takes a time as 2026-03-11T08:15:31Z (ISO 8601): \(error.sentence)")
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

    /// First that it verified, then what it tells, or why that cannot be read.
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
        let line = "OK: \(names), signed at \(signed ?? "a time that it does not tell")"
        let more = reading.obstacle ?? "it tells of \(told.joined(separator: ", "))"
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
