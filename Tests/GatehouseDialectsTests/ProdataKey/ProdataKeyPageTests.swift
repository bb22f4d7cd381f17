internal import Foundation
internal import GatehouseCore
import Testing

@testable internal import GatehouseDialects

/// The dialect's page says what is so: its tables are those of the code, and the tests that it names are there.
@Suite struct ProdataKeyPageTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private func page() throws -> String {
        try String(contentsOf: Self.root.appending(path: "docs/dialects/prodatakey.md"), encoding: .utf8)
    }

    /// The lines between a mark of the page and its end.
    private func table(_ mark: String) throws -> [String] {
        let lines = try page().split(separator: "\n").map(String.init)
        let start = try #require(lines.firstIndex(of: "<!-- \(mark) -->"))
        let end = try #require(lines[start...].firstIndex(of: "<!-- end -->"))
        return Array(lines[(start + 3)..<end])
    }

    @Test func theTableOfNamesIsTheCodes() throws {
        let rows = ProdataKeyEvents.rows.map { "| `\($0.topic)` | `\($0.kind.name)` |" }
        #expect(try table("names") == rows)
    }

    @Test func theTableOfSilenceIsTheCodes() throws {
        let rows = ProdataKeyEvents.silent.map { kinds, reason in
            "| \(kinds.map { "`\($0.name)`" }.joined(separator: ", ")) | \(reason) |"
        }
        #expect(try table("silent") == rows)
    }

    @Test func everyTestThatThePageNamesIsThere() throws {
        var named = 0
        for match in try page().matches(of: #/`([A-Z][A-Za-z]+Tests)\.([a-z][A-Za-z0-9]+)`/#) {
            named += 1
            let suite = try #require(try Self.sources()["\(match.1).swift"], "\(match.1)")
            #expect(suite.contains("func \(match.2)("), "\(match.1).\(match.2)")
        }
        #expect(named > 40)
    }

    private static func sources() throws -> [String: String] {
        let files = FileManager.default.enumerator(at: root.appending(path: "Tests"), includingPropertiesForKeys: nil)
        var sources: [String: String] = [:]
        for case let file as URL in try #require(files) where file.lastPathComponent.hasSuffix("Tests.swift") {
            sources[file.lastPathComponent] = try String(contentsOf: file, encoding: .utf8)
        }
        return sources
    }
}
