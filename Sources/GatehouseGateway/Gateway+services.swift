internal import GatehouseControl
internal import GatehouseCore
internal import GatehouseDelivery
internal import GatehouseServer

extension Gateway {
    /// What the server's services are made of.
    struct ServiceParts {
        let store: any Store
        let registries: Registries
        let delivery: DeliveryService
        let dialects: DialectTable
        let drivers: DriverTable
        let targets: any SubscriptionTargets
        let tokens: IDTokens
        let failedProofs: FailedProofs
        let readAudit: ReadAudit
        let tallies: [any Tally]
        let settings: GatewaySettings
        let observability: Observability

        /// Hands each use case and the server what they need.
        func services(_ condition: GatewayCondition, _ signal: CommitSignal) -> APIServer.Services {
            let heavy = HeavyLines()
            return APIServer.Services(
                useCases(signal, pages: heavy.pages), registries, store: store,
                delivery: APIServer.Delivery(
                    intake: delivery.intake, commander: delivery.commander, drivers: drivers, condition: condition),
                proofs: APIServer.Proofs(
                    tokens: tokens, failedProofs: failedProofs, clients: TrustedProxies(settings.trustedProxies)),
                tools: APIServer.Tools(
                    dialects: dialects, reads: readAudit, heavy: heavy, clock: settings.clock,
                    metrics: observability.metrics, logger: observability.logger))
        }

        private func useCases(_ signal: CommitSignal, pages: HeavyWork) -> UseCases {
            let changes = ChangeService(registries, intake: delivery.intake)
            let nouns = UseCases.Nouns(
                directory: DirectoryService(
                    registries, changes: changes, timeZones: SystemTimeZones(), drivers: drivers),
                keys: KeyService(registries, changes: changes),
                triggers: TriggerService(registries, dialects: dialects, changes: changes),
                subscriptions: SubscriptionService(
                    registries, dialects: dialects, store: store, intake: delivery.intake, targets: targets,
                    resting: delivery.resting, clock: settings.clock, logger: observability.logger),
                firstUse: FirstUse(registries, intake: delivery.intake))
            let queries = UseCases.Queries(
                deliveries: DeliveryQueries(registries, store: store, reads: readAudit),
                events: EventQueries(registries, store: store, dialects: dialects, reads: readAudit),
                status: StatusQueries(registries, store: store),
                audit: AuditQueries(store: store, tallies: tallies, retention: settings.retention.audit))
            return UseCases(
                nouns, queries,
                feed: Feed(registries, store: store, signal: signal, clock: settings.clock, pages: pages),
                erasures: ErasureService(registries, store: store, recent: delivery.erasures, reads: readAudit))
        }
    }
}
