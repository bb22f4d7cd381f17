/// The persons in the attributes beside an event's data. It uses the words that identify a person in the data:
/// `personid`, `subject`, and paths such as `persons/31` in any attribute.
struct AttributePersons {
    private let event: Event

    init(of event: Event) { self.event = event }

    /// Whether one of them names a person.
    func name(_ person: ExactText) -> Bool { event.attributes.members.contains { names(person, $0) } }

    /// The attributes without what identifies a person: without those that level 2 withholds, and without any other
    /// that contains the person's id or one of the person's names in the data.
    func without(_ person: ExactText) -> JSONObject {
        let told = toldNames(of: person)
        return JSONObject(
            event.attributes(at: .noPersons).members.filter { member in
                let text = Array((member.value.text ?? "").lowercased().utf8)
                return !names(person, member) && !told.contains { !Self.places(of: $0, in: text).isEmpty }
            })
    }

    /// An attribute whose name says so may be an id itself; any text may contain an id after a word for a person.
    private func names(_ person: ExactText, _ member: JSONObject.Member) -> Bool {
        let holdsID =
            PersonWords.isPersonID(member.key) || PersonWords.endsInPerson(member.key)
            || member.key == "subject" && !isOfThing(person)
        if holdsID, PersonIDs.id(member.value).contains(person) { return true }
        return Self.isMentioned(person, in: member.value.text ?? "")
    }

    /// Whether the event is about a thing with the same id: then a bare `subject` means that thing.
    private func isOfThing(_ person: ExactText) -> Bool {
        let things = [event.data["door"]?.text, event.data["panel"]?.text, event.organization.text]
        return things.contains { $0.map { ExactText($0) } == person }
    }

    /// The names and addresses of the person in the blocks, in lower case.
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

    /// Whether a text contains an id after a word for a person: `persons/31`, `urn:user:31`, `userId=31`, `user-31`.
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

    /// The places of a text in another one where it is a whole word: between the ends of the text or separators. After
    /// it, a joining character does not separate, because an id may continue with one.
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

    /// Letters of other alphabets count as letters.
    private static func isSign(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
            false
        default: true
        }
    }
}
