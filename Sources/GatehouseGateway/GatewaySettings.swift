package import GatehouseCore
package import GatehouseDelivery
package import GatehouseServer
package import GatehouseStores

/// The settings of one gateway: those of each module, and the few that concern the whole.
package struct GatewaySettings: Sendable {
    /// The store's URL, `sqlite:gatehouse.db`.
    package var store = "sqlite:gatehouse.db"
    /// How the store writes.
    package var storage = StoreSettings()
    /// Where the server listens and what it accepts.
    package var server = ServerSettings()
    /// The special addresses that deliveries may go to.
    package var allowedTargets: [AddressRange] = []
    /// The proxies that are trusted to name the origin of a request (`X-Forwarded-For`).
    package var trustedProxies: [AddressRange] = []
    /// The proxy for all deliveries; nil to dial receivers directly.
    package var egressProxy: EgressProxy?
    /// How names are looked up.
    package var lookUps = SystemResolver.Limits()
    /// A key above all trees, from the configuration.
    package var adminKey: Secret?
    /// The operator's URL for reports about subscriptions; nil for none.
    package var operatorURL: TargetURL?
    /// The secret that signs these reports, `whsec_…`; nil for no signature.
    package var operatorSecret: Secret?
    /// How many connections callers may hold open; nil for half of the descriptor limit.
    package var connections: Int?
    /// How many descriptors are reserved for deliveries; nil for a quarter of the limit.
    package var deliveryDescriptors: Int?
    /// How many descriptors the process requests from the system at its start, if it may have that many.
    package var descriptors = 65_536
    /// How long data is kept.
    package var retention = Retention()
    /// How long a shutdown waits for running work.
    package var drain: Duration = .seconds(30)

    /// The clock; a test's own stands still.
    package var clock: any WallClock = SystemClock()

    /// The defaults.
    package init() {}
}
