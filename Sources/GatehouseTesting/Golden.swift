internal import Foundation

/// A text that was checked once and must not change: it is in a file beside the tests.
///
/// Run the tests with `GATEHOUSE_GOLDEN=write` to write the files again, and read the difference before you commit it.
package struct Golden: Sendable {
    /// Whether a difference is an error or is written to the file.
    package enum Mode: Hashable, Sendable {
        /// The file must contain the text.
        case compare
        /// The text is written to the file.
        case write

        /// The mode of the environment; any value but `write` compares.
        package static var asked: Mode {
            ProcessInfo.processInfo.environment["GATEHOUSE_GOLDEN"] == "write" ? .write : .compare
        }
    }

    private let folder: URL
    private let mode: Mode

    /// Keeps files in a folder beside the calling test.
    ///
    /// - Parameters:
    ///   - folder: below the caller's own folder, such as `Golden`.
    ///   - test: the caller's file; leave it out.
    package init(_ folder: String, mode: Mode = .asked, beside test: String = #filePath) {
        self.folder = URL(filePath: test).deletingLastPathComponent().appending(path: folder)
        self.mode = mode
    }

    /// Compares a text with the file of that name; nil if they are equal, else both texts for a person to read.
    ///
    /// A missing file is a difference too, so that a new test cannot pass before a person has read its text.
    ///
    /// - Throws: why the file cannot be read or written.
    package func difference(_ text: String, from name: String) throws -> String? {
        let file = folder.appending(path: name)
        if mode == .write {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
            return nil
        }
        guard FileManager.default.fileExists(atPath: file.path) else {
            return "\(name) is missing; GATEHOUSE_GOLDEN=write would write:\n\(text)"
        }
        let kept = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        return kept == text ? nil : "\(name) contains:\n\(kept)\nand the test has:\n\(text)"
    }
}
