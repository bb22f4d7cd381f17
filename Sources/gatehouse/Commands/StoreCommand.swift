import ArgumentParser
import FoundationEssentials
import GatehouseCore
import GatehouseGateway
import GatehouseStores

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `gatehouse store`: makes and restores copies of the store's file.
struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Back up, check and restore the store's file.",
        discussion: """
            These commands read the file itself: they run on the gateway's machine, as a user who may read the file, \
            and need no key. They find the file as `serve` does: --store, GATEHOUSE_STORE, the settings file.

            gatehouse store backup backup.db
            gatehouse store check backup.db
            gatehouse store restore backup.db
            """,
        subcommands: [Backup.self, Check.self, Restore.self])

    /// Which store a command uses.
    struct Options: ParsableArguments {
        @Option(help: "the store, for example sqlite:/var/lib/gatehouse/gatehouse.db; also GATEHOUSE_STORE") var store:
            String?
        @Option(help: "the YAML file with settings; also GATEHOUSE_CONFIG", completion: .file()) var config: String?
        @Flag(help: "print JSON for programs instead of a table for people") var json = false

        /// The store's file.
        func file() async throws -> String {
            let inForce = await Settings.inForce(
                flags: ["store": store].compactMapValues { $0 }, variables: ProcessInfo.processInfo.environment,
                file: config)
            do {
                return try Stores.file(of: try inForce.checked().gateway.store)
            } catch let error as Stores.UnknownStore {
                throw CommandError(.configuration, "store: \(error)")
            }
        }

        /// Prints what a file contains.
        func show(_ summary: StoreSummary, _ further: KeyValuePairs<String, JSON> = [:]) {
            var members: [JSONObject.Member] = [
                .init("file", .string(summary.path)), .init("bytes", .integer(Int64(summary.bytes))),
                .init("newestCursor", .integer(summary.newest)), .init("steps", .integer(Int64(summary.steps))),
                .init("tables", .string(summary.age.rawValue)), .init("sound", .bool(summary.isSound)),
            ]
            members += further.map { JSONObject.Member($0.key, $0.value) }
            if !summary.faults.isEmpty {
                members.append(.init("faults", .array(summary.faults.map { .string($0) })))
            }
            let isOlder = summary.age == .older && summary.faults.isEmpty
            Listing(asJSON: json).show(
                .object(JSONObject(members)),
                note: isOlder && !json
                    ? "An older gatehouse wrote it: the next start updates its tables." : nil)
        }
    }
}

