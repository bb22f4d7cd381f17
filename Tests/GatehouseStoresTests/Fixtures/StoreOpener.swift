import Foundation
import GatehouseCore
import GatehouseStores
import GatehouseTesting
import Testing

/// One kind of store. The conformance tests run with all of them; a new store is one line here.
struct StoreOpener: Sendable, CustomTestStringConvertible {
    let name: String
    let open: @Sendable (_ folder: String, _ gate: any StoreGate) async throws -> any Store

    var testDescription: String { name }

    static let all: [StoreOpener] = [
        StoreOpener(name: "SQLite in a file") { try await Stores.open("sqlite:\($0)/gatehouse.db", gate: $1) },
        StoreOpener(name: "SQLite in memory") { try await Stores.open("sqlite::memory:", gate: $1) },
    ]
}

/// Runs `body` with a folder of its own, which is removed afterwards.
func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path)
}

/// Opens a new store with two subscriptions, `s1` of `acme` and `s2` of `globex`, and closes it after `body`.
func withScene(_ opener: StoreOpener, _ body: (Scene) async throws -> Void) async throws {
    try await withFolder { folder in
        let gate = FaultGate()
        let store = try await opener.open(folder, gate)
        do {
            try await body(try await Scene(setUpIn: store, gate: gate))
        } catch {
            await store.close()
            throw error
        }
        await store.close()
    }
}
