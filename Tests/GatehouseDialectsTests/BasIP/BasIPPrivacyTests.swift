internal import GatehouseCore
internal import GatehouseTesting
import Testing

@testable internal import DialectFixtures
@testable import GatehouseDialects

/// A body at each level: a withheld text is empty, a withheld number is zero.
@Suite struct BasIPPrivacyTests {
    private func data(_ kind: Kind, _ data: JSONObject, at level: PrivacyLevel) throws -> JSON? {
        try JSONParser.parse(BasIPPayload.body(of: BasIPExamples.event(kind, data), at: level))["data"]
    }

    @Test func credentialsAreWithheldFirstAndPersonsNext() throws {
        for (level, number, owner, home, said): (PrivacyLevel, JSON, JSON, JSON, JSON) in [
            (.everything, "0011223344", "Ana Reis", "12", ": Ana Reis, apartment 12, card 0011223344, lock 1"),
            (.noCredentials, "", "Ana Reis", "12", ": Ana Reis, apartment 12, card, lock 1"),
            (.noPersons, "", "", "", ": card, lock 1"),
        ] {
            #expect(
                try data(.accessGranted, BasIPExamples.badge, at: level) == [
                    "lock": 1, "number": number, "owner": owner, "type": "card", "apartment_address": home,
                    "category": "access", "priority": "low",
                    "text": .string("Access granted by a valid identifier" + (said.text ?? "")),
                ])
        }
    }

    @Test func callLosesItsApartmentAtLevelTwo() throws {
        let call: JSONObject = ["door": "basip:1", "details": ["apartment": "12", "owner": "Ana", "number": "5"]]
        for (level, home, owner, number): (PrivacyLevel, JSON, JSON, JSON) in [
            (.everything, "12", "Ana", "5"), (.noCredentials, "12", "Ana", ""), (.noPersons, "", "", ""),
        ] {
            let told = try data(.callIncoming, call, at: level)
            #expect(told?["apartment_address"] == home)
            #expect(told?["owner"] == owner)
            #expect(told?["number"] == number)
        }
    }

    @Test(arguments: PrivacyLevel.allCases)
    func nothingAboveTheLevelIsInAnyBody(_ level: PrivacyLevel) {
        for kind in BasIPEvents.table.vocabulary.sayable.kinds {
            let body = String(decoding: BasIPPayload.body(of: Canary.event(kind), at: level), as: UTF8.self)
            for canary in Canary.banned(at: level) { #expect(!body.contains(canary), "\(canary) of \(kind.name)") }
        }
    }

    @Test func defaultLevelIsEverything() {
        #expect(BasIPDialect().defaults.privacyLevel == .everything)
    }
}
