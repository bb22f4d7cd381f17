/// Whom the attributes beside an event's data name, by the words that name a person in the data: `personid`, `subject`,
/// and paths such as `persons/31` in any of them.
struct AttributePersons {
    private let event: Event

    init(of event: Event) { self.event = event }

    /// Whether one of them names a person.
    func name(_ person: ExactText) -> Bool { event.attributes.members.contains { names(person, $0) } }

    /// The attributes without what identifies a person: none that level 2 withholds, and of the others none that names
    /// the person by the id or by a name that the data tells.
    func without(_ person: ExactText) -> JSONObject {
        let told = toldNames(of: person)
        return JSONObject(
            event.attributes(at: .noPersons).members.filter { member in
                let text = Array((member.value.text ?? "").lowercased().utf8)
                return !names(person, member) && !told.contains { !Self.places(of: $0, in: text).isEmpty }
            })
    }

    /// An attribute may hold an id itself, under a name that says so; any text may have it behind a word for a person.
    private func names(_ person: ExactText, _ member: JSONObject.Member) -> Bool {
        let holdsID =
            PersonWords.isPersonID(member.key) || PersonWords.endsInPerson(member.key)
            || member.key == "subject" && !isOfThing(person)
        if holdsID, PersonIDs.id(member.value).contains(person) { return true }
        return Self.isMentioned(person, in: member.value.text ?? "")
    }

    /// Whether the event speaks of a thing that has the same id: then a bare `subject` means that thing.
    private func isOfThing(_ person: ExactText) -> Bool {
        let things = [event.data["door"]?.text, event.data["panel"]?.text, event.organization.text]
        return things.contains { $0.map { ExactText($0) } == person }
    }

    /// The names and addresses under which the blocks of a person tell of him, in small letters.
    private func toldNames(of person: ExactText) -> [[UInt8]] {
        [Block.person, .visitor, .user].flatMap { block -> [[UInt8]] in
            guard let object = event.data[block.rawValue]?.object, PersonIDs.id(object["id"]).contains(person) else {
                return []
            }
            return object.members.compactMap { member in
                guard BlockTable.rule(member.key, of: block)?.privacy == .person else { return nil }
                return member.value.text.map { Array($0.lowercased().utf8) }
            }.filter { $0.count > 1 }
        }
    }

    // MARK: Texts

    /// Whether a text has an id behind a word for a person: `persons/31`, `urn:user:31`, `userId=31`, `user-31`.
    static func isMentioned(_ person: ExactText, in text: String) -> Bool {
        let bytes = Array(text.utf8)
        return places(of: Array(person.wrappedValue.utf8), in: bytes).contains { place in
            let before = bytes[..<place]
            guard let end = before.lastIndex(where: { !isSign($0) }) else { return false }
            let start = before[...end].lastIndex { isSign($0) && !isJoint($0) }.map { $0 + 1 } ?? 0
            let word = String(decoding: before[start...end], as: UTF8.self)
            return PersonWords.isPerson(word) || PersonWords.isPersonID(word)
        }
    }

    /// Where a text stands in another one as a whole: before it and behind it nothing, or a sign. Behind it a joint is
    /// none, for an id may go on with it.
    private static func places(of wanted: [UInt8], in bytes: [UInt8]) -> [Int] {
        guard let first = wanted.first, wanted.count <= bytes.count else { return [] }
        return (0...(bytes.count - wanted.count)).filter { place in
            guard bytes[place] == first, bytes[place...].starts(with: wanted) else { return false }
            let end = place + wanted.count
            let isWholeBehind = end == bytes.count || isSign(bytes[end]) && !isJoint(bytes[end])
            return isWholeBehind && (place == 0 || isSign(bytes[place - 1]))
        }
    }

    /// Whether a byte may join the parts of one name.
    private static func isJoint(_ byte: UInt8) -> Bool { "-_.".utf8.contains(byte) }

    /// Letters of other alphabets are letters.
    private static func isSign(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
            false
        default: true
        }
    }
}
