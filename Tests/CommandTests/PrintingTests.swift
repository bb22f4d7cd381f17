import ArgumentParser
import GatehouseClient
import GatehouseCore
import GatehouseDialects
import Logging
import Testing

@testable import GatehouseServer
@testable import gatehouse

@Suite struct PrintingTests {
    // MARK: Tables

    @Test func columnsAreAlignedAndLinesEndWithoutSpaces() {
        var table = TextTable(["id", "name"])
        table.add(["1", "a"])
        table.add(["1000", ""])
        #expect(table.text(width: nil) == "id    name\n1     a\n1000\n")
    }

    @Test func theWidestColumnIsCutUntilTheLineFits() {
        var table = TextTable(["id", "text"])
        table.add(["12", String(repeating: "x", count: 50)])
        let lines = table.text(width: 20).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 20 })
        #expect(lines[1] == "12  " + String(repeating: "x", count: 15) + "…")
    }

    @Test func noColumnIsCutAway() {
        var table = TextTable(["aaaaaaaaaa", "bbbbbbbbbb"])
        table.add(["1", "2"])
        #expect(table.text(width: 1) == "aaaaa…  bbbbb…\n1       2\n")
    }

    @Test func characterThatMovesTheCursorIsADot() {
        #expect(TextTable.printable("a\u{1B}[2Jb\nc\u{202E}d\u{7F}") == "a·[2Jb·c·d·")
    }

    @Test func aRowOfAnotherLengthIsMadeToFit() {
        var table = TextTable(["a", "b"])
        table.add(["1"])
        table.add(["1", "2", "3"])
        #expect(table.text(width: nil) == "a  b\n1\n1  2\n")
    }

    @Test func cellsShowValuesAsPeopleWriteThem() {
        let items: [JSON] = [["id": "x", "list": ["a", "b"], "flag": true, "none": nil, "count": 7]]
        let table = Listing.table(of: items, ["id", "list", "flag", "none", "count", "absent"])
        #expect(table.text(width: nil) == "id  list  flag  none  count  absent\nx   a,b   yes         7\n")
    }

    @Test func aColumnMayShowAMemberOfAMember() {
        let items: [JSON] = [
            ["id": "x", "health": ["state": "failing", "lastOutcome": ["status": 503]]], ["id": "y"],
        ]
        let columns = [
            "id", Listing.Column("state", "health.state"), Listing.Column("status", "health.lastOutcome.status"),
        ]
        #expect(Listing.table(of: items, columns).text(width: nil) == "id  state    status\nx   failing  503\ny\n")
    }

    @Test func statusSaysSoWhereNothingNeedsAttention() {
        #expect(StatusCommand.text(of: []) == "nothing needs attention\n")
    }

    @Test func statusSaysEachItemWithTheCommandToTypeNext() {
        let items: [JSON] = [
            [
                "subject": "subscriptions/x", "sentence": "x is failing", "since": "2030-01-01T00:00:00.000Z",
                "count": 4, "urgent": true, "next": "gatehouse subscriptions test x",
            ],
            ["subject": "store", "sentence": "the disk is full", "since": nil, "count": 1, "urgent": false],
        ]
        #expect(
            StatusCommand.text(of: items) == """
                URGENT: x is failing
                    subscriptions/x, since 2030-01-01T00:00:00.000Z, count 4
                    next: gatehouse subscriptions test x

                the disk is full
                    store

                """)
    }

    @Test func eachNextStepOfOursIsACommandThatThereIs() throws {
        for step in NextStep.allCases {
            let name = step == .listAudit ? "2030-01-01T00:00:00Z" : "subscription_1"
            let words = step.command(name).split(separator: " ").map(String.init)
            guard words.first == "gatehouse" else { continue }
            #expect(throws: Never.self, "\(words)") { try Gatehouse.parseAsRoot(Array(words.dropFirst())) }
        }
    }

    @Test func theHelpOfStatusSaysHowEachItemEnds() {
        let help = StatusCommand.helpMessage()
        for word in ["--state dead", "24 hours after the last", "until the subscription is changed"] {
            #expect(help.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(word), "\(help)")
        }
    }

    @Test func progressIsALineAtIntervalsWhereNoTerminalIs() {
        let start = ContinuousClock.now
        var now = start
        var bar = ProgressBar(total: 200, clock: { now })
        #expect(bar.due(bytes: 1, note: "1 sent") == nil)
        now = start + ProgressBar.interval
        #expect(bar.due(bytes: 100, note: "7 sent") == "50 %, 7 sent")
        #expect(bar.due(bytes: 110, note: "8 sent") == nil)
        now = start + ProgressBar.interval * 2
        #expect(bar.due(bytes: 300, note: "9 sent") == "100 %, 9 sent")
        var unbound = ProgressBar(total: nil, clock: { now })
        now = now + ProgressBar.interval
        #expect(unbound.due(bytes: 5, note: "3 sent") == "3 sent")
        var late = ProgressBar(total: 10, since: start, clock: { now })
        #expect(late.due(bytes: 5, note: "5 checked") == "50 %, 5 checked", "the work began before its bar")
    }

    @Test func healthIsShownRowByRow() {
        let shown: JSON = [
            "id": "x",
            "health": ["state": "failing", "dead": 2, "lastOutcome": ["outcome": "rejected", "status": 503]],
        ]
        #expect(
            Subscriptions.Show.flat(shown) == [
                "id": "x", "health.state": "failing", "health.dead": 2, "health.lastOutcome": "rejected",
                "health.lastStatus": 503,
            ])
    }

    // MARK: Progress

    @Test func theBarNeverLeavesItsLine() {
        for width in [1, 20, 80, 200] {
            for bytes in [0, 1, 50, 100, 150] {
                #expect(ProgressBar.line(bytes: bytes, of: 100, note: "7 sent", width: width).count <= width)
            }
        }
        #expect(ProgressBar.line(bytes: 50, of: 100, note: "7 sent", width: 80).contains(" 50 %  7 sent"))
        #expect(ProgressBar.line(bytes: 50, of: nil, note: "7 sent", width: 80) == "7 sent")
    }

    // MARK: The catalogue

    @Test func theCatalogueNamesEveryKindInEveryDialect() {
        let text = CatalogueCommand.table(of: Dialects.all).text(width: nil)
        let lines = text.split(separator: "\n")
        #expect(lines.count == Catalogue.rows.count + 1)
        for (row, line) in zip(Catalogue.rows, lines.dropFirst()) {
            let words = line.split(separator: " ")
            #expect(words.first.map(String.init) == row.name)
            #expect(words[1] == row.lane.name)
        }
        for dialect in Dialects.all { #expect(lines[0].contains(dialect.name.text)) }
    }

    // MARK: Refusals

    private static func refusal(_ status: Int, _ problem: JSON) -> GatehouseClient.Problem {
        APIClient.Answer(status: status, body: problem.bytes).refusal
    }

    @Test func aProblemIsASentenceWithItsField() {
        let refusal = Self.refusal(
            422, ["type": "/problems/out-of-bounds", "status": 422, "detail": "it is too long", "field": "name"])
        #expect(refusal.failure == CommandError(.data, "name: it is too long"))
    }

    @Test func aSentenceThatNamesItsFieldIsNotPrefixed() {
        let refusal = Self.refusal(422, ["detail": "name is missing", "field": "name"])
        #expect(refusal.failure.sentence == "name is missing")
    }

    @Test func everyFaultIsTold() {
        let refusal = Self.refusal(
            422,
            [
                "detail": "one",
                "faults": [["detail": "one", "field": "a"], ["detail": "two", "field": "b", "index": 3]],
            ])
        #expect(refusal.failure.sentence == "the gateway refused this:\n  a: one\n  b: two")
        #expect(refusal.complaints.map(\.index) == [nil, 3])
    }

    @Test(arguments: [
        (400, CommandError.Sort.data), (401, .permission), (403, .permission), (404, .data), (409, .data),
        (413, .data),
        (429, .unavailable), (500, .software), (501, .unavailable), (503, .unavailable), (302, .unavailable),
    ])
    func theStatusDecidesTheExitCode(status: Int, sort: CommandError.Sort) {
        #expect(Self.refusal(status, .null).failure.sort == sort)
    }

    // MARK: The log

    @Test func aLogLineIsOneJSONObject() throws {
        var handler = LogLines(label: "gatehouse", level: .info)
        handler[metadataKey: "delivery"] = "7"
        let event = LogEvent(
            level: .warning, message: "line\nbreak", metadata: ["time": "x", "list": ["a", "b"]], source: nil,
            file: #fileID,
            function: #function, line: #line)
        let line = handler.line(event, at: Instant(seconds: 0))
        #expect(!line.contains("\n"))
        #expect(
            try JSONParser.parse(Array(line.utf8)) == [
                "time": "1970-01-01T00:00:00.000Z", "level": "warning", "label": "gatehouse", "message": "line\nbreak",
                "delivery": "7", "list": ["a", "b"], "metadata.time": "x",
            ])
    }
}