extension StoreCommand {
    struct Backup: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Copy the store into a file. The gateway may run meanwhile.",
            discussion: """
                The copy is the store at one instant; the gateway does not wait for it. The copy is checked \
                completely before it gets its name. Only this user may read it, because it contains every person, \
                key and secret of the store. `newestCursor` is the newest event in it.

                gatehouse store backup backup.db
                gatehouse store backup backup.db --force --json
                gatehouse store backup backup.db --store sqlite:/var/lib/gatehouse/gatehouse.db
                """)
        @Argument(help: "the file to create", completion: .file()) var file: String
        @Flag(help: "replace an existing file") var force = false
        @OptionGroup var options: Options

        func run() async throws {
            let source = try await options.file()
            try StoreFiles.insistOnReading(source)
            let summary = try StoreFiles.copied("the backup was not made; its incomplete file was removed") {
                watch throws(StoreError) in
                try Stores.backUp(source, to: file, isReplacing: force, watch: watch)
            }
            options.show(summary, ["of": .string(source)])
            if let reason = Stores.noteBackup(of: source, at: file) {
                Descriptor.errors.write(
                    "The backup is complete, but its record beside the store could not be written: the metric "
                        + "of the last backup does not change: \(reason)\n")
            }
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a store or a backup; fails if it is damaged.",
            discussion: """
                The command finds damaged pages, and tables, columns and indexes that are missing or that a failed \
                upgrade left incomplete. It changes nothing, leaves no file beside the store, and works while the \
                gateway runs and on a read-only disk. To verify the audit, use `gatehouse audit verify`.

                gatehouse store check
                gatehouse store check backup.db
                gatehouse store check --whole --json
                """)
        @Argument(help: "the file to check (default: the store)", completion: .file()) var file: String?
        @Flag(help: "compare the indexes with their tables too, which takes several times as long") var whole = false
        @OptionGroup var options: Options

        func run() async throws {
            let path = if let file { file } else { try await options.file() }
            try StoreFiles.insistOnReading(path)
            let summary = try StoreFiles.told {
                watch throws(StoreError) in
                try Stores.check(path, isThorough: whole, watch: watch)
            }
            options.show(summary)
            guard summary.faults.isEmpty else {
                throw CommandError(
                    .negative,
                    "\(path) is damaged: if it is the store, replace it with a backup by `gatehouse store restore`; "
                        + "if it is a backup, use an earlier one")
            }
            guard summary.age != .newer else {
                throw CommandError(.negative, "\(path) was written by a newer gatehouse, which this one cannot open")
            }
        }
    }

    struct Restore: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Replace the store with a backup. No gateway may run on it.",
            discussion: """
                The backup is checked and copied; the present store is renamed, not deleted. Deliveries made since \
                the backup are made again, with the same ids. Events accepted since the backup are not in it.

                gatehouse store restore backup.db
                gatehouse store restore backup.db --store sqlite:/var/lib/gatehouse/gatehouse.db
                """)
        @Argument(help: "the backup", completion: .file()) var file: String
        @OptionGroup var options: Options

        func run() async throws {
            let path = try await options.file()
            try StoreFiles.insistOnReading(file)
            let time = RFC3339.secondsText(SystemClock().now).filter { $0.isNumber || $0 == "T" }
            let restored = try StoreFiles.copied("nothing was restored; the store is unchanged") {
                watch throws(StoreError) in
                try Stores.restore(file, to: path, aside: Stores.asideMark + time, watch: watch)
            }
            options.show(restored.store, ["from": .string(file), "before": .text(restored.before)])
        }
    }
}

/// What the commands of the store's files have in common.
enum StoreFiles {
    /// - Throws: if there is no such file, or this user may not read it.
    static func insistOnReading(_ path: String) throws(CommandError) {
        guard let descriptor = Descriptor(reading: path) else {
            throw CommandError(.input, "\(path) cannot be opened: \(Descriptor.reason)")
        }
        descriptor.close()
    }

    /// Runs long work, shows its progress, and explains in a sentence why it failed.
    static func told<Done>(_ work: (FileWatch) throws(StoreError) -> Done) throws(CommandError) -> Done {
        try told(FileBar(), work)
    }

    /// Runs work that makes a copy. SIGINT, SIGTERM and SIGHUP remove the incomplete copy, and end the process with 128
    /// plus the signal's number.
    static func copied<Done>(
        _ ending: String, _ work: (FileWatch) throws(StoreError) -> Done
    ) throws(CommandError) -> Done {
        let bar = FileBar()
        return try told(bar) { watch throws(StoreError) in
            let interruption = Interruption { number in
                watch.abandon {
                    bar.clear()
                    Descriptor.errors.write("gatehouse: a signal ended it: \(ending)\n")
                    _exit(128 + number)
                }
            }
            defer { interruption.cancel() }
            return try work(watch)
        }
    }

    private static func told<Done>(
        _ bar: FileBar, _ work: (FileWatch) throws(StoreError) -> Done
    ) throws(CommandError) -> Done {
        defer { bar.clear() }
        do throws(StoreError) {
            return try work(FileWatch { bar.show($0) })
        } catch {
            switch error {
            case .unavailable(let sentence): throw CommandError(.unavailable, sentence)
            case .corrupt(let sentence): throw CommandError(.data, sentence)
            case .conflict(_, let sentence, _): throw CommandError(.data, sentence)
            case .overloaded, .urlTaken, .missing, .fenced: throw CommandError(.software, "\(error)")
            }
        }
    }
}
