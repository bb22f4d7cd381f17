internal import GatehouseControl
internal import GatehouseCore

/// What the routes of vendors take as `Authorization: Bearer`: a plain key, a token that stands for one, or that of a
/// session.
///
/// The native routes under `/v1` take plain keys alone.
struct BearerProof: Sendable {
    private let parts: ServerParts
    private let issuer: String?

    /// Judges by the keys and tokens as they are, and by the public address where the settings have one.
    init(_ parts: ServerParts, _ settings: ServerSettings) {
        self.parts = parts
        self.issuer = settings.publicURL
    }

    /// The key that the text after `Bearer` proves; nil where it proves none. - Throws: where the store is away that a
    /// session must be looked for in.
    func key(bearing text: String) async throws(StoreError) -> Key? {
        let now = parts.clock.now
        if let key = parts.keys.key(provenBy: text, at: now) { return key }
        if let key = await parts.tokens.key(provenBy: text, at: now, issuer: issuer) { return key }
        return try await Sessions.key(of: text, in: parts)
    }
}
