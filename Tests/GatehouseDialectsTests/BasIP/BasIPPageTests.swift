internal import Foundation
internal import GatehouseCore
import Testing

@testable internal import GatehouseDialects

/// The dialect's page is correct: its tables equal those of the code, and the tests that it names exist.
@Suite struct BasIPPageTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private func page() throws -> String {
        try String(contentsOf: Self.root.appending(path: "docs/dialects/basip.md"), encoding: .utf8)
    }

    /// The lines between a mark of the page and its end.
    private func table(_ mark: String) throws -> [String] {
        let lines = try page().split(separator: "\n").map(String.init)
        let start = try #require(lines.firstIndex(of: "<!-- \(mark) -->"))
        let end = try #require(lines[start...].firstIndex(of: "<!-- end -->"))
        return Array(lines[(start + 3)..<end])
    }

    @Test func tableOfNamesEqualsTheCode() throws {
        let rows = BasIPEvents.table.rows.map { row in
            "| `\(row.name)` | `\(row.kind.name)` | \(words(for: row.mark)) | \(row.category), \(row.priority) |"
        }
        #expect(try table("names") == rows)
        let borrowed = BasIPEvents.borrowed.map { "| `\($0.name)` | `\($0.kind.name)` | \(words(for: $0.mark)) |" }
        #expect(try table("borrowed") == borrowed)
    }

    private func words(for mark: BasIPEvents.Mark) -> String {
        switch mark {
        case .reason(let word): "`access.reason` is `\(word)`"
        case .means(let form): "by `\(form.rawValue)`"
        case .grant(let grant): "granted by `\(grant.rawValue)`"
        case .channel(let word): "`details.channel` is `\(word)`"
        case .none: ""
        }
    }

    @Test func tableOfSilentKindsEqualsTheCode() throws {
        let rows = BasIPEvents.silent.map { kinds, reason in
            "| \(kinds.map { "`\($0.name)`" }.joined(separator: ", ")) | \(reason) |"
        }
        #expect(try table("silent") == rows)
    }

    @Test func everySentenceOfTheCodeIsOnThePage() throws {
        let page = try page()
        for refusal in BasIPProblem.all { #expect(page.contains("`\(refusal.sentence)`"), "\(refusal.sentence)") }
        #expect(page.contains("`\(BasIPProblem.missing("<field>").sentence)`"))
        #expect(page.contains("`\(BasIPProblem.wrongType("<field>").sentence)`"))
        #expect(page.contains("`\(BasIPProblem.wrongValue("<field>").sentence)`"))
    }

    @Test func everyTestNamedOnThePageExists() throws {
        var named = 0
        let sources = try Self.sources()
        for match in try page().matches(of: #/`([A-Z][A-Za-z]+Tests)\.([a-z][A-Za-z0-9]+)`/#) {
            named += 1
            let suite = try #require(sources["\(match.1).swift"], "\(match.1)")
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
