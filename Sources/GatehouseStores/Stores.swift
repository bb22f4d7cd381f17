package import GatehouseCore

/// All stores, by the scheme of their URL.
package enum Stores {
    /// Opens a store by the part of the URL after the scheme.
    typealias Opener =
        @Sendable (String, StoreSettings, any StoreGate, (String) -> Void) async throws(StoreError) -> any Store

    /// One line for each store.
    static let all: [(scheme: String, open: Opener)] = [
        (
            "sqlite",
            { path, settings, gate, warn throws(StoreError) in
                try SQLiteStore(path: path, settings: settings, gate: gate, warn: warn)
            }
        )
    ]

    /// Why a URL names no store.
    package struct UnknownStore: Error, Hashable, CustomStringConvertible {
        /// What is wrong and what would be right; the URL itself may contain a password and is not quoted.
        package let description: String
    }

    private static let example = "for example sqlite:gatehouse.db or sqlite::memory:"

    /// Opens the store of a URL: `sqlite:gatehouse.db`, or `sqlite::memory:` for one that is lost at the end.
    ///
    /// - Parameters:
    ///   - gate: every operation passes it.
    ///   - warn: is called with what an operator should correct.
    /// - Throws: ``UnknownStore`` if no store has such a URL, ``StoreError`` if it cannot be opened.
    package static func open(
        _ url: String, settings: StoreSettings = StoreSettings(), gate: any StoreGate = OpenGate(),
        warn: (String) -> Void = { _ in }
    ) async throws -> any Store {
        let parts = url.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2, parts[0] == "postgresql" || parts[0] == "postgres" {
            throw UnknownStore(description: "the PostgreSQL store is not built yet: use sqlite:PATH")
        }
        guard parts.count == 2, let opener = all.first(where: { $0.scheme == parts[0] }) else {
            let schemes = all.map { $0.scheme + ":" }.joined(separator: ", ")
            throw UnknownStore(description: "a store's URL begins with one of: \(schemes); \(example)")
        }
        guard !parts[1].isEmpty else {
            throw UnknownStore(description: "the path of the file is missing behind \(parts[0]):; \(example)")
        }
        return try await opener.open(parts[1], settings, gate, warn)
    }
}
