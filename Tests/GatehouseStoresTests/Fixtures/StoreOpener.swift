import Foundation
import GatehouseCore
import GatehouseTesting
import Testing

@testable import GatehouseStores

/// One kind of store. The conformance tests run with all of them; a new store is one line here.
struct StoreOpener: Sendable, CustomTestStringConvertible {
    let name: String
    let open:
        @Sendable (
            _ folder: String, _ gate: any StoreGate, _ trace: (@Sendable (String) -> Void)?
        ) async throws -> any Store

    var testDescription: String { name }

    static let all: [StoreOpener] = [
        StoreOpener(name: "SQLite in a file") {
            try SQLiteStore(path: "\($0)/gatehouse.db", settings: StoreSettings(), gate: $1, trace: $2)
        },
        StoreOpener(name: "SQLite in memory") { _, gate, trace in
            try SQLiteStore(path: ":memory:", settings: StoreSettings(), gate: gate, trace: trace)
        },
    ]
}

/// Runs `body` with a folder of its own, which is removed afterwards.
func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path)
}

/// Opens a new store with two subscriptions, `s1` of `acme` and `s2` of `globex`, and closes it after `body`. No
/// statement may have read the whole of a table that grows.
func withScene(_ opener: StoreOpener, _ body: (Scene) async throws -> Void) async throws {
    try await withFolder { folder in
        let gate = FaultGate()
        let plans = StatementPlans()
        let store = try await opener.open(folder, gate) { plans.note($0) }
        plans.watch()
        do {
            try await body(try await Scene(setUpIn: store, gate: gate))
        } catch {
            await store.close()
            throw error
        }
        await store.close()
        for finding in try plans.findings() { Issue.record("\(finding)") }
    }
}
