internal import Foundation
internal import GatehouseCore
internal import GatehouseGateway
internal import GatehouseTesting
internal import HTTPTypes
import Testing

@testable internal import DialectFixtures
@testable internal import GatehouseDialects

/// Numbers and values that Situator's contract has, and ours that do not fit them: nothing is lost or ambiguous, and
/// every number can be looked up.
@Suite(.serialized) struct SituatorValueTests {
    private typealias TestGateway = SituatorGateway

    // MARK: Values

    private static let values: [(given: JSON, number: JSON, value: JSON, code: JSON)] = [
        (12345, 12345, 12345, nil), ("12345", 12345, 12345, nil), ("007", nil, "007", "007"),
        ("A1B2", nil, "A1B2", "A1B2"), ("99999999999999999999", nil, "99999999999999999999", "99999999999999999999"),
        ("-0", nil, "-0", "-0"), ("", nil, "", ""), ("1.0", nil, "1.0", "1.0"),
    ]

    @Test(arguments: values.indices)
    func valueThatIsNotANumberIsText(_ place: Int) throws {
        let (given, number, value, code) = Self.values[place]
        let object = SituatorCard.object(["number": given, "value": given])
        #expect(object["number"] == number && object["value"] == value && object["code"] == code, "\(object)")
        let taken = SituatorCard.object(["number": given, "code": "x"])
        #expect(taken["number"] == (number == .null ? given : number), "where text has no other place it stays")
        let back = try SituatorCard.credential(PayloadValue(.object(object), at: "credential"))
        #expect(SituatorCard.object(back) == object, "read and written again it is the same")
    }

    @Test func textOfTheContractIsText() {
        let object = SituatorCard.object(["wiegand26": 12345, "wiegand34": "0A", "code": 7])
        #expect(object["wiegand26"] == "12345" && object["wiegand34"] == "0A" && object["code"] == "7")
    }

    @Test func unknownFormatIsKept() throws {
        let text = SituatorExamples.access.replacing("\"wiegand26\"", with: "\"wiegand37\":\"0F\",\"wiegand26\"")
        let parsed = try SituatorPayload.parse(Array(text.utf8))
        #expect(parsed.data["details"]?["credential"] == ["wiegand37": "0F"])
        #expect(parsed.data["credential"]?["wiegand37"] == nil)
    }

    @Test func unknownPayloadFormIsRefusedWithTheKnownOnes() async throws {
        try await TestGateway.open { gateway, manager in
            let answer = try await gateway.post(
                "/v1/events",
                [
                    "specversion": "1.0", "id": "e", "source": "/s", "type": "access.granted", "organization": "1000",
                    "data": ["door": "door-tower", "credential": ["form": "card", "wiegand37": "0F"]],
                ])
            #expect(answer.status == 422 && answer.json["field"] == "data.credential.wiegand37", "\(answer.text)")
            #expect(answer.json["detail"]?.text?.contains("wiegand26, wiegand34, code") == true)
        }
    }

    /// A greater number is more urgent, and nothing of the normal lane is as urgent as an alarm.
    @Test func prioritiesGrowWithUrgency() {
        for event in SituatorOccurrence.all {
            #expect((1...3).contains(event.priority), "\(event.name)")
            #expect((event.priority == 3) == (Catalogue.row(of: event.kind).lane == .urgent), "\(event.name)")
        }
        #expect(SituatorOccurrence.all.map(\.priority) == [1, 3, 2, 3, 2, 3, 3])
    }

    // MARK: Numbers

    @Test func everyServerIdIsListed() async throws {
        try await TestGateway.open { gateway, manager in
            let doors = try await gateway.get("/api/doors", key: manager.secret).json["doors"]?.items ?? []
            #expect(doors.count == 3)
            let panels = try await gateway.get("/v1/panels?organization=1000").json["items"]?.items ?? []
            let numbers = panels.compactMap { $0["vendorNumber"]?.integer }
            #expect(numbers.count == 3 && Set(numbers) == Set(doors.compactMap { $0["serverId"]?.integer }))
            for door in doors {
                let body: JSON = [
                    "doors": [["serverId": door["serverId"] ?? .null, "doorId": door["doorId"] ?? .null]]
                ]
                let path = try await TestGateway.make(gateway, manager.secret)
                #expect(try await gateway.put(path + "/doors", body, key: manager.secret).status == 200)
                #expect(try await gateway.get(path + "/doors", key: manager.secret).json["doors"] == [door])
            }
            let shown = try await gateway.get("/v1/organizations/1000").json["vendorNumber"]
            #expect(shown != nil && shown == doors.first?["accountId"])
            #expect(try await gateway.get("/v1/panels/gate").json["vendorNumber"] == .integer(Numbers.first))
            let unknown = try await gateway.put(
                try await TestGateway.make(gateway, manager.secret) + "/doors",
                ["doors": [["serverId": 1, "doorId": 1]]], key: manager.secret)
            #expect(unknown.status == 404 && unknown.text.contains("GET /api/doors"), "\(unknown.text)")
        }
    }

