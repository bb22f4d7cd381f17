package import GatehouseCore
package import Logging

/// The moment at which the holder of a key that was given to a person accepts it: the first use.
package struct FirstUse: Sendable {
    let keys: KeyRegistry
    let directory: DirectoryRegistry
    let intake: any ChangeIntake

    /// Joins the parts.
    package init(_ registries: Registries, intake: any ChangeIntake) {
        self.keys = registries.keys
        self.directory = registries.directory
        self.intake = intake
    }

    /// Where the key was given to a person who uses it for the first time, that is kept and told. A store that is away
    /// does not hold the request up: the next use is the first then.
    package func note(by author: Author, _ logger: Logger) async {
        let key = author.key
        guard key.isInvitation else { return }
        let events = DirectoryEvents(by: author, in: directory.directory)
        do {
            try await keys.accept(key.id, at: author.now, through: intake) { key in
                Change(
                    .change, .key(key), audited: author.entry(.accept, .key, key.id.text, of: key.organization),
                    events: events.accepting(key))
            }
        } catch {
            logger.warning("a key's first use could not be kept", metadata: ["error": "\(error)"])
        }
    }
}
