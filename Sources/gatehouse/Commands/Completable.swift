import ArgumentParser
import GatehouseCore
import GatehouseDialects

/// What a shell may offer for a value, without a gateway.
enum Completable {
    /// Every kind of the catalogue.
    static let kinds = CompletionKind.list(Catalogue.rows.map(\.name))
    /// Every dialect that this gateway speaks.
    static let dialects = CompletionKind.list(Dialects.all.map(\.name.text))
}
