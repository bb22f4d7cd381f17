package import GatehouseControl
package import GatehouseCore
package import Logging

extension APIServer {
    /// All that the server asks of the store beside what the registries keep.
    package typealias Store = HistoryStore & DeliveryStore & EventStore & CredentialStore & AuditStore

    /// What the server calls, made by the composition root. ``Handlers`` hands each that answers what it needs.
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

    /// What takes events in and tells doors to open, and how it fares.
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

    /// What proves callers beside their keys, and says where they are.
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

    /// What the process has one of.
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

    /// What the server itself keeps while it runs.
    struct State: Sendable {
        let bodies: RequestBodies
        let traffic = Traffic()
        let sessions: SessionStore
        /// Where the gateway is to be found.
        let address = OwnAddress()
        /// Until when the gateway's own certificate is valid; nil where it speaks no TLS itself.
        let certificateEnds = Snapshot<Instant?>(nil)

        init(_ services: Services) {
            let tools = services.tools
            bodies = RequestBodies(heavy: tools.heavy, boundLines: BoundLines(), clock: tools.clock)
            sessions = SessionStore(keys: services.registries.keys, store: services.store, clock: tools.clock)
        }
    }
}
