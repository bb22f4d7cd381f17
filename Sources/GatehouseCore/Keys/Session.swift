/// A login: what a vendor's client carries after it has told its name and password.
public struct Session: Sendable {
    /// What the client carries, a UUID; the store keeps its hash alone.
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

/// How a vendor's client tells its password.
public enum LoginPassword: Sendable {
    /// As it is.
    case plain(Secret)
    /// As the MD5 of it, in hexadecimal of either case: what BAS-IP's clients send.
    case md5(String)
}

/// Who logs in, as a vendor's client names its user.
public enum LoginUser: Sendable {
    /// A key's id or its login name.
    case key(String)
    /// A name that the contract's clients share, such as the one account that each of a vendor's devices has: it stands
    /// for no key, and the password alone says which key it is.
    case shared(String)

    /// The name as it was sent.
    public var name: String {
        switch self {
        case .key(let name), .shared(let name): name
        }
    }
}

/// What a vendor's routes without a key may ask of the gateway: to open a session and to close one. The password is a
/// key's credential or the secret part of it; where the user is shared, plain it is the whole credential. The key of
/// the configuration is taken whole and plain alone.
public protocol SessionService: Sendable {
    /// Opens a session; nil where the password is not the user's. Such a failure is noted, and its answer held back, as
    /// every wrong credential's is: the caller has nothing to do but to refuse.
    ///
    /// - Throws: ``StoreError``; what refuses a caller of whom too many wrong credentials came.
    func open(user: LoginUser, password: LoginPassword, for duration: Duration) async throws -> Session?

    /// Ends the session of a token, where there is one. - Throws: ``StoreError``.
    func close(token: String) async throws
}
