import Foundation
import Testing

/// The demo checks itself; this test checks that it does.
@Suite struct DemoRunTests {
    @Test func theDemoPassesItsOwnCheck() async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let events = root.appending(path: "Examples/events/seeds.jsonl").path
        let (code, output) = try await run(
            GatewayProcess.built("gatehouse").path, ["demo", "--check", "--duration", "9s", "--events", events])
        #expect(code == 0, "\(output)")
        #expect(output.contains("PASSED"))
    }
}
