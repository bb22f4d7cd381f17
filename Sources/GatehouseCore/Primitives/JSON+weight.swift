extension JSON {
    /// From how many bytes on a value is large: what is done with it is work for threads of its own.
    public static let heavyWeight = 64 * 1024

    /// About how many bytes the value has as text, counted until they are `most`: so a small value is told from a large
    /// one without being written.
    public func weight(upTo most: Int = heavyWeight) -> Int {
        var weight = 0
        add(to: &weight, upTo: most)
        return weight
    }

    private func add(to weight: inout Int, upTo most: Int) {
        guard weight < most else { return }
        switch self {
        case .null, .bool: weight += 4
        case .number(let number): weight += number.text.utf8.count
        case .string(let text): weight += text.utf8.count + 2
        case .array(let items):
            for item in items where weight < most {
                weight += 1
                item.add(to: &weight, upTo: most)
            }
        case .object(let object):
            for member in object.members where weight < most {
                weight += member.key.utf8.count + 4
                member.value.add(to: &weight, upTo: most)
            }
        }
    }
}

extension Event {
    /// About how many bytes its blocks have, counted until they are heavy.
    public var weight: Int { JSON.object(data).weight() }
}
