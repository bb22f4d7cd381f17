extension Event {
    /// The event as a CloudEvent of version 1.0, with our attributes and its reporter's, filtered to a level: Standard
    /// delivers it and the API shows it. The order of keys is always the same, and so are its bytes.
    public func cloudEvent(at level: PrivacyLevel) -> JSON {
        var members: [JSONObject.Member] = [
            .init("specversion", "1.0"), .init("id", .string(sourceID)), .init("source", .string(source)),
            .init("type", .string(kind.name)), .init("time", .string(time.text)),
            .init("organization", .string(organization.text)),
            .init("receivedtime", .string(RFC3339.text(received))),
            .init("gatehouseid", .string(id.description)),
        ]
        if let flag { members.append(.init("gatehouseflag", .string(flag.rawValue))) }
        members += attributes(at: level).members
        members.append(.init("data", .object(data(at: level))))
        return .object(JSONObject(distinct: members))
    }
}
