internal import GatehouseCore
internal import GatehouseTesting
import Testing

@testable internal import DialectFixtures
@testable import GatehouseDialects

/// The content of a body at each level. Withheld values are absent; ids and the names of things are not withheld.
@Suite struct ProdataKeyPrivacyTests {
    private func body(_ kind: Kind, _ data: JSONObject, at level: PrivacyLevel) throws -> JSON {
        var numbers = Numbers()
        numbers[.person] = 31
        return try JSONParser.parse(
            ProdataKeyPayload.body(of: Building.event(kind, data).numbered(numbers), at: level))
    }

    private static let caller: JSONObject = [
        "permission": ["ou": "acme", "email": "ana@example.com", "name": "Ana Reis", "role": "manager", "userId": "u"],
        "user": ["id": "9", "firstName": "Bia", "lastName": "Lima"],
        "clientInfo": ["ipAddress": "203.0.113.9", "userAgent": "Mozilla/5.0"],
    ]

    @Test(arguments: [PrivacyLevel.everything, .noCredentials])
    func permissionIsSentWholeUpToLevelOne(_ level: PrivacyLevel) throws {
        #expect(
            try body(.permissionAccepted, Self.caller, at: level) == [
                "ou": "acme", "email": "ana@example.com", "name": "Ana Reis", "role": "manager", "userId": "u",
                "user": ["id": "9", "firstName": "Bia", "lastName": "Lima"],
                "clientInfo": ["ipAddress": "203.0.113.9", "userAgent": "Mozilla/5.0"], "topic": "permission.accepted",
            ])
    }

    @Test func permissionAtLevelTwoHasIdsAndARole() throws {
        #expect(
            try body(.permissionAccepted, Self.caller, at: .noPersons) == [
                "ou": "acme", "role": "manager", "userId": "u", "user": ["id": "9"], "clientInfo": [:],
                "topic": "permission.accepted",
            ])
    }

    private static let change: JSONObject = [
        "panel": "1070000",
        "details": [
            "occurred": 5, "userId": "u",
            "details": ["personId": 1, "groupName": "Night", "cardNumber": "12345", "pin": "0000", "firstName": "Ana"],
            "action": "credential.added",
        ],
    ]

    @Test func changeLosesCredentialsFirstAndPersonsNext() throws {
        for (level, told): (PrivacyLevel, JSON) in [
            (
                .everything,
                ["personId": 1, "groupName": "Night", "cardNumber": "12345", "pin": "0000", "firstName": "Ana"]
            ),
            (.noCredentials, ["personId": 1, "groupName": "Night", "firstName": "Ana"]),
            (.noPersons, ["personId": 1, "groupName": "Night"]),
        ] {
            let body = try body(.entityModified, Self.change, at: level)
            #expect(body["body"] == ["occurred": 5, "userId": "u", "details": told, "action": "credential.added"])
        }
    }

    @Test func personLosesNamesAndKeepsTheNumber() throws {
        let data: JSONObject = [
            "person": ["id": "31"], "change": "updated",
            "details": [
                "panelId": "1070000", "prevState": ["firstName": "Ana", "pin": "0000", "enabled": true],
                "newState": ["firstName": "Bia", "pin": "1111", "enabled": false],
            ],
        ]
        for (level, old, new): (PrivacyLevel, JSON, JSON) in [
            (
                .everything, ["firstName": "Ana", "pin": "0000", "enabled": true],
                ["firstName": "Bia", "pin": "1111", "enabled": false]
            ),
            (.noCredentials, ["firstName": "Ana", "enabled": true], ["firstName": "Bia", "enabled": false]),
            (.noPersons, ["enabled": true], ["enabled": false]),
        ] {
            let body = try body(.personUpdated, data, at: level)
            #expect(body["body"] == ["prevState": old, "newState": new, "id": 31])
            #expect(body["panelId"] == "1070000")
        }
    }

    @Test(arguments: PrivacyLevel.allCases)
    func namesOfThingsAndIdsAreSentAtEveryLevel(_ level: PrivacyLevel) throws {
        let passage = try body(
            .accessGranted, ["panel": "1070000", "door": "lobby", "person": ["id": "31", "firstName": "Ana"]],
            at: level)
        #expect(passage["body"] == ["doorId": 3, "personId": 31])
        #expect(passage["metadata"]?["doorName"] == "Lobby")
        let rule = try body(
            .doorAutoOpenStarted, ["panel": "1070000", "details": ["ruleId": 4, "aoscan": true, "ruleName": "Night"]],
            at: level)
        #expect(rule["body"] == ["doorId": 3, "ruleId": 4, "aoscan": true])
        #expect(rule["metadata"]?["ruleName"] == "Night")
        let controller = try body(
            .controllerAdded, ["panel": "1070000", "details": ["ioLinkId": 2, "ioLinkName": "North"]], at: level)
        #expect(controller["metadata"]?["ioLinkName"] == "North")
        let node = try body(
            .panelUpdated, ["panel": "1070000", "details": ["name": "Hall", "ou": "57e5"]], at: level)
        #expect(node == ["id": "1070000", "name": "Hall", "ou": "57e5", "topic": "panel.updated"])
    }

    /// The address of a panel belongs to a thing; the address of a caller belongs to a person, see above.
    @Test(arguments: PrivacyLevel.allCases)
    func addressOfAPanelIsSentAtEveryLevel(_ level: PrivacyLevel) throws {
        let body = try body(.panelConnected, ["panel": "1070000", "details": ["ip": "10.0.0.1"]], at: level)
        #expect(body["ip"] == "10.0.0.1")
    }

    @Test func errorWithReadValuesIsWithheldFromLevelOneOn() throws {
        let details: JSON = ["cardFormat": "Wiegand 26", "errorMessage": "Bad facility code: 1"]
        for (level, told): (PrivacyLevel, JSON) in [
            (.everything, details), (.noCredentials, ["cardFormat": "Wiegand 26"]),
            (.noPersons, ["cardFormat": "Wiegand 26"]),
        ] {
            #expect(try body(.cardParseFailed, ["panel": "1070000", "details": details], at: level)["body"] == told)
        }
    }

    @Test(arguments: PrivacyLevel.allCases)
    func nothingAboveTheLevelIsInAnyBody(_ level: PrivacyLevel) {
        for row in ProdataKeyEvents.table.rows {
            let body = String(
                decoding: ProdataKeyPayload.body(of: Canary.event(row.kind), at: level), as: UTF8.self)
            for canary in Canary.banned(at: level) { #expect(!body.contains(canary), "\(canary) of \(row.name)") }
        }
    }

    /// Without this, a dialect that leaves everything out would pass.
    @Test func levelZeroTopicsHaveValuesOfEveryClass() {
        let bodies = ProdataKeyEvents.table.rows.map {
            String(decoding: ProdataKeyPayload.body(of: Canary.event($0.kind), at: .everything), as: UTF8.self)
        }
        #expect(bodies.contains { $0.contains(Canary.credential) })
        #expect(bodies.contains { $0.contains(Canary.person) })
    }
}
