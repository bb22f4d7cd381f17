public import GatehouseCore
public import GatehouseDelivery
public import GatehouseServer
public import GatehouseStores

/// What one gateway is told before it starts: each room's own settings, and the few that concern the whole.
public struct GatewaySettings: Sendable {
    /// The store's URL, `sqlite:gatehouse.db`.
    public var store = "sqlite:gatehouse.db"
    /// How the store writes.
    public var storage = StoreSettings()
    /// Where the server listens and what it takes.
    public var server = ServerSettings()
    /// The special addresses that deliveries may go to.
    public var allowedTargets: [AddressRange] = []
    /// The proxies whose word counts for where a request comes from (`X-Forwarded-For`).
    public var trustedProxies: [AddressRange] = []
    /// The proxy by which all deliveries leave; nil to dial receivers straight.
    public var egressProxy: EgressProxy?
    /// How names are looked up.
    public var lookUps = SystemResolver.Limits()
    /// A key that stands above all trees, from the configuration.
    public var adminKey: Secret?
    /// Where the operator is told of subscriptions that were disabled; nil for nowhere.
    public var operatorURL: TargetURL?
    /// What that is signed with, `whsec_…`; nil for no signature.
    public var operatorSecret: Secret?
    /// How many connections callers may hold open; nil for half of the descriptor limit.
    public var connections: Int?
    /// How many descriptors are kept for deliveries, whatever callers do; nil for a quarter of the limit.
    public var deliveryDescriptors: Int?
    /// How many descriptors the process asks the system for at its start, where it may have so many.
    public var descriptors = 65_536
    /// How long things are kept.
    public var retention = Retention()
    /// How long a shutdown waits for what is under way.
    public var drain: Duration = .seconds(30)

    /// What time it is; a test's own stands still.
    public var clock: any WallClock = SystemClock()

    /// The defaults.
    public init() {}
}
