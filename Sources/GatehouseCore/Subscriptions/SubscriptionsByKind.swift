/// Subscriptions by the kinds that they want.
///
/// Those that want the same kinds are one group, because most owners want one of a few sets of kinds: a subscription is
/// stored once, and not for each of its kinds. While there are few groups, a search tests the kinds of each; when there
/// are many, it finds them by the kind.
struct SubscriptionsByKind: Sendable {
    /// Up to how many groups a search tests each of them.
    static let few = 8

    /// In each group in the order of the index.
    private var groups: [KindSet: [IndexedSubscription]] = [:]
    /// By kind, the groups that want it; empty while there are few groups.
    private var wanting: [[KindSet]] = []

    var isEmpty: Bool { groups.isEmpty }

    mutating func insert(_ indexed: IndexedSubscription) {
        let kinds = indexed.subscription.kinds
        let isNew = groups[kinds] == nil
        groups[kinds, default: []].append(indexed)
        if isNew { listGroup(kinds) }
    }

    mutating func remove(_ indexed: IndexedSubscription) {
        let kinds = indexed.subscription.kinds
        groups[kinds]?.remove(indexed)
        guard groups[kinds]?.isEmpty ?? false else { return }
        groups[kinds] = nil
        unlistGroup(kinds)
    }

    private mutating func listGroup(_ kinds: KindSet) {
        if !wanting.isEmpty { return list(kinds) }
        guard groups.count > Self.few else { return }
        wanting = Array(repeating: [], count: Kind.allCases.count)
        for kinds in groups.keys { list(kinds) }
    }

    private mutating func list(_ kinds: KindSet) {
        for kind in kinds.kinds { wanting[Int(kind.rawValue)].append(kinds) }
    }

    private mutating func unlistGroup(_ kinds: KindSet) {
        guard !wanting.isEmpty else { return }
        // Half as many before the lists go, so that a change to and fro does not build them each time.
        if groups.count <= Self.few / 2 { return wanting = [] }
        for kind in kinds.kinds { wanting[Int(kind.rawValue)].removeAll { $0 == kinds } }
    }

    /// Adds those that want a kind of the event, each once; ``KindSet/wants(_:)`` is the rule.
    func gather(_ event: Event, into found: inout [IndexedSubscription]) {
        guard !wanting.isEmpty else {
            for (kinds, group) in groups where kinds.wants(event) { found += group }
            return
        }
        for kinds in wanting[Int(event.kind.rawValue)] { found += groups[kinds] ?? [] }
        guard event.isUnderDuress else { return }
        for kinds in wanting[Int(Kind.accessDuress.rawValue)] where !kinds.contains(event.kind) {
            found += groups[kinds] ?? []
        }
    }
}

extension [IndexedSubscription] {
    /// Removes one from a list in the order of the index.
    fileprivate mutating func remove(_ indexed: IndexedSubscription) {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].order < indexed.order { low = middle + 1 } else { high = middle }
        }
        if low < endIndex, self[low].order == indexed.order { remove(at: low) }
    }
}
