internal import Foundation
internal import GatehouseClient
internal import GatehouseDialects
import Testing

/// The client's example in docs/client-library.md is the one that is compiled here, and it works as described.
@Suite(.timeLimit(.minutes(1))) struct ClientExampleTests {
    private static func text(_ path: String) throws -> String {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        return try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    }

    @Test func pageShowsTheCompiledExample() throws {
        let lines = try Self.text("ClientExample.swift").split(separator: "\n", omittingEmptySubsequences: false)
        let begin = try #require(lines.firstIndex { $0.hasSuffix("// begin") })
        let end = try #require(lines.firstIndex { $0.hasSuffix("// end") })
        let example = lines[(begin + 1)..<end].map { $0.drop(while: { $0 == " " }).isEmpty ? "" : $0.dropFirst(8) }
        #expect(example.count > 10)
        #expect(try Self.text("../../../docs/client-library.md").contains(example.joined(separator: "\n")))
    }

    @Test func exampleWorksAsDescribed() async throws {
        try await LiveGateway.with(Dialects.all) { gateway in
            let client = try APIClient(url: gateway.base, key: LiveGateway.admin)
            _ = try await client.organizations.create(.init("Acme", id: "acme"))
            _ = try await client.panels.create(.init("Main panel", organization: "acme", id: "1070000"))
            _ = try await client.doors.create(.init("Lobby", panel: "1070000", number: 1, id: "lobby"))
            let key = try await client.keys.create(.init("program", role: .admin, organization: "acme"))
            let lines = try await ClientExample.run(url: gateway.base, key: key.credential ?? "")
            #expect(lines.first?.hasPrefix("taken as 0") == true && lines.first?.hasSuffix("owed 0 times") == true)
            #expect(lines.dropFirst().first == "lobby: Lobby")
            #expect(lines.contains { $0.hasPrefix("not opened: ") }, "the door has no driver")
            #expect(lines.last?.hasPrefix("door.forced at lobby") == true, "\(lines)")
        }
    }
}
