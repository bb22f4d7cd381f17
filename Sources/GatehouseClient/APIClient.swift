public import GatehouseCore

/// A typed client of a gateway's native API. It repeats calls that may safely be repeated.
///
/// ```swift
/// let gateway = try APIClient(url: "https://gatehouse.example.com", key: "gk_…")
/// try await gateway.events.post(.init("door.forced", source: "/panels/7", door: "lobby"))
/// for try await told in gateway.events.follow(.init(kinds: ["access.*"])) { print(told.event.kind) }
/// ```
///
/// Create one per gateway and key and keep it: many tasks may use it at once, over shared connections, which close with
/// the last copy of it. Every call throws a ``GatehouseError``, and ends at once if its task is cancelled.
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

    /// Describes a client; no connection is opened yet.
    ///
    /// - Parameters:
    ///   - url: the gateway's address, `http://127.0.0.1:8080` or `https://gatehouse.example.com`.
    ///   - key: the key, exactly as it was shown when it was created.
    /// - Throws: ``GatehouseError/misuse(_:)`` if one of them cannot be valid.
    public init(url: String, key: String, settings: Settings = Settings()) throws(GatehouseError) {
        try self.init(url: url, key: key, settings: settings, pauses: Pauses())
    }

    init(url: String, key: String, settings: Settings, pauses: Pauses) throws(GatehouseError) {
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let wanted = "the gateway's address is a URL such as http://127.0.0.1:8080 or https://gatehouse.example.com"
        let target: TargetURL
        do throws(TargetURL.Flaw) {
            target = try TargetURL(reading: base)
        } catch {
            throw .misuse("\(wanted): \(error.sentence)")
        }
        guard !base.contains("?") else { throw .misuse("\(wanted), without a query") }
        guard !key.isEmpty, key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .misuse("a key is text without spaces, exactly as it was shown when it was created")
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

    /// The same client with other retries, on the same connections.
    public func retrying(_ retries: Retries) -> APIClient {
        var settings = settings
        settings.retries = retries
        return APIClient(self, settings)
    }

    // MARK: Resources

    /// The accepted events: post, fetch, follow.
    public var events: Events { Events(client: self) }
    /// The trees of tenants that own everything else.
    public var organizations: Organizations { Organizations(client: self) }
    /// The controllers of doors.
    public var panels: Panels { Panels(client: self) }
    /// The doors that people pass.
    public var doors: Doors { Doors(client: self) }
    /// The keys of callers.
    public var keys: Keys { Keys(client: self) }
    /// The subscriptions: who wants which events, where, in which dialect.
    public var subscriptions: Subscriptions { Subscriptions(client: self) }
    /// The deliveries of every event that a subscription is owed.
    public var deliveries: Deliveries { Deliveries(client: self) }
    /// The data about persons.
    public var persons: Persons { Persons(client: self) }
    /// Secret URLs and what they may do.
    public var triggers: Triggers { Triggers(client: self) }
    /// The record of who did what.
    public var audit: Audit { Audit(client: self) }

    /// The catalogue of kinds, with each dialect's name for each kind.
    public func kinds() async throws(GatehouseError) -> [KindRow] {
        try Page<KindRow>(try await json(Call(.get, "/v1/kinds"))).items
    }

    /// Whether the gateway accepts events now; false if it says that it does not.
    ///
    /// - Throws: if it does not answer at all.
    public func isReady() async throws(GatehouseError) -> Bool {
        try await retrying(.none).send(Call(.get, "/readyz")).isSuccess
    }

    /// Whether the gateway's process answers, in any state of its store.
    ///
    /// - Throws: if it does not answer at all.
    public func isAlive() async throws(GatehouseError) -> Bool {
        try await retrying(.none).send(Call(.get, "/livez")).isSuccess
    }

    /// The gateway's metrics, in Prometheus' text format.
    public func metrics() async throws(GatehouseError) -> String {
        String(decoding: try await accepted(Call(.get, "/metrics")).body, as: UTF8.self)
    }
}
