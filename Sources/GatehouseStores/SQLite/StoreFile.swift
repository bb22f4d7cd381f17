internal import Foundation
internal import GRDB
internal import GatehouseCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The file of a store, before it is opened: which program it belongs to, and who may read it.
///
/// It contains persons, credentials, secrets and private keys in the clear, so only the gateway's own user may read
/// it, independent of the process's umask. SQLite gives the files beside it (`-wal`, `-shm`) the rights of this file.
struct StoreFile {
    /// The number by which programs recognize their SQLite files (`PRAGMA application_id`): "Gate" in ASCII.
    static let application: Int64 = 0x4761_7465
    /// The format of our tables as a whole (`PRAGMA user_version`); the migrations know the changes within it.
    static let format: Int64 = 1

    let path: String
    /// The purpose, which decides the advice in a sentence about it.
    var purpose = Purpose.serve

    /// The purposes for which a store's file is opened.
    enum Purpose {
        /// A gateway runs on it.
        case serve
        /// It is read or copied, and not changed.
        case look
        /// It is a backup that replaces a store.
        case restore
    }

    /// The description of an SQLite file.
    struct Contents: Hashable {
        /// Its `application_id`; 0 if no program set one.
        var application: Int64 = 0
        /// Its `user_version`; 0 if no program set one.
        var format: Int64 = 0
        /// Its tables.
        var tables: Set<String> = []
        /// How its tables compare with this version's.
        var verdict = StoreSchema.Verdict()

        /// Whether it is empty, or a first start left it before its first step.
        var isEmpty: Bool {
            application == 0 && format == 0 && tables.isSubset(of: ["grdb_migrations"]) && verdict.steps == 0
        }

        /// Whether it is a store, of this version or another. A store from before our mark is recognized by its tables.
        var isOurs: Bool {
            if application == StoreFile.application { return true }
            return application == 0
                && tables.isSuperset(of: ["grdb_migrations", "organizations", "deliveries", "incarnations", "pulse"])
        }

        /// Whether a newer version wrote all of it, or some of its steps.
        var isNewer: Bool { isOurs && verdict.age == .newer }
    }

    /// Ensures that the file is ours, and creates it if it does not exist, for this user alone.
    ///
    /// - Parameter warn: is called if other users may read an existing file.
    /// - Throws: ``StoreError/unavailable(_:)`` if it belongs to another program; it is not changed then.
    func prepare(warn: (String) -> Void) throws {
        try create()
        // Checked before SQLite creates the files beside it with the rights of this one.
        let wide = [path, path + "-wal", path + "-shm", path + ".lock"].filter(Self.isReadByOthers)
        let found = try contents()
        if !found.isEmpty { try insist(on: found) }
        for name in wide {
            warn("\(name) can be read by other users: chmod 600 it, because it contains persons and secrets")
        }
    }

    /// Writes our mark into the file, so that it is recognized from now on.
    static func mark(_ database: Database) throws {
        let (application, format) = (Self.application, Self.format)
        guard try Int64.fetchOne(database, sql: "PRAGMA application_id") != application else { return }
        try database.execute(sql: "PRAGMA application_id = \(application); PRAGMA user_version = \(format);")
    }

    private func create() throws {
        let opened = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        if opened >= 0 {
            _ = fchmod(opened, 0o600)
            close(opened)
        } else if errno != EEXIST {
            let reason = String(cString: strerror(errno))
            throw StoreError.unavailable(obstacle ?? "\(path) cannot be created: \(reason)")
        }
    }

    /// Reads the file's description and changes nothing: neither its journal mode nor a byte of it. It checks whether
    /// the tables are complete, but not the rows.
    func contents() throws -> Contents {
        try reading { database in
            let names = try String.fetchAll(database, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'")
            var contents = Contents(
                application: try Int64.fetchOne(database, sql: "PRAGMA application_id") ?? 0,
                format: try Int64.fetchOne(database, sql: "PRAGMA user_version") ?? 0,
                tables: Set(names.filter { !$0.hasPrefix("sqlite_") }))
            if contents.isOurs {
                contents.verdict =
                    contents.format > Self.format
                    ? StoreSchema.Verdict(age: .newer) : try StoreSchema.verdict(database)
            } else if contents.tables == ["grdb_migrations"] {
                contents.verdict.steps = try Int.fetchOne(database, sql: "SELECT count(*) FROM grdb_migrations") ?? 0
            }
            return contents
        }
    }

    /// Ensures that a file is a sound store that this version can open.
    func insist(on contents: Contents) throws(StoreError) {
        guard contents.isOurs else {
            throw .unavailable("\(path) \(contents.isEmpty ? sentence(of: .empty) : sentence(of: .foreign))")
        }
        guard !contents.isNewer else { throw .unavailable("\(path) \(sentence(of: .newer))") }
        guard contents.verdict.faults.isEmpty else { throw broken(contents.verdict.faults) }
    }

    private static func isReadByOthers(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & 0o077 != 0
    }
}
