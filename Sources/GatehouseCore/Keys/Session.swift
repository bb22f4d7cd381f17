/// A login: what a vendor's client sends after it has presented its name and password.
public struct Session: Sendable {
    /// The client's token, a UUID; the store keeps only its hash.
    public let token: Secret
    /// The key that logged in.
    public let key: Key
    /// When the login ends.
    public let expires: Instant

    /// Joins the three.
    public init(token: Secret, key: Key, expires: Instant) {
        self.token = token
        self.key = key
        self.expires = expires
    }
}

/// A login as the store keeps it.
public struct StoredSession: Hashable, Sendable {
    /// ``Credential/hash(_:)`` of the token.
    public let hash: [UInt8]
    /// The key that logged in.
    public let key: KeyID
    /// When the login ends.
    public let expires: Instant

    /// Joins the three.
    public init(hash: [UInt8], key: KeyID, expires: Instant) {
        self.hash = hash
        self.key = key
        self.expires = expires
    }
}

/// A vendor's client's form of the password.
public enum LoginPassword: Sendable {
    /// Plain.
    case plain(Secret)
    /// The MD5 of it, in hexadecimal of either case: what BAS-IP's clients send.
    case md5(String)
}

/// The user of a login, as a vendor's client names it.
public enum LoginUser: Sendable {
    /// A key's id or its login name.
    case key(String)
    /// A name that all clients of the contract share, such as the single account of each of a vendor's devices: it
    /// identifies no key, so the password alone does.
    case shared(String)

    /// The name that the client sent.
    public var name: String {
        switch self {
        case .key(let name), .shared(let name): name
        }
    }
}

/// Opens and closes sessions, for a vendor's routes without a key. The password is a key's credential or its secret
/// part; for a shared user, and sent plain, it must be the whole credential. The configuration's key must be sent whole
/// and plain.
public protocol SessionService: Sendable {
    /// Opens a session; nil if the password is not the user's. It counts such a failure and delays its answer, as for
    /// every wrong credential: the caller only has to refuse.
    ///
    /// - Throws: ``StoreError``; the refusal of a caller that sent too many wrong credentials.
    func open(user: LoginUser, password: LoginPassword, for duration: Duration) async throws -> Session?

    /// Ends the session of a token, if there is one. - Throws: ``StoreError``.
    func close(token: String) async throws
}
