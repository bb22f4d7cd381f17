import Foundation

/// One of the project's pages, split at its fences.
struct Page {
    /// The text between two fences.
    struct Block {
        /// The language of the opening fence: `sh`, `python`; empty for drawings.
        let language: String
        /// The heading above it.
        let heading: String
        let text: String
    }

    let path: String
    let blocks: [Block]

    /// The project's folder.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Reads a page by its path from the project's folder.
    init(_ path: String) throws {
        self.path = path
        let text = try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
        var blocks: [Block] = []
        var heading = ""
        var open: (language: String, lines: [Substring])?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isFence = line.hasPrefix("```")
            if let block = open, isFence {
                let text = block.lines.joined(separator: "\n") + "\n"
                blocks.append(Block(language: block.language, heading: heading, text: text))
                open = nil
            } else if isFence {
                open = (String(line.dropFirst(3)), [])
            } else if open != nil {
                open?.lines.append(line)
            } else if line.hasPrefix("#") {
                heading = line.drop { $0 == "#" || $0 == " " }.description
            }
        }
        self.blocks = blocks
    }

    /// Every page of the project.
    static func all() throws -> [Page] {
        let folders = ["docs", "Examples", "Benchmarks", "deploy"]
        let inFolders = folders.flatMap { folder in
            (FileManager.default.enumerator(atPath: root.appending(path: folder).path)?.allObjects as? [String] ?? [])
                .map { "\(folder)/\($0)" }
        }
        let beside = try FileManager.default.contentsOfDirectory(atPath: root.path)
        return try (beside + inFolders).filter { $0.hasSuffix(".md") }.sorted().map { try Page($0) }
    }
}
