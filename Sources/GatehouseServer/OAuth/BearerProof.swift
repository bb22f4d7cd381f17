internal import GatehouseControl
internal import GatehouseCore

/// The credentials that the routes of vendors accept as `Authorization: Bearer`: a plain key, an ID token for a key, or
/// a session token.
///
/// The native routes under `/v1` accept only plain keys.
struct BearerProof: Sendable {
    let keys: KeyRegistry
    let tokens: IDTokens
    let sessions: SessionStore
    let clock: any WallClock
    /// The issuer that tokens must have: the public address; nil if the settings have none.
    let issuer: String?

    /// The key that the text after `Bearer` proves; nil if it proves none. - Throws: an error if a session must be read
    /// from the store and the store is not available.
    func key(bearing text: String) async throws(StoreError) -> Key? {
        let now = clock.now
        if let key = keys.key(provenBy: text, at: now) { return key }
        if let key = await tokens.key(provenBy: text, at: now, issuer: issuer) { return key }
        return try await sessions.key(of: text)
    }
}
