/// By what somebody got in, or tried to, and what decided it: the one answer that every dialect writes from.
///
/// A reporter may tell it in three places that need not agree. Each half of the answer is looked for in an order of its
/// own, and the first place that says something decides:
///
/// - ``method``: the kind; `access.method` unless it is `none`; `credential.form`; `access.grantedBy`; else `none`.
/// - ``grant``: the kind; `access.grantedBy` unless it is `identifier`; the method where it is a button or remote; else
///   `identifier`.
public struct AccessMeans: Hashable, Sendable {
    /// What was presented, pressed or sent.
    public let method: Method
    /// What decided that somebody may pass.
    public let grant: Grant

    /// Derives the answer from what an event of a kind says.
    public init(of kind: Kind, saying data: JSONObject) {
        let access = data["access"]
        let told = access?["grantedBy"]?.text.flatMap { Grant(rawValue: $0) }
        let method =
            Self.method(of: kind)
            ?? access?["method"]?.text.flatMap { Method(rawValue: $0) }.flatMap { $0 == .none ? nil : $0 }
            ?? Form(of: data).map(\.method) ?? told.flatMap(\.method) ?? .none
        self.method = method
        self.grant = Self.grant(of: kind) ?? told.flatMap { $0 == .identifier ? nil : $0 } ?? method.grant
    }

    private static func method(of kind: Kind) -> Method? {
        switch kind {
        case .doorExitRequested: .button
        case .doorUnlockCommanded: .remote
        default: nil
        }
    }

    private static func grant(of kind: Kind) -> Grant? {
        switch kind {
        case .doorExitRequested: .button
        case .doorUnlockCommanded: .api
        default: nil
        }
    }
}

extension AccessMeans {
    /// What was presented, pressed or sent, in the words of `access.method`.
    public enum Method: String, CaseIterable, Sendable {
        case none, fingerprint, card, password, control, qr
        case virtualKey = "virtual_key"
        case remote, button, face
        case fingerprintCard = "fingerprint_card"
        case cardPassword = "card_password"
        case cardFingerprintPassword = "card_fingerprint_password"
        case fingerprintPassword = "fingerprint_password"
        case passiveTag = "passive_tag"
        case licencePlate = "lpr"
        /// What only `credential.form` has a word for.
        case other

        fileprivate var grant: Grant {
            switch self {
            case .button: .button
            case .remote: .api
            case .none, .fingerprint, .card, .password, .control, .qr, .virtualKey, .face, .fingerprintCard,
                .cardPassword, .cardFingerprintPassword, .fingerprintPassword, .passiveTag, .licencePlate, .other:
                .identifier
            }
        }

        /// Whether a credential that was presented so, and that has no form of its own, is a card. Where a code was
        /// given beside the card, the credential may be either.
        fileprivate var presentsCard: Bool { self == .card || self == .fingerprintCard || self == .passiveTag }
    }

    /// What decided that somebody may pass, in the words of `access.grantedBy`.
    public enum Grant: String, CaseIterable, Sendable {
        case identifier, api, call
        case masterCode = "master_code"
        case remoteServer = "remote_server"
        case shared, button

        fileprivate var method: Method? {
            switch self {
            case .api, .call, .remoteServer: .remote
            case .masterCode: .password
            case .button: .button
            case .identifier, .shared: nil
            }
        }
    }

    /// What a credential is, in the words of `credential.form`.
    public enum Form: String, CaseIterable, Sendable {
        case card, pin, qr, face, fingerprint, mobile, plate, other

        /// The form of the credential that the blocks have; nil where it has none.
        public init?(of data: JSONObject) {
            guard let form = data["credential"]?["form"]?.text.flatMap({ Form(rawValue: $0) }) else { return nil }
            self = form
        }

        /// How a credential of this form is presented.
        public var method: Method {
            switch self {
            case .card: .card
            case .pin: .password
            case .qr: .qr
            case .face: .face
            case .fingerprint: .fingerprint
            case .mobile: .virtualKey
            case .plate: .licencePlate
            case .other: .other
            }
        }
    }
}

extension Event {
    /// By what somebody got in, or tried to, and what decided it.
    public var means: AccessMeans { AccessMeans(of: kind, saying: data) }

    /// Whether the event's credential is a card: its form says so or, where it has none, a card alone was presented, or
    /// the credential has a field that only cards have. PINs, QR codes, plates and faces are no cards.
    public var hasCard: Bool {
        guard let credential = data["credential"] else { return false }
        if let form = AccessMeans.Form(of: data) { return form == .card }
        let ofCards = ["wiegand26", "wiegand34", "facilityCode"]
        return means.method.presentsCard || ofCards.contains { (credential[$0] ?? "") != "" }
    }

    /// Whether a door was told to open and did not: contracts that tell of unlocked doors have nothing to tell then.
    public var isFailedUnlock: Bool {
        kind == .doorUnlockCommanded && data["details"]?["outcome"]?.text != CommandOutcome.Result.opened.rawValue
    }
}
