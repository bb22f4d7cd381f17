package import GatehouseControl
package import GatehouseCore
package import Logging

extension APIServer {
    /// All that the server asks of the store, apart from what the registries keep.
    package typealias Store = HistoryStore & DeliveryStore & EventStore & CredentialStore & AuditStore

    /// The services that the server calls; the composition root makes them. ``Handlers`` gives each handler the ones
    /// that it needs.
    package struct Services: Sendable {
        let useCases: UseCases
        let registries: Registries
        let store: any Store
        let delivery: Delivery
        let proofs: Proofs
        let tools: Tools

        /// Joins the six.
        package init(
            _ useCases: UseCases, _ registries: Registries, store: any Store, delivery: Delivery, proofs: Proofs,
            tools: Tools
        ) {
            self.useCases = useCases
            self.registries = registries
            self.store = store
            self.delivery = delivery
            self.proofs = proofs
            self.tools = tools
        }
    }

    /// What accepts events and carries out door commands, and the condition of the gateway.
    package struct Delivery: Sendable {
        let intake: any Intake
        let commander: any DoorCommander
        let drivers: DriverTable
        let condition: GatewayCondition

        /// Joins the four.
        package init(
            intake: any Intake, commander: any DoorCommander, drivers: DriverTable, condition: GatewayCondition
        ) {
            self.intake = intake
            self.commander = commander
            self.drivers = drivers
            self.condition = condition
        }
    }

    /// What proves callers apart from their keys, and what finds their addresses.
    package struct Proofs: Sendable {
        let tokens: IDTokens
        let failedProofs: FailedProofs
        let clients: any ClientFinder

        /// Joins the three.
        package init(tokens: IDTokens, failedProofs: FailedProofs, clients: any ClientFinder) {
            self.tokens = tokens
            self.failedProofs = failedProofs
            self.clients = clients
        }
    }

    /// Parts that the process has once.
    package struct Tools: Sendable {
        let dialects: DialectTable
        let reads: ReadAudit
        let heavy: HeavyLines
        let clock: any WallClock
        let metrics: PrometheusMetrics
        let logger: Logger

        /// Joins the six.
        package init(
            dialects: DialectTable, reads: ReadAudit, heavy: HeavyLines, clock: any WallClock,
            metrics: PrometheusMetrics, logger: Logger
        ) {
            self.dialects = dialects
            self.reads = reads
            self.heavy = heavy
            self.clock = clock
            self.metrics = metrics
            self.logger = logger
        }
    }

    /// The state of the server while it runs.
    struct State: Sendable {
        let bodies: RequestBodies
        let traffic = Traffic()
        let sessions: SessionStore
        /// The address of the gateway.
        let address = OwnAddress()
        /// Until when the gateway's own certificate is valid; nil if it does not serve TLS itself.
        let certificateEnds = Snapshot<Instant?>(nil)

        init(_ services: Services) {
            let tools = services.tools
            bodies = RequestBodies(heavy: tools.heavy, boundLines: BoundLines(), clock: tools.clock)
            sessions = SessionStore(keys: services.registries.keys, store: services.store, clock: tools.clock)
        }
    }
}
