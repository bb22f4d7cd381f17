internal import Foundation
internal import GRDB
internal import GatehouseCore

extension [UInt8] {
    /// The bytes as SQLite takes them.
    var blob: Data { Data(self) }

    static func fetchOne(_ database: Database, sql: String, bytes: [UInt8]) throws -> [UInt8]? {
        try Data.fetchOne(database, sql: sql, arguments: [bytes.blob]).map { [UInt8]($0) }
    }
}

extension Row {
    /// The bytes of a column that is never null.
    func bytes(_ column: String) -> [UInt8] {
        let data: Data = self[column]
        return [UInt8](data)
    }
}

extension EventID {
    /// Reads the 16 bytes that ``bytes`` wrote.
    init(bytes: [UInt8]) {
        let halves = [bytes.prefix(8), bytes.dropFirst(8)].map { $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        self.init(high: halves[0], low: halves[1])
    }
}
