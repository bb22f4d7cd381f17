package import GatehouseCore
package import Logging

/// Creates, changes and deletes subscriptions, for requests of every interface: the native API or a
/// vendor's.
package struct SubscriptionService: Sendable {
    /// What it asks of the store beside what the registry keeps.
    package typealias Store = DeliveryStore & HistoryStore & EventStore

    let registry: SubscriptionRegistry
    let directory: DirectoryRegistry
    let dialects: DialectTable
    let store: any Store
    let targets: any SubscriptionTargets
    let resting: RestingReceivers
    let notifier: any Notifier
    let intake: any ChangeIntake
    let clock: any WallClock
    let logger: Logger

    /// Joins the parts.
    package init(
        _ registries: Registries, dialects: DialectTable, store: any Store, intake: any ChangeIntake,
        targets: any SubscriptionTargets, resting: RestingReceivers, clock: any WallClock, logger: Logger
    ) {
        self.registry = registries.subscriptions
        self.directory = registries.directory
        self.notifier = registries.notifier
        self.dialects = dialects
        self.store = store
        self.intake = intake
        self.targets = targets
        self.resting = resting
        self.clock = clock
        self.logger = logger
    }

    /// The subscription of that identifier, where a key reaches its organization.
    ///
    /// - Throws: ``ValidationError/Code/notFound`` where there is none.
    package func subscription(_ id: SubscriptionID, for key: Key) throws(ValidationError) -> Subscription {
        guard let subscription = registry.index[id],
            key.reaches(subscription.organization, in: directory.directory)
        else { throw ValidationError(.notFound, "there is no subscription \(id)") }
        return subscription
    }

    /// The subscriptions of these organizations, in no order; nil for all.
    package func subscriptions(of organizations: Set<OrganizationID>?) -> [Subscription] {
        registry.index.all.filter { organizations?.contains($0.organization) ?? true }
    }

    /// The health of subscriptions. A store that is away costs that alone: what is kept in memory is shown.
    package func health(of subscriptions: [Subscription], _ logger: Logger) async -> [SubscriptionID:
        SubscriptionHealth]
    {
        do {
            let (health, now) = (try await store.health(of: subscriptions.map(\.id)), clock.now)
            return Dictionary(
                uniqueKeysWithValues: health.map { id, health in
                    var health = health
                    health.restsUntil = resting.end(of: id, at: now)
                    return (id, health)
                })
        } catch {
            logger.warning("no health for subscriptions that are shown", metadata: ["error": "\(error)"])
            return [:]
        }
    }

    /// Makes a subscription from a body of the native API, `organization` left out or repeated. Where no id was chosen
    /// the dialect makes one, and a secret where it signs and its owner gave none; where the contract has one secret
    /// for the whole organization, the one that there is.
    package func create(
        _ object: JSONObject, id: SubscriptionID?, in organization: OrganizationID, url rule: URLRule = .shared,
        author: Author
    ) async throws -> NewSubscription {
        var made = try await make(object, id: id, in: organization, url: rule, author: author)
        made.warnings = warn(of: made.subscription, where: { object[$0] != nil })
        return made
    }

    private func make(
        _ object: JSONObject, id: SubscriptionID?, in organization: OrganizationID, url rule: URLRule, author: Author
    ) async throws -> NewSubscription {
        var terms = try Terms.make(from: object, in: context(of: organization, at: author.now))
        terms.privacyLevel = level(of: terms, asked: object, author.key)
        try author.key.checkMaking("the subscription", at: terms.privacyLevel)
        try await checkTarget(terms.url, of: organization)
        guard let dialect = dialects[terms.dialect] else {
            throw ValidationError(.outOfBounds, field: "dialect", "this gateway does not speak \(terms.dialect)")
        }
        var random = SystemRandomNumberGenerator()
        let identity = Subscription.Identity(
            id: id ?? dialect.makeID(using: &random), organization: organization, created: author.now,
            maker: author.key.user)
        let asked = terms.withStandardSecret(using: &random)
        if let shared = dialect.integrationID(of: organization) {
            return try await add(Subscription.Draft(identity, asked, url: rule), sharing: shared, author: author)
        }
        let whole = asked.withSecret(of: dialect, using: &random)
        return NewSubscription(
            try await add(Subscription.Draft(identity, whole, url: rule), author: author),
            madeSecret: terms.secret == nil ? whole.secret : nil, joins: false)
    }

    /// Writes a subscription down, under the integration that it founds or joins where there is one.
    func add(
        _ draft: Subscription.Draft, as membership: Integration.Membership? = nil, author: Author
    ) async throws(StoreError) -> Subscription {
        let identity = draft.identity
        let entry = author.entry(.add, .subscription, identity.id.text, of: identity.organization)
        return try await registry.add(draft, as: membership, audited: entry, through: intake)
    }

    /// Changes what the body names (RFC 7396). Made inactive, nothing is owed any more: what waits is cancelled, also
    /// where it was inactive before, so that a request whose second half met a store that was away can be sent again.
    ///
    /// A change that lifts a hold does it in the same commit.
    ///
    /// - Parameters:
    ///   - seen: the subscription as the caller found it.
    ///   - isWoken: whether `active: true` also ends a hold, for contracts that have no other word for a resumption.
    ///   - body: computes the change from the present subscription. It is called again if another change came first.
    package func update(
        _ seen: Subscription, url rule: URLRule = .shared, wokenByActive isWoken: Bool = false, author: Author,
        by body: (Subscription) throws -> JSONObject
    ) async throws -> Updated {
        try await changing(seen) { present in
            let object = try body(present)
            let wakes = isWoken && object["active"] == true
            let after = try await update(present, by: object, url: rule, wakes: wakes, author: author)
            return Updated(before: present, after: after, body: object)
        }
    }

    private func update(
        _ present: Subscription, by object: JSONObject, url rule: URLRule, wakes: Bool, author: Author
    ) async throws -> Subscription {
        var random = SystemRandomNumberGenerator()
        let object = wakes ? present.waking(object, at: author.now) : object
        var context = context(of: present.organization, at: author.now)
        context.shown = present.shownBesideTerms
        let patched = try present.terms.patched(by: object, in: context)
            .withStandardSecret(using: &random)
        let terms = try keepingShared(patched, of: present)
        try checkLevel(of: present, becoming: terms, author.key)
        if terms.url != present.terms.url { try await checkTarget(terms.url, of: present.organization) }
        let hold = present.hold(under: terms, isWoken: wakes)
        if terms.isActive, hold != present.hold { try await reviveDead(of: present, at: author.now) }
        var changed = present
        if terms != present.terms || hold != present.hold {
            changed = try await registry.change(
                present, terms: terms, hold: hold, url: rule,
                audited: entry(of: present, becoming: terms, hold, author), through: intake)
        }
        try await cancelWaiting(of: changed)
        return changed
    }

    /// Cancels what waits for an inactive subscription. If another change was first that leaves it inactive, such as a
    /// rotation, the rest is cancelled by the newer revision; one that makes it active wins.
    private func cancelWaiting(of changed: Subscription) async throws(StoreError) {
        var ended = changed
        while !ended.isActive {
            try await store.cancelWaiting(ofEnded: ended, .subscriptionInactive)
            guard let newer = registry.index[ended.id], newer.revision > ended.revision else { return }
            ended = newer
        }
    }

    /// Writes the warnings about new terms to the log, and returns their sentences for the answer.
    ///
    /// - Parameter isAsked: whether the request names a field: what was told when it was set is not told again.
    package func warn(of subscription: Subscription, where isAsked: (String) -> Bool) -> [String] {
        let warnings = dialects[subscription.terms.dialect]?.warnings(about: subscription.terms) ?? []
        let told = warnings.filter { isAsked($0.field) }
        for warning in told {
            logger.warning(
                "a subscription was taken with a warning",
                metadata: ["subscription": "\(subscription.id)", "warning": "\(warning.sentence)"])
        }
        return told.map(\.sentence)
    }

    /// The level of new terms: if none was asked for, the stricter one of the usual level and the caller's.
    private func level(of terms: Terms, asked object: JSONObject, _ caller: Key) -> PrivacyLevel {
        (object["privacyLevel"] ?? .null) == .null ? caller.level(orUsual: terms.privacyLevel) : terms.privacyLevel
    }

    /// Refuses a change after which a subscription shows more than the caller may see, if it changes what goes where.
    /// Every manager may change its name and its pace.
    private func checkLevel(of present: Subscription, becoming terms: Terms, _ caller: Key) throws(ValidationError) {
        let names = terms.decisive(differingFrom: present.terms)
        if names.contains("privacyLevel") { return try caller.checkMaking("the subscription", at: terms.privacyLevel) }
        if names.isEmpty { return }
        try caller.checkDoing(
            "change \(names.joined(separator: ", ")) of", to: "the subscription", at: terms.privacyLevel)
    }

    /// What the audit says of a change: the fields that differ, or a resumption where nothing but the hold goes.
    private func entry(
        of present: Subscription, becoming terms: Terms, _ hold: Subscription.Hold, _ author: Author
    ) -> AuditEntry {
        if terms == present.terms { return author.entry(.resume, present) }
        let names = terms.names(differingFrom: present.terms)
        return author.entry(.change, present).naming(names + (hold == present.hold ? [] : ["hold"]))
    }

    /// Deletes a subscription; what waits is cancelled with it, its history stays.
    package func delete(_ subscription: Subscription, author: Author) async throws(StoreError) {
        try await registry.delete(
            subscription, at: author.now, audited: author.entry(.remove, subscription), through: intake)
    }

    /// Holds deliveries back. A subscription that the gateway disabled is refused: it is held already. A success would
    /// say that it is paused, and a new URL would not end a pause.
    package func pause(_ seen: Subscription, author: Author) async throws -> Subscription {
        try await changing(seen) { present in
            switch present.hold {
            case .none:
                return try await registry.change(
                    present, hold: .paused, audited: author.entry(.pause, present), through: intake)
            case .paused: return present
            case .disabled:
                throw ValidationError(
                    .conflict,
                    "the subscription \(present.id) is disabled, since its receiver said that it is gone: its "
                        + "deliveries are held already. Resume it or give it another URL, and pause it then")
            }
        }
    }

    /// Lets deliveries go. What died since the receiver last took something comes to life before that, while nothing is
    /// dialled: a call that broke off between the two is made again and does the rest.
    package func resume(_ seen: Subscription, author: Author) async throws -> Subscription {
        try await changing(seen) { present in
            guard present.hold != .none else { return present }
            try await reviveDead(of: present, at: author.now)
            return try await registry.change(
                present, hold: Subscription.Hold.none, audited: author.entry(.resume, present), through: intake)
        }
    }

    /// Of a subscription that the gateway disabled, what died since its receiver last took something.
    private func reviveDead(of present: Subscription, at now: Instant) async throws(StoreError) {
        guard present.hold == .disabled else { return }
        var died = DeliverySelection(of: present.id, .dead)
        died.revision = present.revision
        died.diedSince = try await store.lastSuccess(of: present.id)
        _ = try await store.retry(died, at: now, audited: nil)
    }

    /// Cancels all that waits.
    package func clear(_ subscription: Subscription, author: Author) async throws(StoreError) {
        try await store.cancelWaiting(of: subscription.id, .requested, audited: author.entry(.clear, subscription))
    }

    /// Sends a subscription's receiver one test now, as a delivery would leave; nil if this gateway has no such
    /// dialect. The gateway stores nothing of it and never repeats it. It is sent even while deliveries are held.
    package func test(_ subscription: Subscription) async throws(StoreError) -> TestDelivery? {
        guard let dialect = dialects[subscription.terms.dialect] else { return nil }
        let account = try await account(of: subscription.organization)
        var random = SystemRandomNumberGenerator()
        let started = clock.now
        let message = dialect.test(for: subscription)
        let event = message.event(
            of: subscription.organization, account: account, in: directory.directory, at: started,
            using: &random)
        let request = dialect.prepareTest(of: event, for: subscription.signing(at: started), at: started)
            .leaving(
                for: subscription, by: dialect.retries(for: subscription.terms), events: [event.id], at: started)
        let outcome = await targets.send(request, within: subscription.terms.timeout)
        var attempt = Attempt(
            number: 1, started: started, duration: clock.now - started,
            outcome: outcome.hiding(subscription.repeatable),
            headers: request.headers.masked(besides: subscription.terms.headers))
        // A test holds no person and no credential.
        attempt.privacyLevel = .noPersons
        return TestDelivery(message, event: event, request: request, attempt: attempt)
    }

    /// The number by which contracts know an organization; the operator's own subscription belongs to none.
    private func account(of organization: OrganizationID) async throws(StoreError) -> Int64? {
        guard organization != .operators else { return nil }
        return try await store.numbers(of: [Numbers.Name(organization, .account, organization.text)]).first
    }

    private func context(of organization: OrganizationID, at now: Instant) -> TermsContext {
        var context = TermsContext(
            directory: directory.directory, organization: organization, dialects: dialects, now: now)
        context.shown = Subscription.shownBesideTerms
        return context
    }

    private func checkTarget(_ url: TargetURL, of organization: OrganizationID) async throws(ValidationError) {
        guard let refusal = await targets.refusal(of: url, for: organization) else { return }
        throw ValidationError(.forbiddenTarget, field: "url", refusal)
    }
}
