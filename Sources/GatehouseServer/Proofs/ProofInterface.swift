internal import GatehouseControl
internal import GatehouseCore

/// The ways in which callers prove who they are. Whatever takes a credential is one of these, and holds back the answer
/// to a wrong one by ``FailedProofs``.
enum ProofInterface: String, CaseIterable, Hashable, Sendable {
    /// A key as `Authorization: Bearer` at the native routes: those under `/v1`, `/metrics`, `/openapi.json`.
    case key
    /// The same at vendors' routes, where the token of a session and one of `/oauth2/token` are taken too.
    case bearer
    /// The token of a session in a vendor's cookie.
    case cookie
    /// A name and a password.
    case login
    /// A name and the MD5 of a password.
    case md5Login = "md5-login"
    /// A client's id and secret at `/oauth2/token`.
    case client = "oauth-client"
    /// The secret in a trigger's URL.
    case trigger
}

/// A credential that proves nothing.
struct FailedProof: Sendable {
    /// Where it was presented.
    let interface: ProofInterface
    /// Where it came from.
    let client: Client
    /// What it was to prove, where there is such a thing; what a stranger made up is never repeated.
    let asked: Asked?

    /// A key or a trigger that somebody claimed to hold.
    struct Asked: Hashable, Sendable {
        /// Its id.
        let id: String
        /// The organization that is to hear of it; nil for a key above all trees.
        let organization: OrganizationID?
    }
}

extension FailedProof.Asked {
    /// The key that was to be proved; nil where there is none.
    init?(_ key: Key?) {
        guard let key else { return nil }
        self.init(id: key.id.text, organization: key.organization)
    }

    /// The trigger that was to be proved; nil where there is none.
    init?(_ trigger: Trigger?) {
        guard let trigger else { return nil }
        self.init(id: trigger.id.text, organization: trigger.organization)
    }
}
