internal import GatehouseControl
internal import GatehouseCore
internal import Logging

/// The moment at which somebody accepts the key that was given to him: he uses it.
struct FirstUse {
    let parts: ServerParts
    let client: Client
    let now: Instant
    let logger: Logger

    /// Where the key was given to a person who uses it for the first time, that is kept and told. A store that is away
    /// does not hold the request up: the next use is the first then.
    func note(_ key: Key) async {
        guard key.isInvitation else { return }
        let events = DirectoryEvents(
            user: key.userJSON, clientInfo: client.json, directory: parts.directory.directory, now: now)
        do {
            let author = Author(key: key, client: client, now: now)
            try await parts.keys.accept(key.id, at: now, through: parts.intake) { key in
                Change(
                    .change, .key(key), audited: author.entry(.accept, .key, key.id.text, of: key.organization),
                    telling: events.accepting(key))
            }
        } catch {
            logger.warning("a key's first use could not be kept", metadata: ["error": "\(error)"])
        }
    }
}
