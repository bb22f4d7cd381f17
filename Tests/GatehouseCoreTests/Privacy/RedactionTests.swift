import Testing

@testable import GatehouseCore

@Suite struct RedactionTests {
    private static let data: JSON = [
        "panel": "panel-id", "door": "door-id",
        "zone": ["id": "zone-id", "name": "zone-name"],
        "person": [
            "id": "person-id", "firstName": "P-first", "lastName": "P-last", "email": "P-mail", "phone": "P-phone",
        ],
        "credential": [
            "form": "card", "number": "C-number", "cardType": 1, "value": "C-value", "wiegand26": "C-26",
            "wiegand34": "C-34", "code": "C-code",
        ],
        "access": ["method": "card", "reason": "P-free text", "duress": false],
        "organization": ["id": "org-id", "name": "org-name"],
        "permission": ["role": "reporter", "email": "P-permission", "name": "P-name"],
        "clientInfo": ["ipAddress": "P-address", "userAgent": "P-agent"],
        "details": [
            "batteryLevel": 3, "prevState": ["state": "U", "note": "P-deep", "pin": "C-pin"],
            "list": [["cardNumber": "C-list", "holder": "P-list"]], "token": "C-token", "ip": "P-ip",
        ],
    ]

    @Test(arguments: PrivacyLevel.allCases)
    func nothingAboveTheLevelSurvives(level: PrivacyLevel) throws {
        let left = JSON.object(try #require(Self.data.object).redacted(to: level, of: .accessGranted)).compact
        #expect(left.contains("C-") == (level == .everything))
        #expect(left.contains("P-") == (level < .noPersons))
    }

    @Test(arguments: PrivacyLevel.allCases)
    func identifierOfAThingStays(level: PrivacyLevel) throws {
        let left = JSON.object(try #require(Self.data.object).redacted(to: level, of: .accessGranted)).compact
        for kept in [
            "panel-id", "door-id", "zone-name", "person-id", "org-name", "batteryLevel", #""form":"card""#, "method",
        ] {
            #expect(left.contains(kept), "\(kept) at \(level)")
        }
    }

    @Test func reasonKnownToDialectsStays() throws {
        for reason in ["remote_server", "shared", "unlinked"] {
            let data: JSON = ["access": ["reason": .string(reason)]]
            #expect(
                try #require(data.object).redacted(to: .noPersons, of: .accessDenied)["access"]?["reason"]?.text
                    == reason)
        }
    }

    @Test func levelZeroChangesNothing() throws {
        let object = try #require(Self.data.object)
        #expect(object.redacted(to: .everything, of: .accessGranted) == object)
    }
}
