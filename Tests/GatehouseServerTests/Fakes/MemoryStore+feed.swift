import GatehouseCore

extension MemoryStore {
    /// Looks at every event, in the order in which they stand.
    func feed(_ filter: FeedFilter) async throws(StoreError) -> FeedSlice {
        try transaction { state in
            let places = state.feed.enumerated().map { (position: EventPosition(Int64($0 + 1)), event: $1) }
            let newest = EventPosition(Int64(places.count))
            let rest = places.filter { position, event in
                position > filter.after ?? EventPosition(0) && position.number > state.prunedUpTo
                    && filter.kinds.wants(event)
                    && filter.includes(event.received)
                    && (filter.organizations?.contains(event.organization) ?? true)
                    && (filter.doors.map { event.isAt(oneOf: $0) } ?? true)
            }
            let found = Array(rest.prefix(filter.limit))
            let isAtEnd = found.count == rest.count
            let reached = isAtEnd ? max(newest, filter.after ?? newest) : found.last?.position ?? newest
            return .success(
                FeedSlice(
                    found, reached: reached, isAtEnd: isAtEnd, newest: newest,
                    prunedUpTo: EventPosition(state.prunedUpTo)))
        }
    }
}
