extension JSON {
    /// The size in bytes from which a value is large: work on it runs on threads of its own.
    public static let heavyWeight = 64 * 1024

    /// The approximate length of the value as text, in bytes, counted up to `most`: this recognizes a large value
    /// without writing it.
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
    /// The approximate length of its blocks, in bytes, counted up to the size of a large value.
    public var weight: Int { JSON.object(data).weight() }
}
