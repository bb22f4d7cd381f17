public import GatehouseCore

/// Calls a gateway's native API: typed, and trying again by itself what may be tried again.
///
/// ```swift
/// let gateway = try APIClient(url: "https://gatehouse.example.com", key: "gk_…")
/// try await gateway.events.post(.init("door.forced", source: "/panels/7", door: "lobby"))
/// for try await told in gateway.events.follow(.init(kinds: ["access.*"])) { print(told.event.kind) }
/// ```
///
/// Make one per gateway and key and keep it: many tasks may use it at once, over shared connections, which close with
/// the last copy of it. Every call throws a ``GatehouseError``, and ends at once where its task is cancelled.
public struct APIClient: Sendable {
    /// A JSON value that keeps the order of members and the spelling of numbers.
    public typealias JSON = GatehouseCore.JSON
    /// The members of a JSON object in their order.
    public typealias JSONObject = GatehouseCore.JSONObject
    /// A point in time, in microseconds since 1970.
    public typealias Instant = GatehouseCore.Instant

    /// The gateway's address, without a slash at its end.
    public let url: String
    /// How it calls.
    public let settings: Settings
    let transport: Transport
    let pauses: Pauses

    /// Describes a client; nothing is dialled yet.
    ///
    /// - Parameters:
    ///   - url: the gateway's address, `http://127.0.0.1:8080` or `https://gatehouse.example.com`.
    ///   - key: the key to present, as it was shown when it was made.
    /// - Throws: ``GatehouseError/misuse(_:)`` where one of them can be none.
    public init(url: String, key: String, settings: Settings = Settings()) throws(GatehouseError) {
        try self.init(url: url, key: key, settings: settings, pauses: Pauses())
    }

    init(url: String, key: String, settings: Settings, pauses: Pauses) throws(GatehouseError) {
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let wanted = "the gateway's address is a URL as http://127.0.0.1:8080 or https://gatehouse.example.com"
        let target: TargetURL
        do throws(TargetURL.Flaw) {
            target = try TargetURL(reading: base)
        } catch {
            throw .misuse("\(wanted): \(error.sentence)")
        }
        guard !base.contains("?") else { throw .misuse("\(wanted), without a query") }
        guard !key.isEmpty, key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .misuse("a key is text without spaces, as it was shown when it was made")
        }
        self.url = target.text
        self.settings = settings
        self.pauses = pauses
        self.transport = try Transport(url: target.text, key: Secret(key), settings: settings)
    }

    private init(_ other: APIClient, _ settings: Settings) {
        self.url = other.url
        self.settings = settings
        self.transport = other.transport
        self.pauses = other.pauses
    }

    /// The same client with other retries, over the same connections.
    public func retrying(_ retries: Retries) -> APIClient {
        var settings = settings
        settings.retries = retries
        return APIClient(self, settings)
    }

    // MARK: What it reaches

    /// What was taken: post, fetch, follow.
    public var events: Events { Events(client: self) }
    /// The trees of tenants that everything else belongs to.
    public var organizations: Organizations { Organizations(client: self) }
    /// The controllers that doors hang on.
    public var panels: Panels { Panels(client: self) }
    /// What people pass.
    public var doors: Doors { Doors(client: self) }
    /// Who may call.
    public var keys: Keys { Keys(client: self) }
    /// Who wants what, where, in which dialect.
    public var subscriptions: Subscriptions { Subscriptions(client: self) }
    /// What became of every event that was owed to somebody.
    public var deliveries: Deliveries { Deliveries(client: self) }
    /// What is known of persons.
    public var persons: Persons { Persons(client: self) }
    /// Secret URLs and what they may do.
    public var triggers: Triggers { Triggers(client: self) }
    /// Who did what.
    public var audit: Audit { Audit(client: self) }

    /// The catalogue of kinds, with what each dialect calls each.
    public func kinds() async throws(GatehouseError) -> [KindRow] {
        try Page<KindRow>(try await json(Call(.get, "/v1/kinds"))).items
    }

    /// Whether the gateway would take events now; false where it says that it would not.
    ///
    /// - Throws: where it does not answer at all.
    public func isReady() async throws(GatehouseError) -> Bool {
        try await retrying(.none).send(Call(.get, "/readyz")).isSuccess
    }

    /// Whether the gateway's process answers, whatever the state of its store.
    ///
    /// - Throws: where it does not answer at all.
    public func isAlive() async throws(GatehouseError) -> Bool {
        try await retrying(.none).send(Call(.get, "/livez")).isSuccess
    }

    /// What the gateway says of itself, as Prometheus reads it.
    public func metrics() async throws(GatehouseError) -> String {
        String(decoding: try await accepted(Call(.get, "/metrics")).body, as: UTF8.self)
    }
}
