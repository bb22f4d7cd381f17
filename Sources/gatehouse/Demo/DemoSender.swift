import GatehouseClient
import GatehouseCore

/// Posts the demo's events, and records each event that was answered with 202 as owed.
struct DemoSender: Sendable {
    let environment: DemoEnvironment
    let board: Scoreboard
    /// Whether the store may contain events of an earlier demo, which are no longer owed.
    let isStoreKept: Bool

    /// Posts the events of a file, batch after batch. The examples also change the directory, which a source may not
    /// do: so the demo's admin posts them.
    func post(file: String) async throws {
        guard let input = Descriptor(reading: file) else {
            throw CommandError(.input, "\(file) cannot be opened: \(Descriptor.reason)")
        }
        defer { input.close() }
        var sender = fileSender(of: environment.admin.retrying(.none))
        var reader = LineReader { input.read(upTo: 65_536) }
        while let line = try reader.next() { try await sender.take(line) }
        try await sender.flush()
    }

    /// Posts some events together.
    func post(_ events: [JSON]) async throws {
        var sender = fileSender(of: environment.source)
        for (place, event) in events.enumerated() {
            try await sender.take(LineReader.Line(number: place + 1, bytes: event.bytes))
        }
        try await sender.flush()
    }

    private func fileSender(of poster: APIClient) -> FileSender {
        FileSender(organization: DemoBuilding.organization.text, tell: { board.refused($0) }) {
            body async throws(GatehouseError) in
            let answer = try await poster.send(FileSender.call(posting: body))
            if answer.status == 202 { note(body, answer.json["events"]?.items ?? []) }
            return answer
        }
    }

    private func note(_ body: [UInt8], _ receipts: [JSON]) {
        let events = body.split(separator: UInt8(ascii: "\n")).compactMap { try? JSONParser.parse(Array($0)) }
        for (event, receipt) in zip(events, receipts) {
            let isOld = isStoreKept && receipt["duplicate"] == true
            let kind = event["type"]?.text.flatMap { Kind(named: $0) }
            let owing = environment.posts.map(\.row).filter { row in kind.map { row.kinds.contains($0) } ?? false }
            let owed = owing.compactMap { row in row.expected(event, receipt).map { (row.title, $0) } }
            board.accepted(event, owed: isOld ? [] : owed)
        }
    }
}
