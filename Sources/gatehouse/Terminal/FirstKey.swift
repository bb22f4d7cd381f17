import FoundationEssentials
import GatehouseCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The key that a gateway made because nobody could have called it otherwise: shown to a person, or kept in a file for
/// whoever may read the store. What is written to a log is read by others and kept for long, so it never goes there.
struct FirstKey {
    private let key: Credential
    private let path: String

    /// Where the key is to be found.
    enum Place: Hashable {
        /// It stands on the terminal.
        case terminal(Secret)
        /// It stands in the file of that path.
        case file(String)
    }

    /// Takes the key and the store's URL: the file stands beside the store's, `gatehouse.db.key` for `gatehouse.db`.
    init(_ key: Credential, store: String) {
        self.key = key
        let path = store.split(separator: ":", maxSplits: 1).last.map(String.init) ?? ""
        self.path = (store.hasPrefix("sqlite:") && path != ":memory:" ? path : "gatehouse") + ".key"
    }

    /// Shows the key, or puts it into its file. - Throws: where the file cannot be written, saying what to do.
    func show(on output: Descriptor) throws(CommandError) -> Place {
        if output.isTerminal { return .terminal(Secret(key.text)) }
        try write()
        return .file(path)
    }

    /// Written beside and renamed, so that neither what stood there, nor where it led to, has a say in who reads it.
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
                "the first key was made and \(path) cannot be written (\(Descriptor.reason)): set GATEHOUSE_ADMIN_KEY "
                    + "and start again, or start on a terminal with a new store")
        }
    }

    /// What a new user is told.
    static func welcome(_ place: Place, url: String) -> String {
        let (shown, value) =
            switch place {
            case .terminal(let key): ("It is shown this once", key.revealed)
            case .file(let path): ("It stands in \(path), which this user alone may read", "$(cat '\(path)')")
            }
        return """

            No caller had a key for this gateway yet, so it made a key that stands above all organizations.
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

// The system's functions, by names that no member hides.
private func systemWrite(_ number: Int32, _ bytes: [UInt8]) -> Int { write(number, bytes, bytes.count) }
private func systemClose(_ number: Int32) -> Int32 { close(number) }
