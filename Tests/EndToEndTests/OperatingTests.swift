import Foundation
import GatehouseCore
import Testing

/// Compares docs/operating.md and deploy/ with the product: everything that they name exists, and everything that
/// exists is named.
@Suite struct OperatingTests {
    /// Every Swift file of the product.
    private static func sources() throws -> [String] {
        let root = Page.root.appending(path: "Sources")
        let names = FileManager.default.enumerator(atPath: root.path)?.allObjects as? [String] ?? []
        return try names.filter { $0.hasSuffix(".swift") }.map {
            try String(contentsOf: root.appending(path: $0), encoding: .utf8)
        }
    }

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: Page.root.appending(path: path), encoding: .utf8)
    }

    /// The rows of the page's tables whose first cell is of a form, as their cells.
    private static func rows(_ isMeant: (String) -> Bool) throws -> [[String]] {
        try text("docs/operating.md").split(separator: "\n").filter { $0.hasPrefix("| ") }.map { line in
            line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }.filter { isMeant($0[0]) }
    }

    private static func bare(_ cell: String) -> String { cell.filter { $0 != "`" } }

    /// The metrics of the page with their labels.
    private static func metrics() throws -> [String: Set<String>] {
        let rows = try rows { $0.hasPrefix("`gatehouse_") }
        return Dictionary(
            uniqueKeysWithValues: rows.map { row in
                (bare(row[0]), Set(bare(row[1]).split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }))
            })
    }

    @Test func theTableHasEveryMetricOfTheSources() throws {
        let named = try Self.sources().flatMap { $0.matches(of: /"(gatehouse_[a-z_]+)"/).map { String($0.1) } }
        #expect(named.count > 40)
        let told = try Set(Self.metrics().keys)
        #expect(told == Set(named), "docs/operating.md: \(told.symmetricDifference(named).sorted())")
    }

    @Test func theTableHasEveryMetricAndLabelOfARunningGateway() async throws {
        let told = try Self.metrics()
        try await withGateway { gateway, receiver in
            let building = try await Building.make(at: gateway, for: receiver)
            receiver.answer(500)
            try await building.source.post("/v1/events", Building.event("e1"))
            try await eventually("its failure is counted") {
                try await building.curl.get("/metrics").text.contains("gatehouse_subscription_waiting{")
            }
            let page = try await building.curl.get("/metrics").text
            var seen: Set<String> = []
            for line in page.split(separator: "\n") where !line.hasPrefix("#") {
                let name = String(line.prefix { $0 != "{" && $0 != " " })
                let bases =
                    [name]
                    + ["_bucket", "_sum", "_count"].compactMap { name.hasSuffix($0) ? $0 : nil }
                    .map { String(name.dropLast($0.count)) }
                let base = try #require(bases.first { told[$0] != nil }, "\(name) is in no table")
                seen.insert(base)
                let labels = Set(line.matches(of: /[{,]([a-z]+)="/).map { String($0.1) }).subtracting(["le"])
                #expect(labels == told[base], "\(line)")
            }
            #expect(seen.count > 25, "\(seen)")
        }
    }

    /// The alerts of the rules with their severity and expression.
    private static func alerts() throws -> [(name: String, severity: String, expression: String)] {
        try text("deploy/prometheus/alerts.yml").components(separatedBy: "- alert: ").dropFirst().map { rule in
            let name = String(rule.prefix { $0 != "\n" })
            let severity = rule.firstMatch(of: /severity: ([a-z]+)/).map { String($0.1) } ?? ""
            let end = rule.range(of: "labels: {severity")?.lowerBound ?? rule.endIndex
            return (name, severity, String(rule[rule.startIndex..<end]))
        }
    }

    @Test func everyAlertReadsMetricsThatThereAreAndIsExplained() throws {
        let told = try Self.metrics()
        let alerts = try Self.alerts()
        #expect(alerts.count > 12)
        for alert in alerts {
            let names = alert.expression.matches(of: /gatehouse_[a-z_]+/).map { String($0.0) }
            #expect(!names.isEmpty || alert.name == "GatehouseDown", "\(alert.name)")
            for name in names {
                #expect(told[name] != nil || told[name.replacing("_bucket", with: "")] != nil, "\(alert.name): \(name)")
            }
            let labels = alert.expression.matches(of: /([a-z]+)="/).map { String($0.1) }.filter { $0 != "job" }
            for label in labels { #expect(names.contains { told[$0]?.contains(label) == true }, "\(alert.name)") }
        }
        let rows = try Self.rows { $0.hasPrefix("`Gatehouse") }
        let explained = Dictionary(uniqueKeysWithValues: rows.map { (Self.bare($0[0]), $0[1]) })
        #expect(explained == Dictionary(uniqueKeysWithValues: alerts.map { ($0.name, $0.severity) }))
        let tested = try Self.text("deploy/prometheus/alerts_test.yml")
        let untested = alerts.filter { !tested.contains("alertname: \($0.name)") }.map(\.name)
        #expect(untested == ["GatehouseSlowCommits"], "each has a test of promtool's: \(untested)")
    }

    @Test func theTableHasEveryOutcomeWithWhatToDo() throws {
        let rows = try Self.rows { Outcome.words.contains(Self.bare($0)) }.filter { $0.count == 3 }
        #expect(rows.map { Self.bare($0[0]) } == Outcome.words)
        for row in rows { #expect(!row[1].isEmpty && !row[2].isEmpty, "\(row[0])") }
    }

    @Test func aStopIsToldAtOnce() async throws {
        try await withGateway { gateway, receiver in
            _ = try await Building.make(at: gateway, for: receiver)
            #expect(await gateway.stop() == 0)
            let line = "the gateway ends: it accepts nothing new and finishes running work"
            #expect(gateway.output("err").contains(line), "\(gateway.output("err"))")
        }
    }

    /// Lines whose level depends on something, or which are written through a function.
    private static let others = [
        "an event cannot be delivered to a subscription: it lacks a field that the contract requires": "error",
        "subscription disabled": "warning", "subscription failing": "warning", "deliveries given up": "error",
    ]

    @Test func theTableHasEveryLineOfTheLog() throws {
        let pattern = /ogger\.(notice|warning|error|critical)\(\s*"((?:[^"\\]|\\.)*)"/
        var written = Self.others
        for text in try Self.sources() {
            for match in text.matches(of: pattern) { written[String(match.2)] = String(match.1) }
        }
        #expect(written.count > 30)
        let rows = try Self.rows { ["`notice`", "`warning`", "`error`", "`critical`"].contains($0) }
            .filter { $0.count == 3 }
        let told = Dictionary(rows.map { ($0[1], Self.bare($0[0])) }) { first, _ in first }
        let missing = written.filter { told[$0.key] != $0.value }.keys.sorted()
        #expect(missing.isEmpty, "docs/operating.md lacks, or has at another level: \(missing)")
        let all = try Self.sources().joined()
        for line in told.keys { #expect(all.contains("\"\(line)\""), "no such line is written: \(line)") }
    }
}
