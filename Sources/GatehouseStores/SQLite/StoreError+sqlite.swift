internal import GRDB
internal import GatehouseCore

extension StoreError {
    /// Interprets SQLite's result codes: temporary failures are unavailable, damage is corrupt.
    init(sqlite error: any Error) {
        if let known = error as? StoreError {
            self = known
            return
        }
        guard let error = error as? DatabaseError else {
            self = .unavailable("the store failed")
            return
        }
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt("the database file is damaged")
        case .SQLITE_FULL: self = .unavailable("the disk is full")
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .unavailable("the database file is locked by another program")
        case .SQLITE_CONSTRAINT: self = .conflict(index: nil, "an identifier or number is taken")
        default:
            self = .unavailable("the database file cannot be written or read (SQLite \(error.resultCode.rawValue))")
        }
    }
}
