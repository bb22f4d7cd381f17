internal import GatehouseCore
internal import GatehouseTesting
import Testing

@testable internal import DialectFixtures
@testable import GatehouseDialects

/// The values in a body that the event does not have: events of our own directory, and ids that are not UUIDs.
@Suite struct ProdataKeyDefaultTests {
    private func body(_ kind: Kind, _ data: JSONObject) -> String {
        String(decoding: ProdataKeyPayload.body(of: Building.event(kind, data), at: .everything), as: UTF8.self)
    }

    @Test func unchangedFieldHasTheContractsDefault() {
        let data: JSONObject = ["organization": ["id": "north", "name": "North"]]
        #expect(
            body(.organizationCreated, data)
                == #"{"id":"north","name":"North","useBluetoothCredentials":false,"useTouchMobileApp":false,"#
                + #""parent":null,"intercoms":[],"topic":"ou.created"}"#)
        #expect(
            body(.organizationDeleted, data)
                == #"{"id":"north","name":"North","useBluetoothCredentials":false,"useTouchMobileApp":false,"#
                + #""parent":null,"themes":[],"intercoms":[],"topic":"ou.deleted"}"#)
        #expect(
            body(.organizationUpdated, data)
                == #"{"name":"North","useBluetoothCredentials":false,"useTouchMobileApp":false,"#
                + #""themes":[],"intercoms":[],"id":"north","parent":null,"topic":"ou.updated"}"#)
    }

    @Test func panelHasTheNameOfItsLabelAndTheEventsOrganization() {
        #expect(
            body(.panelCreated, ["panel": "1070000", "user": ["lastName": "Lima", "id": "9", "email": "a@b.c"]])
                == #"{"id":"1070000","name":"Panel","ou":"acme","user":{"id":"9","lastName":"Lima"},"#
                + #""topic":"panel.created"}"#)
        #expect(
            body(.panelDeleted, ["panel": "1070000", "details": ["name": "Old", "ou": "north"]])
                == #"{"id":"1070000","name":"Old","ou":"north","topic":"panel.deleted"}"#)
    }

    @Test func permissionHasTheEventsOrganizationAndAnOptionalUser() {
        let data: JSONObject = ["permission": ["role": "reporter"]]
        #expect(
            body(.permissionCreated, data)
                == #"{"ou":"acme","role":"reporter","userId":null,"topic":"permission.created"}"#)
        #expect(
            body(.permissionDeleted, data) == #"{"ou":"acme","role":"reporter","topic":"permission.deleted"}"#)
    }

    @Test func connectionHasItsStateAndItsTimeInSeconds() {
        #expect(
            body(.panelConnected, ["panel": "1070000"])
                == #"{"online":true,"timestamp":"2026-03-11T08:15:30Z","panelId":"1070000","topic":"panel.connected"}"#)
        #expect(
            body(.panelDisconnected, ["panel": "1070000", "details": ["ip": "10.0.0.1"]])
                == #"{"ip":"10.0.0.1","online":false,"timestamp":"2026-03-11T08:15:30Z","panelId":"1070000","#
                + #""topic":"panel.disconnected"}"#)
    }

    @Test(arguments: [
        "2022-03-10T14:04:11Z", "2022-03-10T14:04:11.104Z", "2022-03-10T15:04:11+01:00", "2022-03-10t14:04:11z",
        "2022-03-10", "YYYY-MM-DDThh:mm:ssZ", "",
    ])
    func timestampKeepsItsSpelling(_ spelled: String) throws {
        let payload: JSON = [
            "ip": "::1", "online": true, "timestamp": .string(spelled), "panelId": "p", "topic": "panel.connected",
        ]
        let parsed = try ProdataKeyPayload.parse(payload.bytes)
        #expect(parsed.time?.time == EventTime(spelled))
        #expect(parsed.original["timestamp"]?.text == (spelled == "2022-03-10T14:04:11Z" ? nil : spelled))
        #expect(parsed.data["details"]?["timestamp"] == nil, "where a reporter could write it")
        #expect(ProdataKeyPayload.body(of: parsed.admitted(), at: .everything) == payload.bytes)
    }

    @Test func factorFollowsFromAPlainMethod() throws {
        for (access, factor): (JSON, JSON?) in [
            (["method": "card"], "CARD_ONLY"), (["method": "password"], "PIN_ONLY"),
            (["method": "card_password"], "CARD_AND_PIN"), (["method": "face"], .none), (["authorized": true], .none),
            (["method": "card", "factor": "CARD_OR_PIN"], "CARD_OR_PIN"),
        ] {
            for kind: Kind in [.accessGranted, .accessDenied, .accessRecognized] {
                let body = try JSONParser.parse(Array(body(kind, ["panel": "1070000", "access": access]).utf8))
                #expect(body["body"]?["requestFactor"] == factor, "\(access.compact)")
            }
        }
    }

    @Test func idThatIsNotAUUIDIsReplacedByOurs() throws {
        let ours = Building.event(.doorForced, [:])
        for (sourceID, id) in [
            ("624AF2C6-fc08-403f-94c7-a2d87d0703df", "624AF2C6-fc08-403f-94c7-a2d87d0703df"),
            ("624af2c6-fc08-403f-94c7-a2d87d0703d", ours.id.description),
            ("624af2c6fc08403f94c7a2d87d0703df", ours.id.description), ("evt-1", ours.id.description),
        ] {
            var parts = Event.Parts(
                id: ours.id, kind: ours.kind, organization: ours.organization, received: ours.received)
            parts.sourceID = sourceID
            let body = try JSONParser.parse(ProdataKeyPayload.body(of: Event(parts), at: .everything))
            #expect(body["id"]?.text == id)
        }
    }

    @Test func changeWithoutATimeHasTheEventsTime() throws {
        for (details, occurred): (JSON, JSON) in [
            (["action": "person.added"], 1_773_216_930_250), (["occurred": 5, "action": "person.added"], 5),
        ] {
            for kind: Kind in [.entityAdded, .commandSent] {
                let body = try JSONParser.parse(Array(body(kind, ["panel": "1070000", "details": details]).utf8))
                #expect(body["body"]?["occurred"] == occurred)
                #expect(body["metadata"]?["occurred"] == 1_773_216_930_250)
            }
        }
    }

    @Test func detailDoesNotReplaceTheNumber() {
        #expect(
            body(.deviceUpdated, ["panel": "1070000", "details": ["id": "stray", "delay": 1]]).contains(
                #""body":{"delay":1,"id":3}"#))
    }
}
