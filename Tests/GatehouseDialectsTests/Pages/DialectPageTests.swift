internal import Foundation
internal import GatehouseCore
import Testing

@testable internal import GatehouseDialects

/// A vendor's page is correct: its tables equal those of the code, and the tests that it names exist.
@Suite struct DialectPageTests {
    /// A page with the tables that it must have.
    struct Page: Sendable, CustomTestStringConvertible {
        let name: String
        let names: [(kind: Kind, name: String)]
        let silent: [(kinds: [Kind], reason: String)]

        static let all = [
            Page(
                name: "prodatakey", names: ProdataKeyEvents.table.rows.map { ($0.kind, $0.name) },
                silent: ProdataKeyEvents.silent),
            Page(
                name: "situator", names: SituatorEvents.table.rows.map { ($0.kind, $0.type.name) },
                silent: SituatorEvents.silent),
            Page(
                name: "oneupvision", names: OneUpVisionEvents.table.rows.map { ($0.kind, $0.name) },
                silent: OneUpVisionEvents.silent),
            Page(
                name: "placeos", names: PlaceOSEvents.table.rows.map { ($0.kind, $0.name) },
                silent: PlaceOSEvents.silent),
        ]

        var testDescription: String { name }

        func text() throws -> String {
            try String(contentsOf: DialectPageTests.root.appending(path: "docs/dialects/\(name).md"), encoding: .utf8)
        }

        /// The lines between a mark of the page and its end, without the table's head.
        func table(_ mark: String) throws -> [String] {
            let lines = try text().split(separator: "\n").map(String.init)
            let start = try #require(lines.firstIndex(of: "<!-- \(mark) -->"))
            let end = try #require(lines[start...].firstIndex(of: "<!-- end -->"))
            return Array(lines[(start + 3)..<end])
        }
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test(arguments: Page.all)
    func tableOfNamesEqualsTheCode(_ page: Page) throws {
        #expect(try page.table("names") == page.names.map { "| `\($0.name)` | `\($0.kind.name)` |" })
    }

    @Test(arguments: Page.all)
    func tableOfSilentKindsEqualsTheCode(_ page: Page) throws {
        let rows = page.silent.map { kinds, reason in
            "| \(kinds.map { "`\($0.name)`" }.joined(separator: ", ")) | \(reason) |"
        }
        #expect(try page.table("silent") == rows)
    }

    @Test(arguments: Page.all)
    func everyTestNamedOnThePageExists(_ page: Page) throws {
        var named = 0
        for match in try page.text().matches(of: #/`([A-Z][A-Za-z]+Tests)\.([a-z][A-Za-z0-9]+)`/#) {
            named += 1
            let suite = try #require(try Self.sources()["\(match.1).swift"], "\(match.1)")
            #expect(suite.contains("func \(match.2)("), "\(match.1).\(match.2)")
        }
        #expect(named > 15)
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
