internal import Foundation

/// A text that was looked at once and is held to ever after: it lies in a file beside the tests.
///
/// Run the tests with `GATEHOUSE_GOLDEN=write` to write the files anew, and read the difference before you commit it.
public struct Golden: Sendable {
    /// Whether a difference is an error or is written down as right.
    public enum Mode: Hashable, Sendable {
        /// The file must hold the text.
        case compare
        /// The file is made to hold the text.
        case write

        /// What the environment asks for; anything but `write` compares.
        public static var asked: Mode {
            ProcessInfo.processInfo.environment["GATEHOUSE_GOLDEN"] == "write" ? .write : .compare
        }
    }

    private let folder: URL
    private let mode: Mode

    /// Keeps files in a folder beside the test that calls.
    ///
    /// - Parameters:
    ///   - folder: below the caller's own folder, such as `Golden`.
    ///   - test: the caller's file; leave it out.
    public init(_ folder: String, mode: Mode = .asked, beside test: String = #filePath) {
        self.folder = URL(filePath: test).deletingLastPathComponent().appending(path: folder)
        self.mode = mode
    }

    /// Holds a text against the file of that name; nil where they are equal, else both texts for a person to read.
    ///
    /// A file that is missing is a difference too, so that a new test cannot pass before somebody has seen its text.
    /// - Throws: what keeps the file from being read or written.
    public func difference(_ text: String, from name: String) throws -> String? {
        let file = folder.appending(path: name)
        if mode == .write {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
            return nil
        }
        guard FileManager.default.fileExists(atPath: file.path) else {
            return "\(name) is missing; GATEHOUSE_GOLDEN=write would make it hold:\n\(text)"
        }
        let kept = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        return kept == text ? nil : "\(name) holds:\n\(kept)\nand the test has:\n\(text)"
    }
}
