import GatehouseClient
import GatehouseCore
import Testing

@testable import gatehouse

@Suite struct FileSenderTests {
    /// A gateway that remembers what it was sent and answers as the test says.
    private final class Gateway {
        var bodies: [[JSON]] = []
        var answers: [APIClient.Answer] = []
        var failures: [GatehouseError?] = []
        var pauses: [Duration] = []
        var told: [String] = []

        func answer(to body: [UInt8]) throws(GatehouseError) -> APIClient.Answer {
            if !failures.isEmpty, let failure = failures.removeFirst() { throw failure }
            let events = body.split(separator: 0x0A).compactMap { try? JSONParser.parse(Array($0)) }
            bodies.append(events)
            if !answers.isEmpty { return answers.removeFirst() }
            let receipts = events.map { event -> JSON in
                ["id": event["id"] ?? .null, "source": event["source"] ?? .null, "deliveries": 2, "duplicate": false]
            }
            return Self.answer(202, ["events": .array(receipts)])
        }

        static func answer(_ status: Int, _ json: JSON, retryAfter: Int? = nil) -> APIClient.Answer {
            APIClient.Answer(status: status, body: json.bytes, retryAfter: retryAfter)
        }
    }

    private static func sender(_ gateway: Gateway, organization: String? = nil) -> FileSender {
        FileSender(
            organization: organization, tell: { gateway.told.append($0) }, pause: { gateway.pauses.append($0) }
        ) { body async throws(GatehouseError) in try gateway.answer(to: body) }
    }

    private static func send(_ text: String, by sender: inout FileSender) async throws {
        var bytes = Array(text.utf8)
        var reader = LineReader {
            defer { bytes = [] }
            return bytes
        }
        while let line = try reader.next() { try await sender.take(line) }
        try await sender.flush()
    }

