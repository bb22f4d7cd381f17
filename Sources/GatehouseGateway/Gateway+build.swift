internal import GatehouseControl
package import GatehouseCore
package import GatehouseDelivery
package import GatehouseServer
internal import GatehouseStores
package import Logging
internal import NIOPosix
internal import ServiceLifecycle
package import UnixSignals

extension Gateway {
    /// The composition root: the one place that names concrete types of every module and joins them.
    ///
    /// - Parameters:
    ///   - dialects: the registry's list; a test adds its own.
    ///   - metrics: the process's metrics system, which `/metrics` prints; it must be in force before.
    ///   - signals: the signals that ask the process to end.
    ///   - lookUp: how a name is looked up; a test makes names hang.
    ///   - gate: every operation of the store passes it; a test adds its faults there.
    /// - Throws: ``StoreError``, or the store's own error for an unknown URL.
    package static func build(
        _ settings: GatewaySettings, dialects: [any Dialect], observability: Observability, signals: [UnixSignal] = [],
        resolving lookUp: @escaping SystemResolver.LookUp = SystemResolver.getAddresses,
        gate: any StoreGate = OpenGate()
    ) async throws -> Gateway {
        let store = try await Stores.open(settings.store, settings: settings.storage, gate: gate) { warning in
            observability.logger.warning("the store's files", metadata: ["warning": "\(warning)"])
        }
        let plan = shareDescriptors(settings, observability.logger)
        let resolver = SystemResolver(limits: plan.cut(settings.lookUps), lookUp: lookUp)
        do {
            return try await join(store, settings, DialectTable(dialects), observability, (resolver, signals, plan))
        } catch {
            await store.close()
            throw error
        }
    }

    /// Logs and metrics for operators.
    package struct Observability: Sendable {
        let logger: Logger
        let metrics: PrometheusMetrics

        /// Joins the two.
        package init(logger: Logger, metrics: PrometheusMetrics) {
            self.logger = logger
            self.metrics = metrics
        }
    }

    private static func join(
        _ store: any Store, _ settings: GatewaySettings, _ dialects: DialectTable, _ observability: Observability,
        _ outside: (resolver: SystemResolver, signals: [UnixSignal], plan: DescriptorPlan)
    ) async throws -> Gateway {
        let clock = settings.clock
        let threads = MultiThreadedEventLoopGroup.singleton
        let resolver = outside.resolver
        let egress = EgressGuard(allowed: settings.allowedTargets)
        let plan = outside.plan
        var dialling = PoolSettings()
        dialling.proxy = settings.egressProxy
        let loops = Array(threads.makeIterator()).count
        dialling.connectionsPerLoop = min(dialling.connectionsPerLoop, max(1, plan.outbound / max(1, loops)))
        var server = settings.server
        server.connections = plan.inbound
        let pool = ConnectionPool(group: threads, egress: egress, resolver: resolver, settings: dialling)
        let registries = try await Registries(
            opening: store, dialects: dialects, admin: settings.adminKey, now: clock.now, timeZones: SystemTimeZones())
        registries.followHints(observability.logger)
        for sharing in registries.directory.directory.panelsSharingNumbers {
            observability.logger.warning(
                "panels share a number",
                metadata: [
                    "organization": "\(sharing[0].organization)", "warning": "\(Panel.sentence(about: sharing))",
                ])
        }
        let tokens = try await IDTokens(opening: store, keys: registries.keys)
        let sink = HTTPSink(pool)
        let drivers = DriverTable(DoorDrivers.all)
        let targets = EgressCheck(egress: egress, resolver: resolver, sink: sink)
        try await settleOperator(
            settings, in: (registries.subscriptions, dialects, EventlessIntake(store)), targets, observability.logger)
        let failedProofs = FailedProofs(
            settings.server.guesses, store: store, clock: clock, logger: observability.logger,
            metrics: observability.metrics)
        let readAudit = ReadAudit(store: store)
        let ownActions = AuditTally(store: store, turn: .seconds(86_400), lines: 100)
        let tallies: [any Tally] = [failedProofs.tally, readAudit.tally, ownActions]
        let delivery = try await DeliveryService(
            opening: DeliveryService.Parts(
                store: store, registries: registries, dialects: dialects, drivers: drivers, sink: sink, group: threads,
                clock: clock, logger: observability.logger, retention: settings.retention, tallies: tallies,
                heavy: HeavyWork(on: HeavyThreads.shared), ownActions: ownActions))
        let commitSignal = CommitSignal(hearing: registries.notifier)
        let condition = GatewayCondition(
            isDiskFilling: delivery.isDiskFilling, clockJump: delivery.clockJump, troubled: delivery.troubled)
        let services = ServiceParts(
            store: store, registries: registries, delivery: delivery, dialects: dialects, drivers: drivers,
            targets: targets, tokens: tokens, failedProofs: failedProofs, readAudit: readAudit, tallies: tallies,
            settings: settings, observability: observability
        ).services(condition, commitSignal)
        let components = Components(
            store: store, delivery: delivery, commitSignal: commitSignal, pool: pool,
            server: APIServer(services, settings: server), failedProofs: failedProofs,
            isDraining: condition.isDraining, clock: clock, logger: observability.logger)
        return try Gateway(
            components, settings: settings, firstKey: try await firstKey(registries.keys, delivery.intake, clock),
            signals: outside.signals)
    }

