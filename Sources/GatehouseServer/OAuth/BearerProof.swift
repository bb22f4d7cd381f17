internal import GatehouseControl
internal import GatehouseCore

/// What the routes of vendors take as `Authorization: Bearer`: a plain key, a token that stands for one, or that of a
/// session.
///
/// The native routes under `/v1` take plain keys alone.
struct BearerProof: Sendable {
    let keys: KeyRegistry
    let tokens: IDTokens
    let sessions: SessionStore
    let clock: any WallClock
    /// The public address by which tokens must have been issued; nil where the settings have none.
    let issuer: String?

    /// The key that the text after `Bearer` proves; nil where it proves none. - Throws: where the store is away that a
    /// session must be looked for in.
    func key(bearing text: String) async throws(StoreError) -> Key? {
        let now = clock.now
        if let key = keys.key(provenBy: text, at: now) { return key }
        if let key = await tokens.key(provenBy: text, at: now, issuer: issuer) { return key }
        return try await sessions.key(of: text)
    }
}
