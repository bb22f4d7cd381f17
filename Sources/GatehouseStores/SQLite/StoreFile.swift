internal import Foundation
internal import GRDB
internal import GatehouseCore

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The file of a store, before it is opened: whose it is, and who may read it.
///
/// Persons, credentials, secrets and private keys stand in it in the clear, so the gateway's own user alone may read
/// it, whatever the process's umask says. SQLite makes the files beside it (`-wal`, `-shm`) by the rights of the file.
struct StoreFile {
    /// What SQLite keeps for programs to know their files by (`PRAGMA application_id`): "Gate" in ASCII.
    static let application: Int64 = 0x4761_7465
    /// The format of our tables as a whole (`PRAGMA user_version`); what changes within it, the migrations know.
    static let format: Int64 = 1

    let path: String
    /// What is to be done with it, which decides what a sentence about it advises.
    var purpose = Purpose.serve

    /// What a store's file is opened for.
    enum Purpose {
        /// A gateway runs on it.
        case serve
        /// It is looked at or copied, and not changed.
        case look
        /// It is a backup that takes a store's place.
        case restore
    }

    /// What an SQLite file says of itself.
    struct Contents: Hashable {
        /// Its `application_id`; 0 where no program put one there.
        var application: Int64 = 0
        /// Its `user_version`; 0 where no program put one there.
        var format: Int64 = 0
        /// Its tables.
        var tables: Set<String> = []
        /// What those are to this version.
        var verdict = StoreSchema.Verdict()

        /// Whether it has nothing in it, or what a first start leaves that was cut off before its first step.
        var isEmpty: Bool {
            application == 0 && format == 0 && tables.isSubset(of: ["grdb_migrations"]) && verdict.steps == 0
        }

        /// Whether it is a store, of this version or another. One from before the gateway put its mark there is known
        /// by its tables.
        var isOurs: Bool {
            if application == StoreFile.application { return true }
            return application == 0
                && tables.isSuperset(of: ["grdb_migrations", "organizations", "deliveries", "incarnations", "pulse"])
        }

        /// Whether a newer version wrote it, as a whole or some of its steps.
        var isNewer: Bool { isOurs && verdict.age == .newer }
    }

    /// Sees that the file is ours to open, and makes it where there is none, for this user alone.
    ///
    /// - Parameter warn: is told where others may read a file that there is.
    /// - Throws: ``StoreError/unavailable(_:)`` where it is another program's; it is not changed then.
    func prepare(warn: (String) -> Void) throws {
        try create()
        // Looked at before SQLite makes the files beside it, which it does by the rights of this one.
        let wide = [path, path + "-wal", path + "-shm", path + ".lock"].filter(Self.isReadByOthers)
        let found = try contents()
        if !found.isEmpty { try insist(on: found) }
        for name in wide {
            warn("\(name) can be read by others of this machine: chmod 600 it, persons and secrets stand in it")
        }
    }

    /// Puts our mark into the file, so that it is known by it from now on.
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
            throw StoreError.unavailable(obstacle ?? "\(path) cannot be made: \(reason)")
        }
    }

    /// Looks into the file and changes nothing: neither its journal's manner nor a byte of it. Whether its tables are
    /// whole is looked at, the rows are not.
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

    /// Sees that a file is a store that this version can open, and whole.
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
