/// Names a trigger; stands in clear in its URL, so it is no secret.
public typealias TriggerID = Identifier<Trigger>

/// A secret URL by which a vendor's client subscribes, lists doors and unlocks them, and what it may do. Whoever knows
/// the URL may use it: there is no other proof.
public struct Trigger: Hashable, Sendable {
    /// Its public half, `trig-…`.
    public let id: TriggerID
    /// What people call it.
    public var name: String
    /// The organization whose doors it lists and whose events it may subscribe to.
    public let organization: OrganizationID
    /// SHA-256 of its secret: the secret itself is never stored.
    public let hash: [UInt8]
    /// When it was made.
    public let created: Instant
    /// The doors that it lists, unlocks and subscribes to; nil for all of the organization.
    public var doors: Set<DoorID>?
    /// Whether its holder may subscribe and unsubscribe.
    public var mayRegister = true
    /// Whether its holder may unlock doors.
    public var mayUnlock = false
    /// Whether doors are listed inside an object, as the vendor's live driver does.
    public var doorsEnvelope = false
    /// Whether it works at all.
    public var isActive = true
    /// How many requests a minute it takes; nil for any number.
    public var rate: Int?
    /// The privacy level of the subscriptions that are made by it, where the dialect's usual one is not stricter.
    public var privacyLevel = PrivacyLevel.everything

    /// Describes a trigger with a secret of its own, that may do what a trigger may by default.
    public init(
        id: TriggerID, name: String, organization: OrganizationID, hash: [UInt8], created: Instant
    ) {
        self.id = id
        self.name = name
        self.organization = organization
        self.hash = hash
        self.created = created
    }

    /// Whether a door is one of its own.
    public func reaches(_ door: Door) -> Bool {
        door.organization == organization && doors?.contains(door.id) ?? true
    }

    /// The key as which it acts in its organization; no credential proves it.
    public var actingKey: Key {
        var key = Key(
            id: KeyID(id.text), name: name, role: .manager, organization: organization, hash: [], created: created)
        key.privacyLevel = privacyLevel
        return key
    }
}

/// What proves a trigger, shown once and then known to its holders alone.
public struct TriggerSecret: Sendable {
    /// The id that goes with it.
    public let id: TriggerID
    /// ``length`` characters that need no escaping in a URL.
    public let secret: Secret

    /// How many characters a secret has.
    public static let length = 43

    /// Makes an id of 8 characters and a secret of 256 random bits.
    public init(using random: inout some RandomNumberGenerator) {
        id = TriggerID("trig-" + Self.text(8, of: Self.letters + "~", using: &random))
        secret = Secret(Self.text(Self.length, of: Self.letters + "-_", using: &random))
    }

    /// What the store keeps of it.
    public var hash: [UInt8] { Credential.hash(secret.revealed) }

    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

    private static func text(
        _ length: Int, of alphabet: String, using random: inout some RandomNumberGenerator
    ) -> String {
        let letters = Array(alphabet.utf8)
        return String(
            decoding: (0..<length).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] },
            as: UTF8.self)
    }
}
