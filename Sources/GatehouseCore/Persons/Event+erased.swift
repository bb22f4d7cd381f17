extension Event {
    /// Whether the event speaks of a person: as its person, visitor or user, by an id further down, or in an attribute
    /// beside the data.
    public func isAbout(_ person: String) -> Bool {
        let person = ExactText(person)
        return data.members.contains { PersonIDs.ids(in: $0).name(person) } || AttributePersons(of: self).name(person)
    }

    /// The event with what identifies the person blanked; nil where it does not speak of the person.
    ///
    /// What is blanked is what the privacy level that withholds persons withholds: names, addresses, codes of
    /// credentials, plates, free texts, and every field of open blocks that nobody knows. Ids, times, doors and how the
    /// passage went stay. A block that names others and not the person stays whole; one that names nobody goes with the
    /// person where the event is about the person, or about no other. Of the attributes beside the data also those
    /// go that are never withheld and name the person.
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
