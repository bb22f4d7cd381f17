internal import GatehouseCore

/// Examples of events.
enum EventSample {
    static let draft = JSON(
        sample: """
            {"specversion":"1.0","id":"8f14e45f","source":"/panels/1070000","type":"access.granted",
             "time":"2026-03-11T08:15:30.250Z","organization":"acme",
             "data":{"panel":"1070000","door":"lobby",
                     "person":{"id":"31","firstName":"Ana","lastName":"Reis","email":"ana@example.com"},
                     "credential":{"form":"card","number":"123456","cardType":1},
                     "access":{"direction":"entry","method":"card","grantedBy":"identifier","authorized":true}}}
            """)

    static let second = JSON(
        sample: """
            {"specversion":"1.0","id":"c9f0f895","source":"/panels/1070000","type":"door.opened",
             "time":"2026-03-11T08:15:31.000Z","organization":"acme","data":{"panel":"1070000","door":"lobby"}}
            """)

    static let third = JSON(
        sample: """
            {"specversion":"1.0","id":"45c48cce","source":"/panels/1070000","type":"panel.connected",
             "organization":"acme","data":{"panel":"1070000"}}
            """)

    /// Two events as JSON lines.
    static let lines = draft.compact + "\n" + second.compact + "\n"

    static let receipts = JSON(
        sample: """
            {"events":[{"event":"019cdc2f-1c2d-7abc-8def-0123456789ab","id":"8f14e45f","source":"/panels/1070000",
                        "deliveries":1,"duplicate":false}]}
            """)

    /// The event for a key of privacy level 1.
    static let event = JSON(
        sample: """
            {"specversion":"1.0","id":"8f14e45f","source":"/panels/1070000","type":"access.granted",
             "time":"2026-03-11T08:15:30.250Z","organization":"acme","receivedtime":"2026-03-11T08:15:30.301Z",
             "gatehouseid":"019cdc2f-1c2d-7abc-8def-0123456789ab",
             "data":{"panel":"1070000","door":"lobby",
                     "person":{"id":"31","firstName":"Ana","lastName":"Reis","email":"ana@example.com"},
                     "credential":{"form":"card","cardType":1},
                     "access":{"direction":"entry","method":"card","grantedBy":"identifier","authorized":true}}}
            """)

    static let page: JSON = ["events": [event], "next": "1"]

    static let shown: JSON = [
        "event": event,
        "deliveries": [
            "items": [
                [
                    "id": "42-3", "event": "019cdc2f-1c2d-7abc-8def-0123456789ab",
                    "subscription": "subscription_7a1b2c3d4e5f6071", "state": "delivered", "lane": "normal",
                    "attemptCount": 1, "kind": "access.granted", "door": "lobby", "doorName": "Lobby",
                    "subscriptionName": "Operations",
                    "lastAttempt": ["time": "2026-03-11T08:15:30.310Z", "outcome": "accepted", "status": 204],
                    "created": "2026-03-11T08:15:30.301Z", "replay": false,
                ]
            ], "next": nil,
        ],
    ]

    static let stream = "retry: 2000\nid: 0\n\nid: 1\nevent: access.granted\ndata: \(event.compact)\n\n"
}
