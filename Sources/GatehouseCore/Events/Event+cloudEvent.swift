extension Event {
    /// The event as a CloudEvent of version 1.0, with our attributes and its reporter's, filtered to a level: what
    /// Standard delivers and the API shows. The order of keys is always the same, so that its bytes are.
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
