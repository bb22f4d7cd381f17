import GatehouseCore
import Testing

@testable import GatehouseClient
@testable import gatehouse

/// Streams of events as they come over the wire, in pieces of any size.
@Suite struct ServerSentEventsTests {
    private static let stream = """
        retry: 2000
        id: 4

        : alive

        id: 5
        event: door.opened
        data: {"id":"a"}

        event:door.forced\r\ndata:{"id":"b",\r\ndata: "x":1}\rid: 7\r\n\nid: 9

        unknown: field
        data

        data: cut off
        """

    private static let wanted = [
        ServerSentEvents.Message(id: "5", kind: "door.opened", data: #"{"id":"a"}"#),
        ServerSentEvents.Message(id: "7", kind: "door.forced", data: "{\"id\":\"b\",\n\"x\":1}"),
        ServerSentEvents.Message(id: "9", kind: "", data: ""),
    ]

    @Test(arguments: [1, 2, 3, 7, 1000]) func messagesAreTheSameInAnyPieces(size: Int) throws {
        var events = ServerSentEvents(lastID: nil)
        var found: [ServerSentEvents.Message] = []
        var rest = Array(Self.stream.utf8)[...]
        while !rest.isEmpty {
            let messages = events.take(rest.prefix(size))
            found += try #require(messages)
            rest = rest.dropFirst(size)
        }
        #expect(found == Self.wanted)
        #expect(events.lastID == "9")
    }

    @Test func anIDIsRememberedWithoutAnEvent() {
        var events = ServerSentEvents(lastID: "3")
        let alive = events.take(Array(": alive\n\n".utf8))
        #expect(alive == [])
        #expect(events.lastID == "3")
        let place = events.take(Array("id: 4\n\n".utf8))
        #expect(place == [])
        #expect(events.lastID == "4")
    }

    @Test func aLineWithoutAnEndIsNoStream() {
        var events = ServerSentEvents(lastID: nil)
        let piece = Array(repeating: UInt8(ascii: "x"), count: ServerSentEvents.longestLine)
        let still = events.take(piece)
        #expect(still == [])
        let more = events.take([UInt8(ascii: "x")])
        #expect(more == nil)
    }

    @Test func anEventOfATailIsOneLine() {
        let event: JSON = [
            "id": "7", "type": "access.granted", "time": "2026-03-11T08:15:30.250Z", "gatehouseid": "g1",
            "data": ["door": "lobby\n", "person": ["id": "31", "firstName": "Ana", "lastName": "Reis"]],
        ]
        let words = Events.Tail.line(event).split(separator: "  ").map { $0.trimmingPrefix(" ") }
        #expect(words == ["2026-03-11T08:15:30.250Z", "access.granted", "lobby·", "Ana Reis", "g1"])
    }
}
