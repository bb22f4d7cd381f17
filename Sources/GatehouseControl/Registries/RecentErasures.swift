package import GatehouseCore

/// The erasures of late, for events that are in memory: what was read from the store before it was blanked there still
/// leaves blanked.
package final class RecentErasures: Sendable {
    /// How many are remembered; what is in memory was read long after the oldest of so many.
    private static let bound = 1000

    private let known = Snapshot<[Erasure]>([])

    /// No erasures.
    package init() {}

    /// Notes an erasure; one that only counts changes nothing.
    package func note(_ erasure: Erasure) {
        guard !erasure.wish.isDryRun else { return }
        known.update { known in
            guard !known.contains(where: { $0.number == erasure.number }) else { return }
            known.append(erasure)
            if known.count > Self.bound { known.removeFirst() }
        }
    }

    /// The event as it may leave now.
    package func present(_ event: Event) -> Event {
        known.value.reduce(event) { event, erasure in
            erasure.concerns(event) ? event.erased(erasure.wish.person) ?? event : event
        }
    }

    /// Whether an event is about a person who was erased: then nothing of what is answered to it is kept.
    package func concerns(_ event: Event) -> Bool { known.value.contains { $0.concerns(event) } }
}
