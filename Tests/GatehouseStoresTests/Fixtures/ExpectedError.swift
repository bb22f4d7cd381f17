import GatehouseCore
import Testing

/// What a store refuses.
enum ExpectedError {
    /// Expects a conflict, with a sentence that tells of it, at a field where one is named.
    static func expectConflict(
        of field: String? = nil, _ call: () async throws -> Void, _ place: SourceLocation = #_sourceLocation
    ) async {
        do {
            try await call()
            Issue.record("nothing was refused", sourceLocation: place)
        } catch StoreError.conflict(_, let sentence, let met) {
            if let field { #expect(met == field, sourceLocation: place) }
            #expect(sentence.count > 10, sourceLocation: place)
        } catch {
            Issue.record(error, sourceLocation: place)
        }
    }
}
