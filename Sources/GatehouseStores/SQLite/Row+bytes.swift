internal import Foundation
internal import GRDB

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
