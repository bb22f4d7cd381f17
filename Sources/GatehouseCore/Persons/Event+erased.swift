extension Event {
    /// Whether the event speaks of a person: as its person, visitor or user, or by an id further down.
    public func isAbout(_ person: String) -> Bool {
        let person = ExactText(person)
        return data.members.contains { PersonIDs.named(in: $0).contains(person) }
    }

    /// The event with what identifies the person blanked; nil where it does not speak of the person.
    ///
    /// What is blanked is what the privacy level that withholds persons withholds: names, addresses, codes of
    /// credentials, plates, free texts, and every field of open blocks that nobody knows. Ids, times, doors and how the
    /// passage went stay. A block that names others and not the person stays whole; one that names nobody goes with the
    /// person where the event is about the person, or about nobody else.
    public func erased(_ person: String) -> Event? {
        let person = ExactText(person)
        let blocks = data.members.map { (member: $0, named: PersonIDs.named(in: $0)) }
        guard blocks.contains(where: { $0.named.contains(person) }) else { return nil }
        let subjects = Set(blocks.filter { $0.member.key != Block.user.rawValue }.flatMap(\.named))
        let users = Set(blocks.filter { $0.member.key == Block.user.rawValue }.flatMap(\.named))
        let isTheirs = subjects.isEmpty || subjects.contains(person)
        var parts = parts
        parts.attributes = attributes(at: .noPersons)
        parts.original = original(at: .noPersons)
        parts.data = JSONObject(
            blocks.flatMap { block -> [JSONObject.Member] in
                let isClient = block.member.key == Block.clientInfo.rawValue
                let goes =
                    if !block.named.isEmpty { block.named.contains(person) } else if isClient, !users.isEmpty {
                        users.contains(person)
                    } else { isTheirs }
                return goes ? JSONObject([block.member]).redacted(to: .noPersons, of: kind).members : [block.member]
            })
        return Event(parts)
    }
}

/// Finds the ids of persons in a block.
enum PersonIDs {
    /// All that a block names, at any depth.
    static func named(in block: JSONObject.Member) -> Set<ExactText> {
        var found: Set<ExactText> = []
        look(at: block.value, in: Holder(block.key), into: &found)
        if block.key == Block.resource.rawValue, PersonWords.isSomebody(typed: block.value["type"]) {
            found.formUnion(id(block.value["id"]))
        }
        return found
    }

    /// What a name says of the values under it. It is read once, for a list may hold as many values as the name has
    /// words.
    private struct Holder {
        /// Whether objects under it are persons.
        let isPerson: Bool
        /// Whether texts and numbers under it are ids of persons.
        let isID: Bool

        init(_ name: String) {
            isPerson = PersonWords.isSomebody(name)
            isID = PersonWords.isIDOfSomebody(name) || name == "host"
        }
    }

    private static func look(at value: JSON, in holder: Holder, into found: inout Set<ExactText>) {
        switch value {
        case .object(let object):
            if holder.isPerson { found.formUnion(id(object["id"])) }
            for member in object.members { look(at: member.value, in: Holder(member.key), into: &found) }
        case .array(let items):
            for item in items { look(at: item, in: holder, into: &found) }
        case .string, .number:
            if holder.isID { found.formUnion(id(value)) }
        case .null, .bool: break
        }
    }

    /// Vendors write ids as text or as whole numbers.
    private static func id(_ value: JSON?) -> [ExactText] {
        (value?.text ?? value?.integer.map { String($0) }).map { [ExactText($0)] } ?? []
    }
}
