internal import Crypto

extension AdmittedEvent {
    /// The source of the gateway's own events.
    public static let ownSource = "/gatehouse"

    /// An event that the gateway itself raises. It needs no admission, because no caller is involved.
    ///
    /// `data` carries the blocks of the kind. As for events from outside, the facts of the directory about the panel
    /// and the door are filled in. The event's own id is also its source's id, so that no two are the same.
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
