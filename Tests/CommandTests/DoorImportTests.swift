import GatehouseCore
import Testing

@testable import gatehouse

/// Doors of a spreadsheet: how a file is read, and what is changed.
@Suite struct DoorImportTests {
    // MARK: The sheet

    @Test(arguments: [",", ";", "\t"])
    func sheetIsReadWithAnySeparator(separator: String) throws {
        let lines = [
            "panel,number,name,id,attendance,driver", "p1,1,Lobby,lobby,yes,simulated", #"p1,2,"Gate  ""B""",,,"#,
        ]
        let text = lines.joined(separator: "\n").replacing(",", with: separator)
        let sheet = try DoorSheet(text)
        #expect(sheet.faults.isEmpty)
        #expect(sheet.rows.map(\.number) == [1, 2])
        let first = JSONObject([
            "number": 1, "name": "Lobby", "attendance": true, "driver": ["type": "simulated"],
        ])
        #expect(sheet.rows[0] == DoorSheet.Row(number: 1, id: "lobby", panel: "p1", organization: nil, fields: first))
        #expect(sheet.rows[1].id == nil && sheet.rows[1].fields["name"] == #"Gate  "B""#)
    }

    @Test func headingsMayStandInAnyOrderAndCaseAndABOMBefore() throws {
        let sheet = try DoorSheet("\u{FEFF}Name,NUMBER, Panel\nLobby,1,p1\n\n,,\n")
        #expect(sheet.rows.map(\.panel) == ["p1"] && sheet.faults.isEmpty)
    }

    @Test(arguments: [
        ("panel,number", "name"), ("panel,number,name,colour", "colour"), ("panel,number,name,name", "twice"),
        ("", "panel"), ("panel,number,\"name", "no column"),
    ])
    func headingsThatDoNotFitAreRefused(text: String, word: String) {
        do throws(DoorSheet.RowError) {
            _ = try DoorSheet(text + "\np1,1,Lobby\n")
            Issue.record("it was read")
        } catch {
            #expect(error.row == 0 && error.sentence.contains(word), "\(error)")
        }
    }

    @Test(arguments: [
        ("p1,x,Lobby,,,", "number"), ("p1,-1,Lobby,,,", "number"), ("p1,,Lobby,,,", "number"),
        (",1,Lobby,,,", "panel"), ("p1,1,,,,", "name"), ("p1,1,Lobby,a b,,", "id"),
        ("p1,1,Lobby,,maybe,", "attendance"),
        ("p1,1,Lobby,,,\"{\"", "driver"),
    ])
    func aRowThatDoesNotFitIsToldAndTheOthersStay(row: String, word: String) throws {
        let sheet = try DoorSheet("panel,number,name,id,attendance,driver\np1,7,Other,,,\n\(row)\n")
        #expect(sheet.rows.map(\.number) == [1])
        #expect(sheet.faults.map(\.row) == [2])
        #expect(sheet.faults.first?.line.contains(word) == true, "\(sheet.faults)")
    }

    @Test func aDoorThatStandsTwiceIsToldOnce() throws {
        let sheet = try DoorSheet("panel,number,name,id\np1,1,A,a\np1,1,B,b\np1,2,C,a\np2,1,D,d\n")
        #expect(sheet.rows.map(\.number) == [1, 4])
        #expect(sheet.faults.map(\.row) == [2, 3])
    }

    // MARK: The plan

    private static let panels: [JSON] = [
        ["id": "p1", "organization": "acme"], ["id": "p2", "organization": "acme"],
        ["id": "p2", "organization": "other"],
    ]
    private static let doors: [JSON] = [
        ["id": "lobby", "organization": "acme", "panel": "p1", "number": 1, "name": "Lobby", "attendance": false],
        ["id": "gate", "organization": "acme", "panel": "p1", "number": 2, "name": "Gate", "attendance": false],
    ]

    private func plan(_ rows: String) throws -> DoorPlan {
        DoorPlan(
            try DoorSheet("panel,number,name,id,organization,attendance\n" + rows), panels: Self.panels,
            doors: Self.doors)
    }

    @Test func existingDoorIsUpdatedIfItDiffersAndAMissingOneCreated() throws {
        let plan = try plan("p1,1,Lobby,lobby,,\np1,2,Main gate,,,yes\np1,3,New,new,,\np2,1,Far,,acme,\n")
        #expect(plan.faults.isEmpty && plan.unchanged == 1)
        #expect(
            plan.steps == [
                .change(
                    row: 2, id: "gate", organization: "acme",
                    JSONObject(["name": "Main gate", "attendance": true])),
                .create(
                    row: 3,
                    JSONObject([
                        "panel": "p1", "organization": "acme", "id": "new", "number": 3, "name": "New",
                    ])),
                .create(
                    row: 4, JSONObject(["panel": "p2", "organization": "acme", "number": 1, "name": "Far"])),
            ])
    }

    @Test(arguments: [
        ("p9,1,A,,,", "no panel p9"), ("p2,1,A,,,", "acme, other"),
        ("p1,1,A,new,,", "the door lobby already has that number"),
        ("p1,2,A,lobby,,", "the door gate already has that number"), ("p2,5,A,lobby,acme,", "belongs to the panel p1"),
        ("p1,5,A,,other,", "no panel p1"),
    ])
    func rowThatCannotBeCarriedOutIsReported(row: String, words: String) throws {
        let plan = try plan(row)
        #expect(plan.steps.isEmpty && plan.unchanged == 0)
        #expect(plan.faults.map(\.row) == [1])
        #expect(plan.faults.first?.sentence.contains(words) == true, "\(plan.faults)")
    }
}
