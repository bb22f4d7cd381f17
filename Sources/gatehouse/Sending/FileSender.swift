import GatehouseClient
import GatehouseCore

/// Sends a file of events in batches. Each batch is accepted whole or not at all: a refused event is reported with its
/// line and left out, and the rest of its batch is sent again. Sending twice is safe, because the gateway stores an
/// event with the same source and id once.
struct FileSender {
    /// The result.
    struct Tally: Equatable {
        /// Events that the gateway accepted for the first time.
        var new = 0
        /// Events that it had accepted before.
        var duplicates = 0
        /// Deliveries that the new events owe.
        var deliveries = 0
        /// Lines that were not accepted.
        var refused = 0
    }

    /// How a batch is posted.
    typealias Post = ([UInt8]) async throws(GatehouseError) -> APIClient.Answer
    /// How the sender waits before a batch is tried again.
    typealias Pause = (Duration) async -> Void

    /// How often a batch is tried while the gateway is away or overloaded.
    static let tries = 10
    /// How long the sender waits for a gateway that answered before and no longer answers.
    static let pauseWhileAway = Duration.seconds(3)

    private let organization: String?
    private let post: Post
    private let pause: Pause
    private let tell: (String) -> Void
    private var batch = Batch()
    private var wasThere = false
    private(set) var tally = Tally()
    /// The first unsent line; nil if there is none.
    var firstWaiting: Int? { batch.items.first?.line }

    /// Sends by `post` and reports each fault by `tell`. An event without an organization gets `organization`.
    init(
        organization: String?, tell: @escaping (String) -> Void,
        pause: @escaping Pause = { try? await Task.sleep(for: $0) },
        post: @escaping Post
    ) {
        self.organization = organization
        self.tell = tell
        self.pause = pause
        self.post = post
    }

    /// Takes one line; a full batch is sent. Blank lines are skipped.
    mutating func take(_ line: LineReader.Line) async throws(CommandError) {
        guard line.bytes.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
        let bytes: [UInt8]
        do {
            bytes = try event(in: line)
        } catch {
            refuse(line.number, error.sentence)
            return
        }
        if !batch.hasRoom(for: bytes.count) { try await flush() }
        batch.add(Batch.Item(line: line.number, bytes: bytes))
    }

    /// Sends the rest.
    mutating func flush() async throws(CommandError) {
        var tries = 0
        while !batch.isEmpty {
            tries += 1
            guard let answer = try await answer(tries) else { continue }
            wasThere = true
            if answer.isSuccess {
                count(answer.json)
                batch.clear()
                return
            }
            let refusal = answer.refusal
            if refusal.isPassing, tries < Self.tries {
                await pause(.seconds(min(max(answer.retryAfter ?? 1, 1), 30)))
            } else {
                try leaveOut(refusal)
                tries = 0
            }
        }
    }

    /// How a batch of JSON lines is posted; posting it twice has the effect of once.
    static func call(posting body: [UInt8]) -> APIClient.Call {
        var call = APIClient.Call(.post, "/v1/events")
        call.body = body
        call.type = "application/x-ndjson"
        call.repetition = .harmless
        return call
    }

    /// The gateway's answer to the batch; nil if the gateway answered earlier and is expected back.
    ///
    /// - Throws: if the gateway never answered, or stays away.
    private mutating func answer(_ tries: Int) async throws(CommandError) -> APIClient.Answer? {
        do throws(GatehouseError) {
            return try await post(batch.body)
        } catch {
            switch error {
            case .unreachable, .unanswered:
                guard wasThere, tries < Self.tries else { throw givenUp(CommandError(error)) }
                await pause(Self.pauseWhileAway)
                return nil
            case .misuse, .untrusted, .refused, .unreadable, .cancelled: throw givenUp(CommandError(error))
            }
        }
    }

    /// An error that ends the sending; it says how far the sending came and how to continue.
    private func givenUp(_ failure: CommandError) -> CommandError {
        let (first, last) = (batch.items.first?.line ?? 1, batch.items.last?.line ?? 1)
        return CommandError(
            failure.sort,
            "lines \(first) to \(last) were not taken: \(failure.sentence)\n"
                + "\(tally.new + tally.duplicates) events before them were taken. To continue, send the file with "
                + "--from-line \(first)")
    }

    /// Why a line is not sent.
    private struct BadLine: Error {
        let sentence: String
    }

    private func event(in line: LineReader.Line) throws(BadLine) -> [UInt8] {
        guard line.bytes.count <= LineReader.longest else {
            throw BadLine(sentence: "the line has more than \(LineReader.longest) bytes")
        }
        let value: JSON
        do {
            value = try JSONParser.parse(line.bytes)
        } catch {
            throw BadLine(sentence: "\(error.sentence), at byte \(error.offset) of the line")
        }
        guard var event = value.object else { throw BadLine(sentence: "an event is a JSON object, not \(value.sort)") }
        guard let organization, event["organization"] == nil else { return line.bytes }
        event["organization"] = .string(organization)
        return JSON.object(event).bytes
    }

    private mutating func count(_ answer: JSON) {
        for receipt in answer["events"]?.items ?? [] {
            if receipt["duplicate"] == true {
                tally.duplicates += 1
            } else {
                tally.new += 1
                tally.deliveries += receipt["deliveries"]?.integer.flatMap { Int(exactly: $0) } ?? 0
            }
        }
    }

    /// Leaves out the one event that the gateway refused.
    ///
    /// - Throws: if the problem is not about one event.
    private mutating func leaveOut(_ refusal: Problem) throws(CommandError) {
        guard let complaint = refusal.complaints.first(where: { $0.index != nil }), let place = complaint.index,
            batch.items.indices.contains(place)
        else {
            throw givenUp(refusal.failure)
        }
        refuse(batch.remove(at: place).line, complaint.text)
    }

    private mutating func refuse(_ line: Int, _ sentence: String) {
        tally.refused += 1
        tell("line \(line): \(sentence)")
    }
}
