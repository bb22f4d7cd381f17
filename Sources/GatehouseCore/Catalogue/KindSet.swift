/// A set of kinds as bits, because matching reads it for every candidate subscription of every event.
public struct KindSet: Hashable, Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    /// Every kind of the catalogue.
    public static let all = KindSet(Kind.allCases)

    /// A set of these kinds.
    public init(_ kinds: some Sequence<Kind>) {
        for kind in kinds { insert(kind) }
    }

    /// Whether the set is empty.
    public var isEmpty: Bool { low == 0 && high == 0 }

    /// The kinds in the set, in the order of the catalogue.
    public var kinds: [Kind] { Kind.allCases.filter(contains) }

    /// Adds a kind.
    public mutating func insert(_ kind: Kind) {
        if kind.rawValue < 64 { low |= 1 << kind.rawValue } else { high |= 1 << (kind.rawValue - 64) }
    }

    /// Whether a kind is in the set.
    public func contains(_ kind: Kind) -> Bool {
        kind.rawValue < 64 ? low >> kind.rawValue & 1 == 1 : high >> (kind.rawValue - 64) & 1 == 1
    }

    /// The kinds of both sets.
    public func intersection(_ other: KindSet) -> KindSet {
        var both = self
        both.low &= other.low
        both.high &= other.high
        return both
    }
}
