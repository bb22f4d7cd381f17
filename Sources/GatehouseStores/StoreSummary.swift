/// What a store's file holds, and whether it is whole.
public struct StoreSummary: Hashable, Sendable {
    /// The file.
    public let path: String
    /// Its size in bytes; what stands in its `-wal` file is not counted.
    public let bytes: Int
    /// The cursor of the newest event that was ever in it; 0 where there was none.
    public let newest: Int64
    /// How many steps of our tables it has gone through.
    public let steps: Int
    /// The version that its tables are of.
    public let age: Age
    /// What SQLite finds wrong with it and what its tables lack, at most 100 sentences; empty where it is whole.
    public let faults: [String]

    /// A version of our tables beside this one's.
    public enum Age: String, Hashable, Sendable {
        /// Of this version.
        case same
        /// Of an older one: the next start brings them up to date.
        case older
        /// They have gone through steps that this version does not know.
        case newer
    }

    /// Whether it is whole and this version can open it.
    public var isSound: Bool { faults.isEmpty && age != .newer }
}
