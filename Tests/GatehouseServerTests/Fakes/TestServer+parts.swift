import GatehouseControl
import GatehouseCore
import Logging

@testable import GatehouseServer

extension TestServer {
    /// The parts of a test server, for tests that check or use them directly.
    struct Parts: Sendable {
        let registries: Registries
        let dialects: DialectTable
        let clock: any WallClock
        let heavy: HeavyLines
        let metrics: PrometheusMetrics
        let logger: Logger
        let failedProofs: FailedProofs
        let commitSignal: CommitSignal
        let condition = GatewayCondition()
        let erasures = RecentErasures()
        let resting = RestingReceivers()

        init(
            _ registries: Registries, dialects: DialectTable, clock: any WallClock, heavy: HeavyLines,
            metrics: PrometheusMetrics, logger: Logger, failedProofs: FailedProofs
        ) {
            self.registries = registries
            self.dialects = dialects
            self.clock = clock
            self.heavy = heavy
            self.metrics = metrics
            self.logger = logger
            self.failedProofs = failedProofs
            self.commitSignal = CommitSignal(hearing: registries.notifier)
        }

        var directory: DirectoryRegistry { registries.directory }
        var subscriptions: SubscriptionRegistry { registries.subscriptions }
        var keys: KeyRegistry { registries.keys }
        var isDraining: Snapshot<Bool> { condition.isDraining }
        var isDiskFilling: Snapshot<Bool> { condition.isDiskFilling }
        var troubled: Snapshot<Int> { condition.troubled }

        /// The use cases over a store.
        func useCases(_ store: any Store, _ intake: any Intake, _ reads: ReadAudit) -> UseCases {
            let changes = ChangeService(registries, intake: intake)
            let nouns = UseCases.Nouns(
                directory: DirectoryService(
                    registries, changes: changes, timeZones: SystemTimeZones(), drivers: DriverTable([PaperDriver()])),
                keys: KeyService(registries, changes: changes),
                triggers: TriggerService(registries, dialects: dialects, changes: changes),
                subscriptions: SubscriptionService(
                    registries, dialects: dialects, store: store, intake: intake, targets: PickyTargets(),
                    resting: resting, clock: clock, logger: logger),
                firstUse: FirstUse(registries, intake: intake))
            let queries = UseCases.Queries(
                deliveries: DeliveryQueries(registries, store: store, reads: reads),
                events: EventQueries(registries, store: store, dialects: dialects, reads: reads),
                status: StatusQueries(registries, store: store),
                audit: AuditQueries(
                    store: store, tallies: [failedProofs.tally, reads.tally], retention: Retention().audit))
            return UseCases(
                nouns, queries,
                feed: Feed(registries, store: store, signal: commitSignal, clock: clock, pages: heavy.pages),
                erasures: ErasureService(registries, store: store, recent: erasures, reads: reads))
        }
    }

    var bodies: BodiesInFlight { api.state.bodies.inFlight }
    var connections: ConnectionPlaces { api.traffic.connections }
    var places: WaitLimiter { api.traffic.waits }
}
