internal import GatehouseControl
internal import GatehouseCore

/// The interfaces at which callers prove who they are. Every interface that takes a credential is one of these, and
/// holds back the answer to a wrong one by ``FailedProofs``.
enum ProofInterface: String, CaseIterable, Hashable, Sendable {
    /// A key as `Authorization: Bearer` at the native routes: those under `/v1`, `/metrics`, `/openapi.json`.
    case key
    /// The same at vendors' routes, which also accept session tokens and tokens of `/oauth2/token`.
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

/// A wrong credential.
struct FailedProof: Sendable {
    /// The interface where it was presented.
    let interface: ProofInterface
    /// The caller's address.
    let client: Client
    /// The key or trigger that it named, if there is such a one. Other names from callers are never repeated.
    let asked: Asked?

    /// A key or a trigger that a caller named.
    struct Asked: Hashable, Sendable {
        /// Its id.
        let id: String
        /// The organization whose audit gets the line; nil for a key above all trees.
        let organization: OrganizationID?
    }
}

extension FailedProof.Asked {
    /// The named key; nil if there is none.
    init?(_ key: Key?) {
        guard let key else { return nil }
        self.init(id: key.id.text, organization: key.organization)
    }

    /// The named trigger; nil if there is none.
    init?(_ trigger: Trigger?) {
        guard let trigger else { return nil }
        self.init(id: trigger.id.text, organization: trigger.organization)
    }
}
