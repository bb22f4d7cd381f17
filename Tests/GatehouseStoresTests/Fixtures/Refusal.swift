import GatehouseCore
import Testing

/// What a store refuses.
enum Refusal {
    /// Expects a conflict, with a sentence that tells of it.
    static func expectConflict(
        _ call: () async throws -> Void, _ place: SourceLocation = #_sourceLocation
    ) async {
        do {
            try await call()
            Issue.record("nothing was refused", sourceLocation: place)
        } catch StoreError.conflict(_, let sentence) {
            #expect(sentence.count > 10, sourceLocation: place)
        } catch {
            Issue.record(error, sourceLocation: place)
        }
    }
}
