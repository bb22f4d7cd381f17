import GatehouseClient
import GatehouseCore
import Testing

/// Events in the client library: how a reporter's own attributes are written and read.
@Suite struct EventValueTests {
    @Test func aDraftSaysTheReportersOwnAttributes() {
        var draft = APIClient.EventDraft("door.opened", source: "/panels/1", door: "lobby", id: "7")
        draft.attributes["subject"] = "doors/lobby"
        draft.attributes["site"] = "north"
        // A field of the draft itself is not repeated.
        draft.attributes["type"] = "door.closed"
        #expect(
            draft.json == [
                "specversion": "1.0", "id": "7", "source": "/panels/1", "type": "door.opened",
                "subject": "doors/lobby", "site": "north", "data": ["door": "lobby"],
            ])
    }

    @Test func anEventTellsThem() throws {
        let json: JSON = [
            "specversion": "1.0", "id": "7", "source": "/panels/1", "type": "door.opened",
            "time": "2026-03-11T08:15:30.250Z", "organization": "acme", "receivedtime": "2026-03-11T08:15:30.301Z",
            "gatehouseid": "019cdc2f-1c2d-7abc-8def-0123456789ab", "gatehouseflag": "clock", "subject": "doors/lobby",
            "deck": 3, "data": [:],
        ]
        let event = try APIClient.Event(json)
        #expect(event.attributes == JSONObject([.init("subject", "doors/lobby"), .init("deck", 3)]))
    }
}
