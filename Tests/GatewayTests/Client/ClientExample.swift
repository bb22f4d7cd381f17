internal import GatehouseClient
internal import GatehouseCore

/// The same program as in docs/client-library.md, so that it compiles and runs. ``ClientExampleTests`` compares the
/// two.
enum ClientExample {
    static func run(url: String, key: String) async throws -> [String] {
        var lines: [String] = []
        func print(_ line: String) { lines.append(line) }
        // begin
        let gateway = try APIClient(url: url, key: key)
        let receipt = try await gateway.events.post(
            .init("door.forced", source: "/panels/1070000", door: "lobby"))
        print("taken as \(receipt.event), owed \(receipt.deliveries) times")

        for try await page in gateway.doors.list(organization: "acme") {
            for door in page.items { print("\(door.id): \(door.name)") }
        }
        do {
            _ = try await gateway.doors.unlock("lobby")
        } catch {
            print("not opened: \(error)")
        }
        let filter = APIClient.EventFilter(kinds: ["door.*"])
        for try await told in gateway.events.follow(filter, after: "0") {
            print("\(told.event.kind) at \(told.event.data["door"]?.text ?? "no door")")
            break
        }
        // end
        return lines
    }
}
