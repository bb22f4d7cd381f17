internal import GatehouseControl
internal import GatehouseCore
internal import Logging

/// Carries out erasures of persons, slice by slice. They are stored, so the next gateway continues one that was
/// interrupted.
struct Erasing: Sendable {
    static let interval = Duration.milliseconds(500)

    let store: any EventStore
    let recent: RecentErasures
    let clock: any WallClock
    let logger: Logger
    /// How long the writer is free for others between two slices.
    let pause = Duration.milliseconds(10)

    /// Reads all of them, for the data in this gateway's memory.
    func note() async throws(StoreError) {
        for erasure in try await store.erasures() { recent.note(erasure) }
    }

    /// Completes all of them.
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
                    "a person was blanked",
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