    @Test func twoPanelsCannotShareANumber() async throws {
        try await TestGateway.open { gateway, manager in
            func patch(_ panel: String, _ body: JSON) async throws -> LiveGateway.Client.Answer {
                try await gateway.send(
                    .patch, "/v1/panels/\(panel)?organization=1000", headers: [.contentType: "application/json"],
                    body: body.bytes)
            }
            // One that an owner gave, one that is the id itself, one that the gateway gave.
            _ = try await gateway.get("/v1/panels")
            for (number, owner): (Int64, String) in [(1001, "tower"), (1002, "1002"), (Numbers.first, "gate")] {
                let made = try await gateway.post(
                    "/v1/panels",
                    ["id": "new", "organization": "1000", "name": "New one", "number": .integer(number)])
                #expect(made.status == 409, "\(made.text)")
                let sentence = made.json["detail"]?.text ?? ""
                #expect(sentence.contains("\(owner) (Panel \(owner))"), "\(sentence)")
                #expect(sentence.contains("this panel"), "\(sentence)")
            }
            let free = try await gateway.post(
                "/v1/panels", ["id": "new", "organization": "1000", "name": "New one", "number": 1003])
            #expect(free.status == 201 && free.json["vendorNumber"] == 1003, "\(free.text)")
            #expect(try await patch("new", ["number": 1001]).status == 409)
            #expect(try await patch("new", ["name": "Renamed", "number": 1003]).status == 200)
            let other = try await gateway.post(
                "/v1/panels", ["id": "o2", "organization": "other", "name": "Elsewhere", "number": 1003])
            #expect(other.status == 201, "another organization numbers its own")
        }
    }

    /// A store that already has two such panels starts; the log and the status name them.
    @Test func storeWithSharedNumbersStartsAndReportsThem() async throws {
        try await TemporaryFolder.with { folder in
            let file = "\(folder)/g.db"
            try await LiveGateway.with(Dialects.all, { $0.store = "sqlite:\(file)" }) { gateway in
                try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
                for (id, number): (JSON, JSON) in [("east", 7), ("west", 8)] {
                    try await gateway.make(
                        "/v1/panels", ["id": id, "organization": "acme", "name": "P", "number": number])
                }
            }
            let script =
                "import sqlite3,sys; d=sqlite3.connect(sys.argv[1]); d.execute('UPDATE panels SET number=7');"
                + "d.commit()"
            let python = Process()
            python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            python.arguments = ["python3", "-c", script, file]
            try python.run()
            python.waitUntilExit()
            try #require(python.terminationStatus == 0)
            let log = RecordingLog()
            try await LiveGateway.with(Dialects.all, { $0.store = "sqlite:\(file)" }, logger: log.logger) { gateway in
                #expect(log.text.contains("east (P) and west (P) have the same number 7"), "\(log.text)")
                let status = try await gateway.get("/v1/status").json["attention"]?.items ?? []
                #expect(status.count == 1 && status.first?["subject"] == "panels/acme", "\(status)")
                #expect(status.first?["sentence"]?.text?.contains("east (P) and west (P)") == true)
                let renamed = try await gateway.send(
                    .patch, "/v1/panels/east", headers: [.contentType: "application/json"],
                    body: (["name": "East"] as JSON).bytes)
                #expect(renamed.status == 200, "what was there may be changed in all else")
                let mended = try await gateway.send(
                    .patch, "/v1/panels/east", headers: [.contentType: "application/json"],
                    body: (["number": 9] as JSON).bytes)
                #expect(mended.status == 200)
                #expect(try await gateway.get("/v1/status").json["attention"] == [])
            }
        }
    }
}
