package import GatehouseControl
package import GatehouseCore
package import Logging
package import NIOPosix

/// The delivery module, joined and ready: it accepts events, delivers them, does its duties, drains.
package final class DeliveryService: Sendable {
    /// Stores events durably.
    package let intake: any Intake
    /// Opens doors.
    package var commander: any DoorCommander { doorCommandRunner }
    /// Whether the store's disk is fuller than the warning level.
    package let isDiskFilling = Snapshot(false)
    /// The last time that the machine's clock was set, within a day.
    package let clockJump = Snapshot<ClockJump?>(nil)
    /// How many subscriptions need attention.
    package let troubled = Snapshot(0)
    /// The receivers that rest.
    package let resting = RestingReceivers()
    /// The recently blanked persons, for data in memory.
    package let erasures: RecentErasures

    let parts: Parts
    let courier: Courier
    let recorder: ResultRecorder
    let doorCommandRunner: DoorCommandRunner
    let replayer: Replayer
    let teller: HealthTeller
    let lease: Snapshot<Incarnation>
    /// Whether this gateway is the leader, which does the duties that one gateway does for all.
    let leads = Snapshot(false)

    /// The parts of the module.
    package struct Parts: Sendable {
        /// The store.
        package let store: any Store
        /// Organizations, panels, doors, subscriptions, keys, and where hints are posted and heard.
        package let registries: Registries
        /// The known dialects.
        package let dialects: DialectTable
        /// The door drivers.
        package let drivers: DriverTable
        /// The sink for requests.
        package let sink: any Sink
        /// The threads on which attempts run.
        package let group: MultiThreadedEventLoopGroup
        /// The clock.
        package let clock: any WallClock
        /// The log for operators.
        package let logger: Logger
        /// How long data is kept.
        package let retention: Retention
        /// Counters in memory that are recorded here.
        package let tallies: [any Tally]
        /// Where requests of large events are written; nil for the threads on which attempts run.
        package let heavy: HeavyWork?
        /// The tally for the audit of what this module does by itself; nil for none.
        package let ownActions: (any Tally)?

        /// Joins the parts.
        package init(
            store: any Store, registries: Registries, dialects: DialectTable, drivers: DriverTable,
            sink: any Sink, group: MultiThreadedEventLoopGroup, clock: any WallClock, logger: Logger,
            retention: Retention = Retention(), tallies: [any Tally] = [], heavy: HeavyWork? = nil,
            ownActions: (any Tally)? = nil
        ) {
            self.store = store
            self.registries = registries
            self.dialects = dialects
            self.drivers = drivers
            self.sink = sink
            self.group = group
            self.clock = clock
            self.logger = logger
            self.retention = retention
            self.tallies = tallies
            self.heavy = heavy
            self.ownActions = ownActions
        }

        var directory: DirectoryRegistry { registries.directory }
        var subscriptions: SubscriptionRegistry { registries.subscriptions }
        var notifier: any Notifier { registries.notifier }
        var uses: KeyUses { registries.keys.uses }
    }

    /// Begins an incarnation, releases the leases of earlier ones, and is then ready to accept events.
    package init(opening parts: Parts) async throws(StoreError) {
        let lease = Snapshot(try await parts.store.begin(at: parts.clock.now))
        let recorder = ResultRecorder(store: parts.store, lease: lease, clock: parts.clock, logger: parts.logger)
        let signals = DeliverySignals(logger: parts.logger, notifier: parts.notifier)
        let raising = Raising(
            directory: parts.directory, subscriptions: parts.subscriptions, dialects: parts.dialects)
        let disabling = Disabling(
            subscriptions: parts.subscriptions,
            intake: RaisingIntake(store: parts.store, raising: raising, lease: lease, signals: signals),
            clock: parts.clock, signals: signals)
        self.teller = HealthTeller(
            store: parts.store, subscriptions: parts.subscriptions, raising: raising, lease: lease, clock: parts.clock,
            signals: signals)
        let erasures = RecentErasures()
        var pipeline = DeliveryPipeline(
            subscriptions: parts.subscriptions, dialects: parts.dialects, sink: parts.sink, recorder: recorder,
            clock: parts.clock, signals: signals, disabling: disabling, erasures: erasures)
        pipeline.heavy = parts.heavy
        let courier = Courier(
            Courier.Parts(
                store: parts.store, pipeline: pipeline, lease: lease, loops: LoopTurns(parts.group), resting: resting),
            limits: CourierLimits())
        self.parts = parts
        self.erasures = erasures
        self.courier = courier
        self.recorder = recorder
        self.lease = lease
        let intake = DurableIntake(
            store: parts.store, directory: parts.directory, subscriptions: parts.subscriptions,
            dialects: parts.dialects, courier: courier, lease: lease, signals: signals)
        self.intake = intake
        self.doorCommandRunner = DoorCommandRunner(parts, intake: intake, lease: lease)
        recorder.observe { courier.settled($0) }
        let replayer = Replayer(
            store: parts.store, directory: parts.directory, subscriptions: parts.subscriptions,
            notifier: parts.notifier, dialects: parts.dialects, clock: parts.clock)
        self.replayer = replayer
        courier.restore(try await parts.store.health(of: nil))
        parts.notifier.observe { [clock = parts.clock] hint in
            switch hint {
            case .subscriptionChanged(let id):
                courier.lookAtOnce(at: id)
                replayer.tell()
            case .deliveriesDue(let id): courier.look(at: id, DueTimes(both: clock.now))
            case .retryAsked(let id): courier.lookAtOnce(at: id)
            case .replayBegun: replayer.tell()
            case .eventsCommitted, .registryStale: break
            }
        }
        try await rescuer.rescue()
        try await leadership.look()
    }

    var rescuer: Rescuer { Rescuer(store: parts.store, lease: lease, clock: parts.clock, logger: parts.logger) }

    var leadership: Leadership {
        Leadership(store: parts.store, lease: lease, leads: leads, logger: parts.logger)
    }

    /// Does its duties until the task is cancelled.
    package func run() async {
        await DutyRunner(clock: parts.clock, logger: parts.logger, leads: leads).run(makeDuties())
    }

    /// How long the last results may take to become durable after the deadline.
    private static let lastCommit = Duration.milliseconds(500)

    /// How many attempts are on the wire now; one that carries several deliveries counts once.
    package var attemptsUnderWay: Int { courier.attempts }

    /// Starts no further attempt and hands back deliveries that were not started; running attempts continue.
    package func stopAttempting() { courier.stop() }

    /// Finishes running attempts by `deadline`, hands back the rest, makes all results durable and ends the
    /// incarnation. The next start repeats attempts that are still running at the deadline.
    package func drain(until deadline: Instant) async {
        await courier.drain(until: deadline)
        await recorder.close(until: max(deadline, parts.clock.now + Self.lastCommit))
        do {
            try await parts.uses.keep()
        } catch {
            parts.logger.warning("the last uses of keys could not be stored", metadata: ["error": "\(error)"])
        }
        do {
            try await TallySettling(tallies: parts.tallies, clock: parts.clock).settle(.all)
        } catch {
            parts.logger.warning("the last lines of the audit could not be stored", metadata: ["error": "\(error)"])
        }
        do {
            try await parts.store.end(lease.value, at: parts.clock.now)
        } catch {
            parts.logger.warning("the incarnation could not be ended properly", metadata: ["error": "\(error)"])
        }
    }
}
