/// The identifier of a trigger, part of its URL and therefore public.
public typealias TriggerID = Identifier<Trigger>

/// A secret URL for a vendor's client, and its rights: to subscribe, to list doors and to unlock them. Every caller
/// with the URL may use it: there is no other proof.
public struct Trigger: Hashable, Sendable {
    /// Its public half, `trig-…`.
    public let id: TriggerID
    /// Its name for people.
    public var name: String
    /// The organization whose doors it lists and whose events it may subscribe to.
    public let organization: OrganizationID
    /// SHA-256 of its secret: the secret itself is never stored.
    public let hash: [UInt8]
    /// When it was created.
    public let created: Instant
    /// The doors that it lists, unlocks and subscribes to; nil for all of the organization.
    public var doors: Set<DoorID>?
    /// Whether its holder may subscribe and unsubscribe.
    public var mayRegister = true
    /// Whether its holder may unlock doors.
    public var mayUnlock = false
    /// Whether the list of doors is inside an object, as the vendor's live driver expects.
    public var doorsEnvelope = false
    /// Whether it is enabled.
    public var isActive = true
    /// The maximum number of requests a minute; nil for no limit.
    public var rate: Int?
    /// The privacy level of the subscriptions that it creates, unless the dialect's default is stricter.
    public var privacyLevel = PrivacyLevel.everything

    /// Describes a trigger with its own new secret and the default rights.
    public init(
        id: TriggerID, name: String, organization: OrganizationID, hash: [UInt8], created: Instant
    ) {
        self.id = id
        self.name = name
        self.organization = organization
        self.hash = hash
        self.created = created
    }

    /// Whether the trigger may use a door.
    public func reaches(_ door: Door) -> Bool {
        door.organization == organization && doors?.contains(door.id) ?? true
    }

    /// The key that it acts as in its organization; no credential proves it.
    public var actingKey: Key {
        var key = Key(
            id: KeyID(id.text), name: name, role: .manager, organization: organization, hash: [], created: created)
        key.privacyLevel = privacyLevel
        return key
    }
}

/// The secret of a trigger, shown once and then known only to its holders.
public struct TriggerSecret: Sendable {
    /// The trigger's id.
    public let id: TriggerID
    /// ``length`` characters that need no escape in a URL.
    public let secret: Secret

    /// The length of a secret, in characters.
    public static let length = 43

    /// Makes an id of 8 characters and a secret of 256 random bits.
    public init(using random: inout some RandomNumberGenerator) {
        id = TriggerID("trig-" + Self.text(8, of: Self.letters + "~", using: &random))
        secret = Secret(Self.text(Self.length, of: Self.letters + "-_", using: &random))
    }

    /// The hash that the store keeps.
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
