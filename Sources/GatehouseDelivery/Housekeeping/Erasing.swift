internal import GatehouseControl
internal import GatehouseCore
internal import Logging

/// Fulfils wishes to blank persons, slice by slice. They are kept in the store, so one that was broken off by the end
/// of a gateway goes on with the next.
struct Erasing: Sendable {
    static let interval = Duration.milliseconds(500)

    let store: any EventStore
    let recent: RecentErasures
    let clock: any WallClock
    let logger: Logger
    /// How long the writer is left to others between two slices.
    let pause = Duration.milliseconds(10)

    /// Notes all of them, for what this gateway has in memory.
    func note() async throws(StoreError) {
        for erasure in try await store.erasures() { recent.note(erasure) }
    }

    /// Takes all of them to their end.
    func advance() async throws {
        for erasure in try await store.erasures() {
            recent.note(erasure)
            try await finish(erasure)
        }
    }

    private func finish(_ erasure: Erasure) async throws {
        while let present = try await store.advance(erasure.number, at: clock.now) {
            if present.ended != nil {
                logger.notice(
                    "what was known of a person is blanked",
                    metadata: [
                        "erasure": "\(present.number)", "organization": "\(present.wish.organization)",
                        "events": "\(present.events)", "dryRun": "\(present.wish.isDryRun)",
                    ])
                return
            }
            try await clock.sleep(until: clock.now + pause)
        }
    }
}
