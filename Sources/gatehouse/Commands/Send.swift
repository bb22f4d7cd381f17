import ArgumentParser
import GatehouseClient
import GatehouseCore
import Synchronization

/// `gatehouse send`: posts events.
struct Send: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Post one event, or a file of events.",
        discussion: """
            A kind and flags describe one event. A file has one event on each line, as JSON; - reads standard input. \
            A file may be sent twice: an event with the same source and id is stored once. If sending stops before \
            the end of the file, the command prints the line from which to continue.

            gatehouse send door.forced --door lobby
            gatehouse send access.granted --door lobby --person 31 --data '{"access":{"direction":"entry"}}'
            gatehouse send --file events.jsonl --organization acme
            gatehouse send --file events.jsonl --from-line 40001
            zcat events.jsonl.gz | gatehouse send --file -
            """)

    @Argument(help: "what happened; `gatehouse catalogue` lists the kinds", completion: Completable.kinds)
    var kind: String?
    @Option(help: "a file with one event a line, or - for standard input", completion: .file()) var file: String?
    @Option(help: "with --file: skip the lines before this one, counted from 1") var fromLine: Int?
    @Option(help: "the id of the door where it happened") var door: String?
    @Option(help: "the id of the panel where it happened") var panel: String?
    @Option(help: "the id of the person") var person: String?
    @Option(help: "who reports it (default: /panels/PANEL, or gatehouse-send)") var source: String?
    @Option(help: "the reporter's own id of the event (default: the command makes one)") var id: String?
    @Option(
        help: """
            the event's organization (default: the key's organization, else the only one with that door or panel); \
            with --file, for events that name none
            """) var organization: String?
    @Option(
        help:
            "when it happened, for example 2026-03-11T08:15:30.250Z; without a zone, local time (default: now)"
    )
    var time: String?
    @Option(help: "more blocks as a JSON object; --door, --panel and --person are added to it") var data: String?
    @OptionGroup var client: ClientOptions

    func validate() throws {
        let described = [door, panel, person, source, id, time, data].contains { $0 != nil }
        if let fromLine, file == nil || fromLine < 1 {
            throw ValidationError("--from-line takes a line number from 1, and needs --file")
        }
        switch (kind, file) {
        case (nil, nil): throw ValidationError("give what to send: a kind, or --file events.jsonl")
        case (.some, .some): throw ValidationError("give one kind or --file, not both")
        case (nil, .some) where described:
            throw ValidationError(
                "with --file the events are complete; only --organization and --from-line may be given with it")
        case (.some, nil): _ = try draft()
        case (nil, .some): break
        }
    }

    func run() async throws {
        if let file { try await send(file: file) } else { try await sendOne() }
    }

    // MARK: One

    /// The event that the flags describe.
    func draft() throws -> APIClient.EventDraft {
        if let time {
            do {
                _ = try TimeText(time)
            } catch {
                throw ValidationError(
                    "--time takes a time such as 2026-03-11T08:15:30.250Z (ISO 8601): \(error.sentence)")
            }
        }
        var draft = APIClient.EventDraft(
            kind ?? "", source: source ?? panel.map { "/panels/\($0)" } ?? "gatehouse-send", id: id)
        draft.time = time
        draft.organization = organization
        draft.data = try blocks()
        draft.data.put("panel", panel)
        draft.data.put("door", door)
        if let person {
            var block = draft.data["person"]?.object ?? JSONObject()
            block["id"] = .string(person)
            draft.data["person"] = .object(block)
        }
        return draft
    }

    private func blocks() throws -> JSONObject {
        guard let data else { return JSONObject() }
        do {
            let value = try JSONParser.parse(Array(data.utf8))
            guard let object = value.object else {
                throw ValidationError("--data takes a JSON object, not \(value.sort)")
            }
            return object
        } catch let failure as JSONParser.ParseError {
            throw ValidationError("--data takes a JSON object: \(failure.sentence), at byte \(failure.offset)")
        }
    }

    private func sendOne() async throws {
        let gateway = try client.client()
        let receipt = try await gateway.events.post(try draft()).json
        if client.json {
            Descriptor.output.write((["events": [receipt]] as JSON).compact + "\n")
        } else {
            let table = Listing.table(of: [receipt], ["event", "id", "source", "deliveries", "duplicate"])
            Descriptor.output.write(table.text(width: Descriptor.output.width))
        }
    }

    // MARK: A file

    private func send(file: String) async throws {
        // A batch with refused events is sent again, without those events.
        let gateway = try client.client().retrying(.none)
        let input = try Self.open(file)
        defer { if file != "-" { input.close() } }
        var bar = ProgressBar(total: input.size)
        var sender = FileSender(organization: organization, tell: { Descriptor.errors.write($0 + "\n") }) {
            body async throws(GatehouseError) in
            try await gateway.send(FileSender.call(posting: body))
        }
        var reader = LineReader { input.read(upTo: 65_536) }
        let reached = Mutex(Reached(line: fromLine ?? 1))
        let interruption = Interruption.reporting { [self] in reached.withLock { tell(interruptedAt: $0) } }
        while let line = try reader.next() {
            let refused = sender.tally.refused
            if line.number >= fromLine ?? 1 { try await sender.take(line) }
            if sender.tally.refused > refused { bar.clear() }
            let next = max(fromLine ?? 1, line.number + 1)
            reached.withLock { $0 = Reached(tally: sender.tally, line: sender.firstWaiting ?? next) }
            bar.show(bytes: reader.bytesRead, note: "\(sender.tally.new + sender.tally.duplicates) sent")
        }
        try await sender.flush()
        interruption.cancel()
        bar.clear()
        report(sender.tally)
        if sender.tally.refused > 0 { throw CommandError(.data) }
    }

    /// How far the sending has come.
    private struct Reached {
        var tally = FileSender.Tally()
        /// The line from which to continue.
        var line: Int
    }

    /// The batch that is on its way may have been accepted or not: sending it again does no harm.
    private func tell(interruptedAt reached: Reached) {
        report(reached.tally)
        Descriptor.errors.write(
            "\ngatehouse: interrupted at line \(reached.line): \(reached.tally.new + reached.tally.duplicates) events "
                + "before it were taken. To continue, send the file again with --from-line \(reached.line)\n")
    }

    private func report(_ tally: FileSender.Tally) {
        if client.json {
            let object: JSON = [
                "new": .integer(tally.new), "duplicates": .integer(tally.duplicates),
                "deliveries": .integer(tally.deliveries), "refused": .integer(tally.refused),
            ]
            Descriptor.output.write(object.compact + "\n")
        } else {
            Descriptor.output.write(
                "\(tally.new) new, \(tally.duplicates) taken before, \(tally.refused) refused; "
                    + "\(tally.deliveries) deliveries owed\n")
        }
    }

    private static func open(_ file: String) throws(CommandError) -> Descriptor {
        if file == "-" { return .input }
        guard let descriptor = Descriptor(reading: file) else {
            throw CommandError(.input, "\(file) cannot be opened: \(Descriptor.reason)")
        }
        return descriptor
    }
}
