internal import GatehouseControl
internal import GatehouseCore

extension DeliveryService {
    /// The periodic duties of a gateway, one row each.
    func makeDuties() -> [Duty] {
        let (store, clock, logger) = (parts.store, parts.clock, parts.logger)
        let clocks = ClockWatch(
            store: store, subscriptions: parts.subscriptions, courier: courier, clock: clock, logger: logger,
            last: clockJump)
        let heartbeat = Heartbeat(store: store, lease: lease, clock: clock, logger: logger)
        let backstop = Backstop(store: store, courier: courier)
        let lost = LostLeases(store: store, courier: courier, recorder: recorder, lease: lease, clock: clock)
        let erasing = Erasing(store: store, recent: erasures, clock: clock, logger: logger)
        let health = HealthWatch(
            store: store, subscriptions: parts.subscriptions, directory: parts.directory, troubled: troubled,
            clock: clock)
        let disk = DiskWatch(warning: parts.retention.diskWarning, isFilling: isDiskFilling, logger: logger) {
            await store.diskShare()
        }
        let backups = BackupWatch { await store.lastBackup() }
        let uses = KeyUseKeeping(uses: parts.uses)
        let tallies = TallySettling(tallies: parts.tallies, clock: clock)
        let expiry = Expiry(store: store, subscriptions: parts.subscriptions, intake: intake, clock: clock)
        let odometers = Odometers(store: store)
        let pruning = Pruning(
            store: store, retention: parts.retention, clock: clock, logger: logger, audit: parts.ownActions)
        return [
            Duty("clock", every: ClockWatch.interval, .eachGateway) { try await clocks.look() },
            Duty("due", every: Backstop.tick, .eachGateway) { [courier] in courier.lookForDue() },
            Duty("backstop", every: Backstop.interval, .eachGateway) { try await backstop.look() },
            Duty("heartbeat", every: Heartbeat.interval, .eachGateway) { await heartbeat.beat() },
            Duty("rescue", every: Heartbeat.interval, .eachGateway) { [rescuer] in try await rescuer.rescue() },
            Duty("leadership", every: Heartbeat.interval, .eachGateway) { [leadership] in try await leadership.look() },
            Duty("lost leases", every: LostLeases.interval, .eachGateway) { try await lost.look() },
            Duty("erasures in memory", every: Erasing.interval, .eachGateway) { try await erasing.note() },
            Duty("health in memory", every: HealthWatch.interval, .eachGateway) { try await health.look() },
            Duty("disk", every: DiskWatch.interval, .eachGateway) { await disk.look() },
            Duty("registries in doubt", every: Registries.doubtInterval, .eachGateway) { [parts] in
                try await parts.registries.settleDoubts()
            },
            Duty("door commands", every: DoorCommandRunner.interval, .eachGateway) { [doorCommandRunner] in
                try await doorCommandRunner.settle()
            },
            Duty("last backup", every: BackupWatch.interval, .eachGateway) { await backups.look() },
            Duty("key uses", every: KeyUseKeeping.interval, .eachGateway) { try await uses.keep() },
            Duty("tallies", every: TallySettling.interval, .eachGateway) { try await tallies.settle(.ended) },
            Duty("lost door commands", every: DoorCommandRunner.interval, .oneGateway) { [doorCommandRunner] in
                try await doorCommandRunner.endLost()
            },
            Duty("health", every: HealthTeller.interval, .oneGateway) { [teller] in try await teller.look() },
            Duty("expiry", every: Expiry.interval, .oneGateway) { if clocks.isBelieved { try await expiry.look() } },
            Duty("replays", every: Replayer.interval, .oneGateway) { [replayer] in try await replayer.look() },
            Duty("odometers", every: Odometers.interval, .oneGateway) { try await odometers.fold() },
            Duty("pruning", every: Pruning.interval, .oneGateway) {
                if clocks.isBelieved { try await pruning.prune() }
            },
            Duty("erasures", every: Erasing.interval, .oneGateway) { try await erasing.advance() },
        ]
    }
}
