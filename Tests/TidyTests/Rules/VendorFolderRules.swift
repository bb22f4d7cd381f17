/// The parts that a vendor's folder must have, so that no dialect is incomplete.
enum VendorFolderRules {
    static let home = "Sources/GatehouseDialects"
    static let registry = "Sources/GatehouseDialects/Dialects.swift"

    /// Vendors without one of their four files, their golden files, their document or their line in the registry.
    ///
    /// - Parameters:
    ///   - paths: every file of the project.
    ///   - registry: the registry's file; nil if there is none.
    static func incomplete(_ paths: [String], registry: SourceFile?) -> [Finding] {
        let named = Set(registry?.code.filter { $0.sort == .word }.map(\.text) ?? [])
        return vendors(in: paths).flatMap { vendor -> [Finding] in
            var findings = missing(of: vendor, in: paths).map {
                Finding(path: "\(home)/\(vendor)", line: 1, advice: "\($0) is missing")
            }
            if !named.contains("\(vendor)Dialect") {
                findings.append(
                    Finding(path: Self.registry, line: 1, advice: "\(vendor)Dialect has no line in the registry"))
            }
            return findings
        }
    }

    /// Mutable state in a dialect, which could delay others: a dialect is pure, and a condition across calls is a
    /// precondition of the store's transaction.
    static func memory(_ file: SourceFile) -> [Finding] {
        guard file.isIn(home) else { return [] }
        let code = file.code
        return code.indices.compactMap { place in
            let token = code[place]
            if locks.contains(token.text), token.sort == .word {
                return file.finding(
                    token.line, "\(token.text): a dialect holds no lock; ask the store for a precondition")
            }
            guard token.is("static") || token.is("class"), code.hasStoredVariable(at: place + 1) else { return nil }
            return file.finding(token.line, "a dialect remembers nothing: make it a let, or compute it")
        }
    }

    private static let locks: Set = [
        "Mutex", "Turns", "AsyncMutex", "Atomic", "NSLock", "NIOLock", "OSAllocatedUnfairLock", "DispatchSemaphore",
        "DispatchQueue", "pthread_mutex_t", "actor", "nonisolated",
    ]

    /// What all vendors share: the engine of their bodies.
    static let shared: Set = ["Bodies"]

    /// The vendors' folders, beside the registry.
    static func vendors(in paths: [String]) -> [String] {
        let inside = paths.filter { $0.hasPrefix(home + "/") }.map {
            $0.dropFirst(home.count + 1).split(separator: "/")
        }
        return Set(inside.filter { $0.count > 1 }.map { String($0[0]) }).subtracting(shared).sorted()
    }

    private static func missing(of vendor: String, in paths: [String]) -> [String] {
        var wanted = ["\(home)/\(vendor)/\(vendor)Dialect.swift"]
        // The Standard dialect is ours: the events are its payload, and its manage API is the native one.
        if vendor != "Standard" {
            wanted += ["Events", "Payload", "Manage"].map { "\(home)/\(vendor)/\(vendor)\($0).swift" }
        }
        wanted.append("docs/dialects/\(vendor.lowercased()).md")
        let golden = "Tests/GatehouseDialectsTests/Golden/\(vendor)/"
        let hasGolden = paths.contains { $0.hasPrefix(golden) }
        return wanted.filter { !paths.contains($0) } + (hasGolden ? [] : [golden])
    }
}
