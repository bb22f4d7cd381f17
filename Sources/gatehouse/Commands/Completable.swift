import ArgumentParser
import GatehouseCore
import GatehouseDialects

/// The values that a shell may offer, without a gateway.
enum Completable {
    /// Every kind of the catalogue.
    static let kinds = CompletionKind.list(Catalogue.rows.map(\.name))
    /// Every dialect of this gateway.
    static let dialects = CompletionKind.list(Dialects.all.map(\.name.text))
    /// The dialects that make a secret, for a sentence.
    static let secretMakers = Dialects.all.filter(\.defaults.makesSecret).map(\.name.text).joined(separator: ", ")
}
