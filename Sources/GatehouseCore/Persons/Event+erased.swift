extension Event {
    /// Whether the event is about a person: as its person, visitor or user, by an id further down, or in an attribute
    /// beside the data.
    public func isAbout(_ person: String) -> Bool {
        let person = ExactText(person)
        return data.members.contains { PersonIDs.ids(in: $0).name(person) } || AttributePersons(of: self).name(person)
    }

    /// The event without what identifies the person; nil if it is not about the person.
    ///
    /// It removes what privacy level 2 withholds: names, addresses, codes of credentials, plates, free texts, and every
    /// unknown field of open blocks. Ids, times, doors and the facts of the passage stay. A block about other persons
    /// only stays whole. A block without a person's id is erased if the event is about the person, or about no other
    /// person. Attributes beside the data that name the person are removed too, even those that no level withholds.
    public func erased(_ person: String) -> Event? {
        let person = ExactText(person)
        let blocks = data.members.map { member in
            let ids = PersonIDs.ids(in: member)
            return (member: member, named: ids.sure, isNamed: ids.name(person))
        }
        let beside = AttributePersons(of: self)
        guard blocks.contains(where: \.isNamed) || beside.name(person) else { return nil }
        let subjects = Set(blocks.filter { $0.member.key != Block.user.rawValue }.flatMap(\.named))
        let users = Set(blocks.filter { $0.member.key == Block.user.rawValue }.flatMap(\.named))
        let isTheirs = subjects.isEmpty || subjects.contains(person)
        var parts = parts
        parts.attributes = beside.without(person)
        parts.original = original(at: .noPersons)
        parts.data = JSONObject(
            blocks.flatMap { block -> [JSONObject.Member] in
                let isClient = block.member.key == Block.clientInfo.rawValue
                let goes =
                    if block.isNamed { true } else if !block.named.isEmpty { false } else if isClient, !users.isEmpty {
                        users.contains(person)
                    } else { isTheirs }
                return goes ? JSONObject([block.member]).redacted(to: .noPersons, of: kind).members : [block.member]
            })
        return Event(parts)
    }
}
