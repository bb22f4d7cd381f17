internal import GatehouseCore
internal import GatehouseTesting

/// A small building and its events.
enum Building {
    static let organization = OrganizationID("acme")
    static let now = Instant(seconds: 1_773_216_930)

    static let directory: Directory = {
        var directory = Directory()
        directory.put(Organization(id: organization, name: "Acme", parent: nil, timeZone: "America/Sao_Paulo"))
        directory.put(Organization(id: OrganizationID("acme-north"), name: "North", parent: organization))
        directory.put(Organization(id: OrganizationID("other"), name: "Other", parent: nil))
        for (place, panel, door) in [
            ("acme", "1070000", "lobby"), ("acme-north", "n1", "dock"), ("other", "o1", "gate"),
        ] {
            let panel = Panel(id: PanelID(panel), organization: OrganizationID(place), name: "Panel", number: 7)
            directory.put(panel)
            directory.put(Door(id: DoorID(door), panel: panel, number: 3, name: "Door"))
        }
        return directory
    }()

    static func terms(in dialects: [any Dialect]) -> TermsContext {
        TermsContext(directory: directory, organization: organization, dialects: DialectTable(dialects), now: now)
    }

    /// An event that was posted as that JSON.
    static func event(_ kind: Kind, _ data: JSONObject, number: UInt64 = 1) -> Event {
        var parts = Event.Parts(
            id: EventID(high: 0x019C_DC12_F5A0_7000, low: 0x8000_0000_0000_0000 | number), kind: kind,
            organization: organization, received: now)
        parts.source = "/panels/1070000"
        parts.sourceID = "evt-\(number)-\u{1F6AA}"
        parts.time = EventTime("2026-03-11T05:15:30.250-03:00") ?? EventTime(now)
        parts.data = data
        parts.labels.panelName = "Panel"
        parts.labels.panelNumber = 7
        parts.labels.doorName = "Lobby"
        parts.labels.doorNumber = 3
        parts.labels.isAttendancePoint = true
        parts.labels.timeZone = "America/Sao_Paulo"
        return Event(parts)
    }

    /// One event of each sort in the golden files.
    static let examples: [(name: String, event: Event)] = [
        ("access-granted", event(.accessGranted, granted, number: 1)),
        ("access-denied", event(.accessDenied, granted, number: 2)),
        ("door-forced", event(.doorForced, ["panel": "1070000", "door": "lobby"], number: 3)),
        ("controller-battery-status", event(.controllerBatteryStatus, battery, number: 4)),
        ("permission-created", event(.permissionCreated, permission, number: 5)),
    ]

    private static let granted: JSONObject = [
        "panel": "1070000", "door": "lobby",
        "person": ["id": "31", "firstName": "Ana", "lastName": "Reis", "email": "ana@example.com"],
        "credential": ["form": "card", "number": "123456", "cardType": 1, "value": 12345],
        "access": [
            "direction": "entry", "method": "card", "grantedBy": "identifier", "authorized": true,
            "factor": "CARD_OR_PIN", "duress": false,
        ],
        "details": [:],
    ]

    private static let battery: JSONObject = [
        "panel": "1070000",
        "details": [
            "prevState": ["voltage": .fraction(12.6), "state": "charging"],
            "newState": ["voltage": .fraction(11.9), "state": "discharging"],
            "note": "seen by Ana Reis",
        ],
    ]

    private static let permission: JSONObject = [
        "permission": ["ou": "acme", "role": "manager", "userId": 12, "email": "ana@example.com"],
        "user": ["id": "9", "firstName": "Bia", "lastName": "Lima"],
        "clientInfo": ["ipAddress": "203.0.113.9", "userAgent": "Mozilla/5.0"],
    ]
}
