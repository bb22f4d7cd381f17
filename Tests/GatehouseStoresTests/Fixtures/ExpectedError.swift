import GatehouseCore
import Testing

/// The refusals of a store.
enum ExpectedError {
    /// Expects a conflict, with a sentence about it, at a field if one is named.
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
