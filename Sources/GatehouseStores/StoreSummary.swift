/// The contents of a store's file, and whether it is sound.
package struct StoreSummary: Hashable, Sendable {
    /// The file.
    package let path: String
    /// Its size in bytes; its `-wal` file is not counted.
    package let bytes: Int
    /// The cursor of the newest event that was ever in it; 0 if there was none.
    package let newest: Int64
    /// How many migration steps it has taken.
    package let steps: Int
    /// The version of its tables.
    package let age: Age
    /// The faults that SQLite finds and the missing parts of its tables, at most 100 sentences; empty if it is sound.
    package let faults: [String]

    /// A version of our tables, compared with this one.
    package enum Age: String, Hashable, Sendable {
        /// Of this version.
        case same
        /// Of an older version: the next start updates them.
        case older
        /// They have taken steps that this version does not know.
        case newer
    }

    /// Whether it is sound and this version can open it.
    package var isSound: Bool { faults.isEmpty && age != .newer }
}
