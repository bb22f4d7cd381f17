/// What a vendor's folder must bring with it, so that no dialect is half there.
enum VendorFolderRules {
    static let home = "Sources/GatehouseDialects"
    static let registry = "Sources/GatehouseDialects/Dialects.swift"

    /// Vendors without one of their four files, their golden files, their document or their line in the registry.
    ///
    /// - Parameters:
    ///   - paths: every file of the project.
    ///   - registry: the registry's file; nil where there is none.
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

    /// The folders beside the registry.
    static func vendors(in paths: [String]) -> [String] {
        let inside = paths.filter { $0.hasPrefix(home + "/") }.map {
            $0.dropFirst(home.count + 1).split(separator: "/")
        }
        return Set(inside.filter { $0.count > 1 }.map { String($0[0]) }).sorted()
    }

    private static func missing(of vendor: String, in paths: [String]) -> [String] {
        var wanted = ["\(home)/\(vendor)/\(vendor)Dialect.swift"]
        // The Standard dialect is ours: the events are its payload, and its manage API is the native one.
        if vendor != "Standard" {
            wanted += ["Events", "Payload", "Manage"].map { "\(home)/\(vendor)/\(vendor)\($0).swift" }
        }
        wanted.append("docs/dialects/\(vendor.lowercased()).md")
        let folders = [
            "Tests/GatehouseDialectsTests/\(vendor)/Golden/", "Tests/GatehouseDialectsTests/Golden/\(vendor)/",
        ]
        let hasGolden = paths.contains { path in folders.contains { path.hasPrefix($0) } }
        return wanted.filter { !paths.contains($0) } + (hasGolden ? [] : [folders[0]])
    }
}
