/// Finds the ids of persons in a block.
enum PersonIDs {
    /// The values found in place of an id.
    struct Found {
        /// Ids.
        var sure: Set<ExactText> = []
        /// Texts under a word for one person, `"user": "31"`: an id, or a name. It is not clear which person they mean,
        /// so they do not prove that the block is about another one.
        var possible: Set<ExactText> = []

        func name(_ person: ExactText) -> Bool { sure.contains(person) || possible.contains(person) }
    }

    /// All ids of persons in a block, at any depth.
    static func ids(in block: JSONObject.Member) -> Found {
        var found = Found()
        look(at: block.value, in: Holder(block.key), into: &found)
        if block.key == Block.resource.rawValue, PersonWords.isPerson(typed: block.value["type"]) {
            found.sure.formUnion(id(block.value["id"]))
        }
        return found
    }

    /// What a name says about the values under it. It is computed once per name, because a list may hold many values.
    private struct Holder {
        /// Whether objects under it are persons.
        let isPerson: Bool
        /// Whether texts and numbers under it are ids of persons.
        let isID: Bool
        /// Whether a text or a number under it may be the id of one person.
        let mayBeID: Bool

        init(_ name: String) {
            isPerson = PersonWords.isPerson(name)
            isID = PersonWords.isPersonID(name) || name == "host"
            mayBeID = isPerson && PersonWords.isOne(name)
        }
    }

    private static func look(at value: JSON, in holder: Holder, into found: inout Found) {
        switch value {
        case .object(let object):
            if holder.isPerson { found.sure.formUnion(id(object["id"])) }
            for member in object.members { look(at: member.value, in: Holder(member.key), into: &found) }
        case .array(let items):
            for item in items { look(at: item, in: holder, into: &found) }
        case .string, .number:
            if holder.isID { found.sure.formUnion(id(value)) }
            if holder.mayBeID { found.possible.formUnion(id(value)) }
        case .null, .bool: break
        }
    }

    /// Vendors write ids as text or as integers.
    static func id(_ value: JSON?) -> [ExactText] {
        (value?.text ?? value?.integer.map { String($0) }).map { [ExactText($0)] } ?? []
    }
}
