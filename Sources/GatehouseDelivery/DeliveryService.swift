public import GatehouseControl
public import GatehouseCore
public import Logging
public import NIOPosix

/// The room that dials out, joined and ready: takes events in, carries deliveries out, keeps house, drains.
public final class DeliveryService: Sendable {
    /// Takes events for good.
    public let intake: any Intake
    /// Tells doors to open.
    public var commander: any DoorCommander { doorCommandRunner }
    /// Whether the disk of the store is fuller than it should be.
    public let isDiskFilling = Snapshot(false)
    /// The last time that the clock of the machine was set, within a day.
    public let clockJump = Snapshot<ClockJump?>(nil)
    /// How many subscriptions need attention.
    public let troubled = Snapshot(0)
    /// Who was blanked of late, for what is in memory.
    public let erasures: RecentErasures

    let parts: Parts
    let courier: Courier
    let recorder: ResultRecorder
    let doorCommandRunner: DoorCommandRunner
    let replayer: Replayer
    let teller: HealthTeller
    let lease: Snapshot<Incarnation>
    /// Whether this gateway leads, and so does the duties that one gateway does for all.
    let leads = Snapshot(false)

    /// What the room is joined from.
    public struct Parts: Sendable {
        /// Where everything is remembered.
        public let store: any Store
        /// Organizations, panels, doors.
        public let directory: DirectoryRegistry
        /// Who wants what.
        public let subscriptions: SubscriptionRegistry
        /// Where hints are posted and heard.
        public let notifier: any Notifier
        /// The dialects that are spoken.
        public let dialects: DialectTable
        /// How doors are told to open.
        public let drivers: DriverTable
        /// When keys were last used.
        public let uses: KeyUses
        /// How bytes leave.
        public let sink: any Sink
        /// The threads on which attempts run.
        public let group: MultiThreadedEventLoopGroup
        /// What time it is.
        public let clock: any WallClock
        /// Where operators read.
        public let logger: Logger
        /// How long things are kept.
        public var retention = Retention()
        /// What others count in memory and have written down here.
        public var tallies: [any Tally] = []
        /// Where requests of large events are written; nil for the threads on which attempts run.
        public var heavy: HeavyWork?
        /// Where it is counted for the audit what the room does by itself; nil for nowhere.
        public var ownActions: (any Tally)?

        /// Joins the parts.
        public init(
            store: any Store, registries: Registries, dialects: DialectTable, drivers: DriverTable,
            sending: (sink: any Sink, group: MultiThreadedEventLoopGroup),
            telling: (clock: any WallClock, logger: Logger)
        ) {
            self.store = store
            self.directory = registries.directory
            self.subscriptions = registries.subscriptions
            self.notifier = registries.notifier
            self.uses = registries.keys.uses
            self.dialects = dialects
            self.drivers = drivers
            self.sink = sending.sink
            self.group = sending.group
            self.clock = telling.clock
            self.logger = telling.logger
        }
    }

    /// Begins an incarnation, sets free what earlier ones held, and is then ready to take events.
    public init(opening parts: Parts) async throws(StoreError) {
        let lease = Snapshot(try await parts.store.begin(at: parts.clock.now))
        let recorder = ResultRecorder(store: parts.store, lease: lease, clock: parts.clock, logger: parts.logger)
        let signals = DeliverySignals(logger: parts.logger, notifier: parts.notifier)
        let raising = Raising(
            directory: parts.directory, subscriptions: parts.subscriptions, dialects: parts.dialects)
        let disabling = Disabling(
            subscriptions: parts.subscriptions, raising: raising, lease: lease, clock: parts.clock, signals: signals)
        self.teller = HealthTeller(
            store: parts.store, subscriptions: parts.subscriptions, raising: raising, lease: lease, clock: parts.clock,
            signals: signals)
        let erasures = RecentErasures()
        var pipeline = DeliveryPipeline(
            subscriptions: parts.subscriptions, dialects: parts.dialects, sink: parts.sink, recorder: recorder,
            clock: parts.clock, signals: signals, disabling: disabling, erasures: erasures)
        pipeline.heavy = parts.heavy
        let courier = Courier(
            Courier.Parts(store: parts.store, pipeline: pipeline, lease: lease, loops: LoopTurns(parts.group)),
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
        parts.notifier.observe { [clock = parts.clock] hint in
            switch hint {
            case .subscriptionChanged(let id):
                courier.look(at: id, due: clock.now)
                replayer.tell()
            case .deliveriesDue(let id): courier.look(at: id, due: clock.now)
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
    public func run() async {
        await DutyRunner(clock: parts.clock, logger: parts.logger, leads: leads).run(makeDuties())
    }

    /// How long the last results may take to become durable where the deadline has come.
    private static let lastCommit = Duration.milliseconds(500)

    /// How many attempts are on the wire now; one that carries several deliveries counts once.
    public var attemptsUnderWay: Int { courier.attempts }

    /// Begins no attempt any more and hands back what was not begun; what is on the wire goes on.
    public func stopAttempting() { courier.stop() }

    /// Finishes what is on the wire by `deadline`, hands back the rest, makes all results durable and ends the
    /// incarnation. What is still under way at the deadline is attempted again by the next start.
    public func drain(until deadline: Instant) async {
        await courier.drain(until: deadline)
        await recorder.close(until: max(deadline, parts.clock.now + Self.lastCommit))
        do {
            try await parts.uses.keep()
        } catch {
            parts.logger.warning("the last uses of keys could not be kept", metadata: ["error": "\(error)"])
        }
        do {
            try await TallySettling(tallies: parts.tallies, clock: parts.clock).settle(.all)
        } catch {
            parts.logger.warning("the last lines of the audit could not be kept", metadata: ["error": "\(error)"])
        }
        do {
            try await parts.store.end(lease.value, at: parts.clock.now)
        } catch {
            parts.logger.warning("the incarnation could not be ended in order", metadata: ["error": "\(error)"])
        }
    }
}
