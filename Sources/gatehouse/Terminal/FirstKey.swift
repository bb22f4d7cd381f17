import FoundationEssentials
import GatehouseCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The key that a gateway made at its first start, because no caller had a key: shown to a person, or written to a file
/// that only the store's user may read. It is never written to a log, because others read logs and logs are kept for
/// long.
struct FirstKey {
    private let key: Credential
    private let path: String

    /// Where the key is.
    enum Place: Hashable {
        /// On the terminal.
        case terminal(Secret)
        /// In the file at that path.
        case file(String)
    }

    /// Takes the key and the store's URL: the file is beside the store's file, `gatehouse.db.key` for `gatehouse.db`.
    init(_ key: Credential, store: String) {
        self.key = key
        let path = store.split(separator: ":", maxSplits: 1).last.map(String.init) ?? ""
        self.path = (store.hasPrefix("sqlite:") && path != ":memory:" ? path : "gatehouse") + ".key"
    }

    /// Shows the key, or writes it to its file.
    ///
    /// - Throws: if the file cannot be written; the error says what to do.
    func show(on output: Descriptor) throws(CommandError) -> Place {
        if output.isTerminal { return .terminal(Secret(key.text)) }
        try write()
        return .file(path)
    }

    /// Written to a new file and renamed, so that the rights of an existing file, or the target of a link, do not
    /// matter.
    private func write() throws(CommandError) {
        let fresh = path + ".new"
        unlink(fresh)
        let opened = open(fresh, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        let bytes = Array((key.text + "\n").utf8)
        guard opened >= 0, fchmod(opened, 0o600) == 0, systemWrite(opened, bytes) == bytes.count, fsync(opened) == 0,
            systemClose(opened) == 0, rename(fresh, path) == 0
        else {
            throw CommandError(
                .unavailable,
                "the first key exists, but \(path) cannot be written (\(Descriptor.reason)): set GATEHOUSE_ADMIN_KEY "
                    + "and start again, or start in a terminal with a new store")
        }
    }

    /// The text for a new user.
    static func welcome(_ place: Place, url: String) -> String {
        let (shown, value) =
            switch place {
            case .terminal(let key): ("It is not shown again", key.revealed)
            case .file(let path): ("It is in \(path), which only this user may read", "$(cat '\(path)')")
            }
        return """

            No caller had a key for this gateway yet, so it created a key above all organizations.
            \(shown):

              export GATEHOUSE_URL=\(url)
              export GATEHOUSE_KEY=\(value)

            What to do next:

              curl -H "Authorization: Bearer $GATEHOUSE_KEY" -H 'Content-Type: application/json' \\
                -d '{"id":"acme","name":"Acme"}' $GATEHOUSE_URL/v1/organizations
              gatehouse panels create "Main panel" --organization acme --id 1070000
              gatehouse doors create Lobby --panel 1070000 --number 1 --id lobby
              gatehouse send access.granted --organization acme --door lobby


            """
    }
}

// The system's functions, under names that no member hides.
private func systemWrite(_ number: Int32, _ bytes: [UInt8]) -> Int { write(number, bytes, bytes.count) }
private func systemClose(_ number: Int32) -> Int32 { close(number) }
