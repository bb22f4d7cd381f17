public import GatehouseControl
public import GatehouseCore
public import Logging

/// The rooms behind the server, each as the Core's protocol: the composition root names the concrete types.
public struct ServerParts: Sendable {
    /// All that the server asks of the store beside what the books keep.
    public typealias Reading = HistoryStore & DeliveryStore & EventStore & CredentialStore & AuditStore

    /// Takes events for good.
    public var intake: any Intake
    /// Tells doors to open.
    public var commander: any DoorCommander
    /// The drivers that doors may choose.
    public var drivers: DriverTable
    /// Organizations, panels and doors.
    public var directory: DirectoryRegistry
    /// Subscriptions.
    public var subscriptions: SubscriptionRegistry
    /// Who may call.
    public var keys: KeyRegistry
    /// Where hints are posted.
    public var notifier: any Notifier
    /// The tokens that stand for keys.
    public var tokens: IDTokens
    /// Secret URLs.
    public var triggers: TriggerRegistry
    /// Deliveries, their history, and events.
    public var store: any Reading
    /// The dialects that subscriptions may choose.
    public var dialects: DialectTable
    /// What time it is.
    public var clock: any WallClock
    /// Says which addresses may be delivered to.
    public var targets: any APIServer.TargetCheck
    /// Says where requests come from.
    public var clients: any APIServer.ClientFinder
    /// What `/metrics` prints; also the process's metrics system, so that every room is seen there.
    public var metrics: PrometheusMetrics
    /// Where the log goes.
    public var logger: Logger
    /// Tells those who wait for events that some came; the composition root puts that of the intake here.
    public var commitSignal: CommitSignal
    /// Whether the disk of the store is fuller than it should be; the composition root puts that of the delivery room
    /// here.
    public var isDiskFilling = Snapshot(false)
    /// The last time that the clock of the machine was set, within a day.
    public var clockJump = Snapshot<ClockJump?>(nil)
    /// Until when the gateway's own certificate is valid; nil where it speaks no TLS itself.
    let certificateEnds = Snapshot<Instant?>(nil)
    /// How many subscriptions need attention; the composition root puts that of the delivery room here.
    public var troubled = Snapshot(0)
    /// Who was blanked of late; the composition root puts that of the delivery room here.
    public var erasures = RecentErasures()
    /// Where wrong credentials are told and held back; by the defaults, unless the composition root puts its own here.
    public var failedProofs: FailedProofs
    /// Tells operators of events that were refused.
    let refused: RefusedEvents
    /// Who read more than what everybody with a key may read; the composition root puts here what housekeeping settles.
    public var readAudit: ReadAudit
    /// What the gateway does by itself and is counted; the composition root puts that of the delivery room here.
    public var ownActions: any Tally
    /// How long the audit is kept.
    public var auditRetention = Retention().audit
    /// Who waits for events now.
    let places = WaitLimiter()
    /// In which order the requests of one key read pages of events.
    let readTurns = KeyTurns()
    /// The connections that are open now.
    let connections = ConnectionPlaces()
    /// The requests that are not answered yet.
    let requests = RequestCount()
    /// Where what takes long is done.
    var heavy = HeavyLines(on: HeavyThreads.shared, decodingOn: HeavyThreads.decoding)
    /// The bodies that are under way now.
    let bodies = BodiesInFlight()
    /// The lines of the log about bounds that callers met.
    let boundLines = BoundLines()
    /// Where the gateway is to be found.
    let address = OwnAddress()
    /// This API as it is described for programs.
    let description = ServedDescription()
    /// Whether the gateway is on its way out: then no event is taken any more, and `/readyz` says so.
    public var isDraining: Snapshot<Bool>

    /// Joins what keeps something with what checks and tells; the gateway begins in service.
    public init(
        _ books: Books, intake: any Intake, doors: (commander: any DoorCommander, drivers: DriverTable),
        outside: (targets: any APIServer.TargetCheck, clients: any APIServer.ClientFinder), tools: Tools
    ) {
        self.intake = intake
        self.commander = doors.commander
        self.drivers = doors.drivers
        self.directory = books.registries.directory
        self.subscriptions = books.registries.subscriptions
        self.keys = books.registries.keys
        self.triggers = books.registries.triggers
        self.notifier = books.registries.notifier
        self.tokens = books.tokens
        self.commitSignal = CommitSignal(hearing: books.registries.notifier)
        self.store = books.store
        self.targets = outside.targets
        self.clients = outside.clients
        self.dialects = tools.dialects
        self.clock = tools.clock
        self.metrics = tools.metrics
        self.refused = RefusedEvents(metrics: tools.metrics)
        self.logger = tools.logger
        self.isDraining = Snapshot(false)
        self.readAudit = ReadAudit(store: books.store)
        self.ownActions = AuditTally(store: books.store, turn: .seconds(86_400), lines: 100)
        self.failedProofs = FailedProofs(
            GuessSettings(), store: books.store, clock: tools.clock, telling: (tools.logger, tools.metrics))
    }

    /// What is kept: the registries, and the store that they were opened from.
    public struct Books: Sendable {
        let registries: Registries
        let tokens: IDTokens
        let store: any Reading

        /// Joins the three.
        public init(_ registries: Registries, tokens: IDTokens, store: any Reading) {
            self.registries = registries
            self.tokens = tokens
            self.store = store
        }
    }

    /// What the process has one of.
    public struct Tools: Sendable {
        let dialects: DialectTable
        let clock: any WallClock
        let metrics: PrometheusMetrics
        let logger: Logger

        /// Joins the four.
        public init(dialects: DialectTable, clock: any WallClock, metrics: PrometheusMetrics, logger: Logger) {
            self.dialects = dialects
            self.clock = clock
            self.metrics = metrics
            self.logger = logger
        }
    }
}
