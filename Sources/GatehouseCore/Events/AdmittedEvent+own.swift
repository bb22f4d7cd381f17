internal import Crypto

extension AdmittedEvent {
    /// The source of what the gateway tells of itself.
    public static let ownSource = "/gatehouse"

    /// An event that the gateway itself raises: it has passed no admission, since nobody outside has a say in it.
    ///
    /// `data` carries the blocks of the kind; what `directory` knows of the panel and door that they name is filled in,
    /// as it is for events from outside. Its source's id is its own id, so that no two are the same.
    public static func own(
        _ kind: Kind, of organization: OrganizationID, data: JSONObject, in directory: Directory, at now: Instant,
        using random: inout some RandomNumberGenerator
    ) -> AdmittedEvent {
        var parts = Event.Parts(
            id: EventID(at: now, using: &random), kind: kind, organization: organization, received: now)
        parts.source = ownSource
        parts.sourceID = parts.id.description
        parts.data = data
        DirectoryFacts(directory, of: organization).fillKnown(in: &parts)
        let event = Event(parts)
        return AdmittedEvent(event: event, digest: Array(SHA256.hash(data: event.stored)))
    }
}
