public import GatehouseCore
public import GatehouseDelivery
public import GatehouseServer
public import GatehouseStores

/// The settings of one gateway: those of each module, and the few that concern the whole.
public struct GatewaySettings: Sendable {
    /// The store's URL, `sqlite:gatehouse.db`.
    public var store = "sqlite:gatehouse.db"
    /// How the store writes.
    public var storage = StoreSettings()
    /// Where the server listens and what it accepts.
    public var server = ServerSettings()
    /// The special addresses that deliveries may go to.
    public var allowedTargets: [AddressRange] = []
    /// The proxies that are trusted to name the origin of a request (`X-Forwarded-For`).
    public var trustedProxies: [AddressRange] = []
    /// The proxy for all deliveries; nil to dial receivers directly.
    public var egressProxy: EgressProxy?
    /// How names are looked up.
    public var lookUps = SystemResolver.Limits()
    /// A key above all trees, from the configuration.
    public var adminKey: Secret?
    /// The operator's URL for reports about subscriptions; nil for none.
    public var operatorURL: TargetURL?
    /// The secret that signs these reports, `whsec_…`; nil for no signature.
    public var operatorSecret: Secret?
    /// How many connections callers may hold open; nil for half of the descriptor limit.
    public var connections: Int?
    /// How many descriptors are reserved for deliveries; nil for a quarter of the limit.
    public var deliveryDescriptors: Int?
    /// How many descriptors the process requests from the system at its start, if it may have that many.
    public var descriptors = 65_536
    /// How long data is kept.
    public var retention = Retention()
    /// How long a shutdown waits for running work.
    public var drain: Duration = .seconds(30)

    /// The clock; a test's own stands still.
    public var clock: any WallClock = SystemClock()

    /// The defaults.
    public init() {}
}
