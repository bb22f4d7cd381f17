import Foundation

/// The project on the disk, read once.
struct Project: Sendable {
    /// The Swift of the product and of its tests.
    let swift: [SourceFile]
    /// What people read and machines run beside it: documents, scripts, settings.
    let texts: [SourceFile]
    /// Every file, from the root, sorted.
    let paths: [String]
    /// The folders beside the project's and its own, by their names on this machine; none at the top of a disk, where
    /// they are the system's.
    let neighbours: Neighbours?

    /// The contents of one folder.
    struct Neighbours: Sendable {
        /// The folder's path.
        let parent: String
        /// The names of its contents.
        let names: [String]

        /// The paths of these contents in a line. There may be thousands, so the folder is searched first.
        func paths(in line: Substring) -> [String] {
            guard line.contains("\(parent)/") else { return [] }
            return names.map { "\(parent)/\($0)" }.filter { line.contains($0) }
        }
    }

    /// The project that this test is part of.
    static let here = Project(
        root: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent())

    private static let folders = ["Sources", "Tests", "Examples", "docs", "deploy", "scripts", ".ci"]

    private init(root: URL) {
        paths = Self.files(under: root)
        neighbours = Self.neighbours(of: root)
        swift = paths.filter { $0.hasSuffix(".swift") && ($0.hasPrefix("Sources/") || $0.hasPrefix("Tests/")) }
            .map { Self.read($0, root) }
        texts = paths.filter(Self.isText).map { Self.read($0, root) }
    }

    private static func neighbours(of root: URL) -> Neighbours? {
        let parent = root.standardizedFileURL.deletingLastPathComponent().path
        guard parent != "/" else { return nil }
        let beside = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        return Neighbours(parent: parent, names: beside)
    }

    private static func files(under root: URL) -> [String] {
        let manager = FileManager.default
        var found = ((try? manager.contentsOfDirectory(atPath: root.path)) ?? []).filter {
            $0.contains(".") || $0 == "Makefile"
        }
        for folder in folders {
            let inside = manager.enumerator(atPath: root.appending(path: folder).path)
            while let name = inside?.nextObject() as? String {
                var isFolder: ObjCBool = false
                let path = root.appending(path: "\(folder)/\(name)").path
                if manager.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
                    found.append("\(folder)/\(name)")
                }
            }
        }
        return found.sorted()
    }

    private static func isText(_ path: String) -> Bool {
        let endings = [".md", ".yaml", ".yml", ".sh", ".py", ".js", ".mjs", ".json", ".jsonl", ".service", ".timer"]
        return ["Makefile", "Package.swift", ".ci/run", "deploy/Containerfile"].contains(path)
            || endings.contains { path.hasSuffix($0) }
    }

    private static func read(_ path: String, _ root: URL) -> SourceFile {
        SourceFile(path, (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? "")
    }
}
