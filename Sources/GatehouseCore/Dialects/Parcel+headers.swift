public import HTTPTypes

extension Parcel {
    /// The headers of every delivery in every dialect, unless the subscription has `extraHeaders: false`.
    public var gatehouseHeaders: [HTTPField] {
        guard subscription.terms.extraHeaders else { return [] }
        var fields = [HTTPField(name: .gatehouseEventID, value: event.id.description)]
        if isReplay { fields.append(HTTPField(name: .gatehouseReplay, value: "true")) }
        return fields
    }
}

extension [Parcel] {
    /// The headers of a request with several deliveries of one subscription: the ids of their events in the order of
    /// the body, and the mark of a replay if all of them are replays.
    public var gatehouseHeaders: [HTTPField] {
        guard allSatisfy(\.subscription.terms.extraHeaders) else { return [] }
        let ids = map(\.event.id.description).joined(separator: ", ")
        var fields = [HTTPField(name: .gatehouseEventID, value: ids)]
        if allSatisfy(\.isReplay) { fields.append(HTTPField(name: .gatehouseReplay, value: "true")) }
        return fields
    }
}

extension Terms {
    /// The owner's own fields: the authentication, then the headers. Their names were checked on input; a stored one
    /// that is no longer valid is left out.
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
