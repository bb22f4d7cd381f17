public import HTTPTypes

extension Parcel {
    /// The headers that go with every delivery in every dialect, unless the subscription says `extraHeaders: false`.
    public var gatehouseHeaders: [HTTPField] {
        guard subscription.terms.extraHeaders else { return [] }
        var fields = [HTTPField(name: .gatehouseEventID, value: event.id.description)]
        if isReplay { fields.append(HTTPField(name: .gatehouseReplay, value: "true")) }
        return fields
    }
}

extension [Parcel] {
    /// The same for a request that carries several deliveries of one subscription: the ids of their events in the order
    /// in which they stand there, and that they are asked for again where all of them are.
    public var gatehouseHeaders: [HTTPField] {
        guard allSatisfy(\.subscription.terms.extraHeaders) else { return [] }
        let ids = map(\.event.id.description).joined(separator: ", ")
        var fields = [HTTPField(name: .gatehouseEventID, value: ids)]
        if allSatisfy(\.isReplay) { fields.append(HTTPField(name: .gatehouseReplay, value: "true")) }
        return fields
    }
}

extension Terms {
    /// What the owner wants to go along: the authentication, then the headers. Their names were checked when they were
    /// taken in; one that is no name any more is left out.
    public var headerFields: [HTTPField] {
        let named = headers.compactMap { header in
            HTTPField.Name(header.name).map { HTTPField(name: $0, value: header.value) }
        }
        return (authentication.field.map { [$0] } ?? []) + named
    }
}

extension HTTPField.Name {
    static let gatehouseEventID = name("gatehouse-event-id")
    static let gatehouseReplay = name("gatehouse-replay")
    static let gatehouseTest = name("gatehouse-test")

    private static func name(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is a header name") }
        return name
    }
}
