internal import GatehouseControl
internal import GatehouseCore

/// The handlers of the routes: a struct for each subject, with only the parts that it needs.
struct Handlers: Sendable {
    let ingest: Ingest
    let events: Events
    let feed: FeedRoutes
    let organizations: Organizations
    let panels: Panels
    let doors: Doors
    let keys: Keys
    let subscriptions: Subscriptions
    let triggers: Triggers
    let deliveries: Deliveries
    let persons: Persons
    let audit: Audit
    let status: Status
    let kinds: Kinds
    let description: OpenAPI
    let metrics: MetricsPage
    let health: Health
    let tokens: TokenRoute
    let discovery: Discovery
    /// The services for the routes of vendors.
    let vendors: VendorServices

    /// Gives each handler its parts.
    init(_ services: APIServer.Services, _ state: APIServer.State) {
        let registries = services.registries
        let (bodies, pages) = (state.bodies, state.bodies.heavy.pages)
        let pager = Pager(pages: pages)
        let numbers = VendorNumbers(store: services.store)
        ingest = Ingest(
            intake: services.delivery.intake, bodies: bodies.heavy.bodies,
            refused: RefusedEvents(metrics: services.tools.metrics),
            isDraining: services.delivery.condition.isDraining)
        events = Events(
            queries: services.useCases.events, deliveries: services.useCases.deliveries, pages: pages)
        feed = FeedRoutes(
            feed: services.useCases.feed, waits: state.traffic.waits, boundLines: bodies.boundLines,
            reads: services.tools.reads)
        organizations = Organizations(service: services.useCases.directory, numbers: numbers, pager: pager)
        panels = Panels(service: services.useCases.directory, numbers: numbers, pager: pager)
        doors = Doors(
            service: services.useCases.directory, commander: services.delivery.commander, reads: services.tools.reads,
            pager: pager)
        keys = Keys(service: services.useCases.keys, pager: pager)
        subscriptions = Subscriptions(
            service: services.useCases.subscriptions, reads: services.tools.reads, pager: pager)
        triggers = Triggers(service: services.useCases.triggers, pager: pager)
        deliveries = Deliveries(
            queries: services.useCases.deliveries, subscriptions: services.useCases.subscriptions,
            events: services.useCases.events)
        persons = Persons(service: services.useCases.erasures)
        audit = Audit(queries: services.useCases.audit)
        status = Status(
            queries: services.useCases.status, condition: services.delivery.condition,
            certificateEnds: state.certificateEnds, failedProofs: services.proofs.failedProofs)
        kinds = Kinds(dialects: services.tools.dialects)
        description = OpenAPI(
            dialects: services.tools.dialects, drivers: services.delivery.drivers, description: ServedDescription())
        metrics = MetricsPage(
            queries: services.useCases.status, metrics: services.tools.metrics, traffic: state.traffic,
            bodies: bodies.inFlight, failedProofs: services.proofs.failedProofs,
            isDraining: services.delivery.condition.isDraining)
        health = Health(
            queries: services.useCases.status, condition: services.delivery.condition,
            connections: state.traffic.connections)
        tokens = TokenRoute(
            keys: registries.keys, tokens: services.proofs.tokens, failedProofs: services.proofs.failedProofs,
            firstUse: services.useCases.firstUse)
        discovery = Discovery(tokens: services.proofs.tokens)
        vendors = VendorServices(
            directory: registries.directory, registry: registries.subscriptions, triggers: registries.triggers,
            subscriptions: services.useCases.subscriptions, store: services.store,
            commander: services.delivery.commander, sessions: state.sessions,
            failedProofs: services.proofs.failedProofs, reads: services.tools.reads, pages: pages,
            windows: RateWindows())
    }
}