    @Test func aLongFileGoesInBatchesOfAHundred() async throws {
        let gateway = Gateway()
        var sender = Self.sender(gateway)
        try await Self.send((1...250).map { #"{"id":"\#($0)"}"# }.joined(separator: "\n"), by: &sender)
        #expect(gateway.bodies.map(\.count) == [100, 100, 50])
        #expect(gateway.bodies.joined().compactMap { $0["id"]?.text } == (1...250).map(String.init))
        #expect(sender.tally == FileSender.Tally(new: 250, duplicates: 0, deliveries: 500, refused: 0))
    }

    @Test func aBatchIsBoundedInBytesToo() async throws {
        let gateway = Gateway()
        var sender = Self.sender(gateway)
        let long = String(repeating: "x", count: Batch.mostBytes / 3)
        try await Self.send((1...5).map { #"{"id":"\#($0)","x":"\#(long)"}"# }.joined(separator: "\n"), by: &sender)
        #expect(gateway.bodies.map(\.count) == [2, 2, 1])
    }

    @Test func theOrganizationIsFilledInOnlyWhereThereIsNone() async throws {
        let gateway = Gateway()
        var sender = Self.sender(gateway, organization: "acme")
        try await Self.send("{\"id\":\"1\"}\n{\"id\":\"2\",\"organization\":\"other\"}", by: &sender)
        #expect(gateway.bodies.first?.compactMap { $0["organization"]?.text } == ["acme", "other"])
    }

    @Test func aBadLineIsToldByItsNumberAndTheOthersGo() async throws {
        let gateway = Gateway()
        var sender = Self.sender(gateway)
        try await Self.send("{\"id\":\"1\"}\r\n\n{bad\n[1]\n{\"id\":\"2\"}\n", by: &sender)
        #expect(gateway.bodies.map { $0.compactMap { $0["id"]?.text } } == [["1", "2"]])
        #expect(gateway.told.count == 2)
        #expect(gateway.told[0].hasPrefix("line 3: "))
        #expect(gateway.told[1] == "line 4: an event is a JSON object, not an array")
        #expect(sender.tally.refused == 2)
    }

    @Test func aRefusedEventIsLeftOutAndTheRestIsSentAgain() async throws {
        let gateway = Gateway()
        gateway.answers = [
            Gateway.answer(422, ["detail": "there is no kind \"x\"", "field": "type", "index": 1])
        ]
        var sender = Self.sender(gateway)
        try await Self.send("\n{\"id\":\"1\"}\n{\"id\":\"2\"}\n{\"id\":\"3\"}", by: &sender)
        #expect(gateway.told == ["line 3: type: there is no kind \"x\""])
        #expect(gateway.bodies.map { $0.compactMap { $0["id"]?.text } } == [["1", "2", "3"], ["1", "3"]])
        #expect(sender.tally == FileSender.Tally(new: 2, duplicates: 0, deliveries: 4, refused: 1))
    }

    @Test func repeatedEventIsCountedAsDuplicate() async throws {
        let gateway = Gateway()
        gateway.answers = [
            Gateway.answer(
                202, ["events": [["deliveries": 3, "duplicate": true], ["deliveries": 3, "duplicate": false]]])
        ]
        var sender = Self.sender(gateway)
        try await Self.send("{\"id\":\"1\"}\n{\"id\":\"2\"}", by: &sender)
        #expect(sender.tally == FileSender.Tally(new: 1, duplicates: 1, deliveries: 3, refused: 0))
    }

    @Test func aGatewayThatIsAwayIsTriedAgainWhenItSaysSo() async throws {
        let gateway = Gateway()
        gateway.answers = [Gateway.answer(503, .null, retryAfter: 4), Gateway.answer(429, .null)]
        var sender = Self.sender(gateway)
        try await Self.send("{\"id\":\"1\"}", by: &sender)
        #expect(gateway.pauses == [.seconds(4), .seconds(1)])
        #expect(sender.tally.new == 1)
    }

    @Test func aGatewayThatStaysAwayEndsTheMatter() async throws {
        let gateway = Gateway()
        gateway.answers = Array(
            repeating: Gateway.answer(503, ["detail": "the store is away"]), count: FileSender.tries)
        var sender = Self.sender(gateway)
        do {
            try await Self.send("{\"id\":\"1\"}\n{\"id\":\"2\"}", by: &sender)
            Issue.record("it gave no failure")
        } catch let failure as CommandError {
            #expect(failure.sort == .unavailable)
            #expect(failure.sentence.hasPrefix("lines 1 to 2 were not taken: the store is away\n"))
        }
        #expect(gateway.bodies.count == FileSender.tries)
    }

    @Test func interruptedSendingNamesTheLineToContinueFrom() async throws {
        let text = (1...250).map { #"{"id":"\#($0)"}"# }.joined(separator: "\n")
        for ending in ["away", "refused"] {
            let gateway = Gateway()
            if ending == "away" {
                gateway.failures = [nil] + Array(repeating: .unreachable("gone"), count: FileSender.tries)
            } else {
                let taken: [JSON] = Array(repeating: ["deliveries": 1, "duplicate": false], count: 100)
                gateway.answers = [
                    Gateway.answer(202, ["events": .array(taken)]), Gateway.answer(403, ["detail": "no"]),
                ]
            }
            var sender = Self.sender(gateway)
            let failure = await #expect(throws: CommandError.self) { try await Self.send(text, by: &sender) }
            let sentence = failure?.sentence ?? ""
            #expect(sentence.hasPrefix("lines 101 to 200 were not taken: "), "\(sentence)")
            #expect(
                sentence.hasSuffix(
                    "100 events before them were taken. To continue, send the file with --from-line 101"))
        }
    }

    @Test func aGatewayThatGoesAwayMidwayIsWaitedFor() async throws {
        let gateway = Gateway()
        gateway.failures = [nil, .unanswered("broken"), .unreachable("gone"), nil]
        var sender = Self.sender(gateway)
        try await Self.send((1...150).map { #"{"id":"\#($0)"}"# }.joined(separator: "\n"), by: &sender)
        #expect(gateway.pauses == [FileSender.pauseWhileAway, FileSender.pauseWhileAway])
        #expect(sender.tally.new == 150)
    }

    @Test func aGatewayThatWasNeverThereIsNotWaitedFor() async throws {
        let gateway = Gateway()
        gateway.failures = [.unreachable("the gateway at http://127.0.0.1:9 does not answer")]
        var sender = Self.sender(gateway)
        do {
            try await Self.send("{\"id\":\"1\"}", by: &sender)
            Issue.record("it gave no failure")
        } catch let failure as CommandError {
            #expect(failure.sort == .unavailable && failure.sentence.contains("Is the gateway running"))
        }
        #expect(gateway.pauses.isEmpty)
    }

    @Test func aRefusalOfTheWholeIsNotTakenForOneEvents() async throws {
        let gateway = Gateway()
        gateway.answers = [Gateway.answer(403, ["detail": "a key of the role reporter may not do this"])]
        var sender = Self.sender(gateway)
        do {
            try await Self.send("{\"id\":\"1\"}", by: &sender)
            Issue.record("it gave no failure")
        } catch let failure as CommandError {
            #expect(failure.sort == .permission)
        }
    }

    // MARK: Lines

    @Test(arguments: [1, 2, 3, 7, 100])
    func linesAreTheSameHoweverTheBytesArrive(size: Int) throws {
        let text = Array("one\ntwo\r\n\nfour\nlast".utf8)
        var place = 0
        var reader = LineReader {
            let part = Array(text[place..<min(text.count, place + size)])
            place += part.count
            return part
        }
        var lines: [String] = []
        var numbers: [Int] = []
        while let line = try reader.next() {
            lines.append(String(decoding: line.bytes, as: UTF8.self))
            numbers.append(line.number)
        }
        #expect(lines == ["one", "two", "", "four", "last"])
        #expect(numbers == [1, 2, 3, 4, 5])
        #expect(reader.bytesRead == text.count)
    }

    @Test func aFailedReadIsAFailure() {
        var reader = LineReader { nil }
        #expect(throws: CommandError.self) { try reader.next() }
    }
}