    /// Divides the process's descriptors between callers and deliveries, and logs the result.
    private static func shareDescriptors(_ settings: GatewaySettings, _ logger: Logger) -> DescriptorPlan {
        let limit = DescriptorPlan.raiseLimit(upTo: settings.descriptors)
        let loops = Array(MultiThreadedEventLoopGroup.singleton.makeIterator()).count
        let plan = DescriptorPlan(
            limit: limit, connections: settings.connections, deliveries: settings.deliveryDescriptors,
            needs: DescriptorNeeds(
                loops: loops, reserve: ServerSettings.reservedConnections, lookUps: settings.lookUps.threads))
        logger.info(
            "descriptors are divided",
            metadata: [
                "limit": "\(plan.limit)", "connections": "\(plan.inbound)", "deliveries": "\(plan.outbound)",
                "lookUps": "\(plan.lookUps)",
            ])
        if plan.isShort {
            logger.warning(
                "the system allows fewer descriptors than the gateway needs: raise the limit (ulimit -Hn)",
                metadata: ["limit": "\(plan.limit)"])
        }
        if let wanted = settings.connections, plan.inbound < wanted {
            logger.warning(
                "fewer connections may be open than bounds.connections says: the system allows too few descriptors",
                metadata: ["wanted": "\(wanted)", "connections": "\(plan.inbound)", "limit": "\(plan.limit)"])
        }
        return plan
    }

    /// Makes the operator's subscription agree with the settings. A URL that the egress rules refuse does not stop the
    /// start, but the operator must learn of it before the first report.
    private static func settleOperator(
        _ settings: GatewaySettings,
        in books: (subscriptions: SubscriptionRegistry, dialects: DialectTable, intake: EventlessIntake),
        _ targets: EgressCheck, _ logger: Logger
    ) async throws {
        guard let dialect = books.dialects[DialectName("standard")] else { return }
        try await OperatorsSubscription(url: settings.operatorURL, secret: settings.operatorSecret)
            .settle(in: books.subscriptions, dialect: dialect, at: settings.clock.now, through: books.intake)
        if let url = settings.operatorURL, let refusal = await targets.refusal(of: url, for: nil) {
            logger.warning("the operator's URL cannot be used", metadata: ["reason": "\(refusal)"])
        }
    }

    /// Creates an admin key above all trees if no caller could have access, so that a new user is not locked out.
    private static func firstKey(
        _ keys: KeyRegistry, _ intake: any ChangeIntake, _ clock: any WallClock
    ) async throws -> Credential? {
        guard keys.isEmpty else { return nil }
        var random = SystemRandomNumberGenerator()
        let credential = Credential(using: &random)
        var key = Key(
            credential, name: "made at the first start", role: .admin, organization: nil, created: clock.now)
        // No key can create another one that sees more than itself: with a stricter first key no caller could ever see
        // everything.
        key.privacyLevel = .everything
        let entry = AuditEntry(
            .add, .key, key.id.text, of: nil, by: .gateway, at: key.created)
        try await keys.apply(Change(.add, .key(key), audited: entry), through: intake)
        return credential
    }
}

/// Lets the server use the egress rules of the delivery module, and send by them, although neither module knows the
/// other.
private struct EgressCheck: SubscriptionTargets {
    let check: GatehouseDelivery.TargetCheck
    let sink: any Sink

    init(egress: EgressGuard, resolver: any NameResolver, sink: any Sink) {
        self.check = GatehouseDelivery.TargetCheck(egress: egress, resolver: resolver)
        self.sink = sink
    }

    func refusal(of url: TargetURL, for organization: OrganizationID?) async -> String? {
        await check.refusal(of: url, for: organization)
    }

    func send(_ request: PreparedRequest, within timeout: Duration) async -> Outcome {
        await sink.send(request, within: timeout)
    }
}

extension DescriptorPlan {
    /// The bounds of look-ups, if there are descriptors for fewer of them.
    fileprivate func cut(_ limits: SystemResolver.Limits) -> SystemResolver.Limits {
        guard lookUps < limits.threads else { return limits }
        var limits = limits
        limits.threads = lookUps
        limits.perOrganization = min(limits.perOrganization, max(1, lookUps / 4))
        return limits
    }
}
