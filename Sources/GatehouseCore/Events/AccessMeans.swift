/// How a person passed, or tried to, and what decided it: the single source for every dialect.
///
/// A reporter may say it in three places that need not agree. For each half of the answer there is a fixed order of
/// places, and the first place with a value decides:
///
/// - ``method``: the kind; `access.method` unless it is `none`; `credential.form`; `access.grantedBy`; else `none`.
/// - ``grant``: the kind; `access.grantedBy` unless it is `identifier`; the method if it is a button or remote; else
///   `identifier`.
public struct AccessMeans: Hashable, Sendable {
    /// What was presented, pressed or sent.
    public let method: Method
    /// What decided that the person may pass.
    public let grant: Grant

    /// Derives the answer from an event's kind and data.
    public init(of kind: Kind, data: JSONObject) {
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
    /// What was presented, pressed or sent, in the values of `access.method`.
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
        /// A form that only `credential.form` can express.
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

        /// Whether a credential that was presented this way, and has no form of its own, is a card. If a code was given
        /// beside the card, the credential may be either.
        fileprivate var presentsCard: Bool { self == .card || self == .fingerprintCard || self == .passiveTag }
    }

    /// What decided that the person may pass, in the values of `access.grantedBy`.
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

    /// The form of a credential, in the values of `credential.form`.
    public enum Form: String, CaseIterable, Sendable {
        case card, pin, qr, face, fingerprint, mobile, plate, other

        /// The form of the credential in the blocks; nil if it has none.
        public init?(of data: JSONObject) {
            guard let form = data["credential"]?["form"]?.text.flatMap({ Form(rawValue: $0) }) else { return nil }
            self = form
        }

        /// The method of presenting a credential of this form.
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
    /// How the person passed, or tried to, and what decided it.
    public var means: AccessMeans { AccessMeans(of: kind, data: data) }

    /// Whether the event's credential is a card: its form says so or, without a form, only a card was presented, or the
    /// credential has a field that only cards have. PINs, QR codes, plates and faces are not cards.
    public var hasCard: Bool {
        guard let credential = data["credential"] else { return false }
        if let form = AccessMeans.Form(of: data) { return form == .card }
        let ofCards = ["wiegand26", "wiegand34", "facilityCode"]
        return means.method.presentsCard || ofCards.contains { (credential[$0] ?? "") != "" }
    }

    /// Whether a door got the command to open and did not open: contracts about unlocked doors have nothing to send
    /// then.
    public var isFailedUnlock: Bool {
        kind == .doorUnlockCommanded && data["details"]?["outcome"]?.text != CommandOutcome.Result.opened.rawValue
    }
}
