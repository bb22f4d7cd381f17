package import GatehouseCore

/// What became of what was owed, as far as a key reaches, and what a caller may do to it.
package struct DeliveryQueries: Sendable {
    /// What it asks of the store.
    package typealias Store = DeliveryStore & HistoryStore

    let store: any Store
    let subscriptions: SubscriptionRegistry
    let directory: DirectoryRegistry
    let notifier: any Notifier
    let reads: ReadAudit

    /// Joins the parts.
    package init(_ registries: Registries, store: any Store, reads: ReadAudit) {
        self.store = store
        self.subscriptions = registries.subscriptions
        self.directory = registries.directory
        self.notifier = registries.notifier
        self.reads = reads
    }

    /// A delivery as a list shows it.
    package struct Line: Sendable {
        /// The delivery.
        package let delivery: Delivery
        /// What it is about; nil where that is kept no longer.
        package let outline: DeliveryOutline?
        /// What its subscription is called; nil where that is gone.
        package let subscriptionName: String?
    }

    /// One page of deliveries, the newest event first.
    package struct Page: Sendable {
        /// The deliveries of the page, newest first.
        package let lines: [Line]
        /// The last that is shown or examined, where more may follow.
        package let next: DeliveryID?
        /// If the search ended before the page was full, and before the oldest delivery: how far back it looked.
        package let lookedBackTo: Instant?
    }

    /// A delivery with its attempts, as the caller may read them.
    package struct Record: Sendable {
        /// The delivery as a list shows it.
        package let line: Line
        /// Oldest first. More may have been made: records are kept for a time only.
        package let attempts: [Attempt]

        /// How many attempts have no record any more.
        package var pruned: Int { max(0, line.delivery.attempts - Set(attempts.map(\.number)).count) }
    }

    // MARK: Reading

    /// One page. The filter asks for one more than is shown, to learn whether more follow. - Throws: ``StoreError``.
    package func page(_ filter: DeliveryFilter) async throws(StoreError) -> Page {
        let slice = try await store.deliveries(filter)
        let shown = slice.deliveries.prefix(filter.limit - 1)
        let outlines = shown.isEmpty ? [:] : try await store.outlines(of: shown.map(\.id))
        let lines = shown.map { line($0, outlines[$0.id]) }
        let isFull = slice.deliveries.count > shown.count
        return Page(
            lines: lines, next: isFull ? shown.last?.id : slice.reached,
            lookedBackTo: isFull ? nil : slice.lookedBackTo)
    }

    /// The newest deliveries of an event, as a first page of so many. - Throws: ``StoreError``.
    package func page(of event: EventID, limit: Int, for key: Key) async throws(StoreError) -> Page {
        var filter = DeliveryFilter(limit: limit + 1)
        filter.event = event
        filter.organizations = key.reach(in: directory.directory)
        return try await page(filter)
    }

    /// One delivery with every attempt that is kept, as its caller may read it; the audit hears of answers that are
    /// shown.
    ///
    /// - Throws: ``ValidationError/Code/notFound`` where there is none that the key reaches; ``StoreError``.
    package func record(_ name: String, for author: Author) async throws -> Record {
        let found = try await delivery(name, for: author.key)
        let outlines = try await store.outlines(of: [found.delivery.id])
        let terms = subscriptions.index[found.delivery.subscription]?.terms
        let attempts = found.attempts.map { $0.readable(at: author.key.privacyLevel, of: terms) }
        if attempts.contains(where: \.showsAnswer) { reads.note(.storedBodies, by: author) }
        return Record(line: line(found.delivery, outlines[found.delivery.id]), attempts: attempts)
    }

    private func line(_ delivery: Delivery, _ outline: DeliveryOutline?) -> Line {
        Line(
            delivery: delivery, outline: outline,
            subscriptionName: subscriptions.index[delivery.subscription]?.terms.name)
    }

    /// The delivery that a path names. - Throws: ``ValidationError/Code/notFound``, ``StoreError``.
    private func delivery(
        _ name: String, for key: Key
    ) async throws -> (delivery: Delivery, attempts: [Attempt]) {
        guard let id = try await id(name), let found = try await store.delivery(id),
            try await reaches(found.delivery, key)
        else { throw ValidationError(.notFound, "there is no delivery \(name)") }
        return found
    }

    /// An id, or the number that the delivery had in an earlier version.
    private func id(_ name: String) async throws(StoreError) -> DeliveryID? {
        if let id = DeliveryID(name) { return id }
        guard let number = Int64(name) else { return nil }
        return try await store.delivery(formerly: number)
    }

    /// Asks the store, which knows the organizations of deleted subscriptions too.
    private func reaches(_ delivery: Delivery, _ key: Key) async throws(StoreError) -> Bool {
        guard let reach = key.reach(in: directory.directory) else { return true }
        return try await organization(of: delivery.subscription).map { reach.contains($0) } ?? false
    }

    private func organization(of id: SubscriptionID) async throws(StoreError) -> OrganizationID? {
        if let subscription = subscriptions.index[id] { return subscription.organization }
        return try await store.organization(of: id)
    }

    /// Whether a key reaches a subscription that is there, or that may have left deliveries. - Throws: ``StoreError``.
    package func knows(_ id: SubscriptionID, for key: Key) async throws(StoreError) -> Bool {
        guard let organization = try await organization(of: id) else { return false }
        return key.reach(in: directory.directory)?.contains(organization) ?? true
    }

    // MARK: Changing

    /// Makes a delivery due at once: one that waits, or one that is dead, whose schedule begins anew.
    ///
    /// - Throws: ``ValidationError/Code/notFound``, ``StoreError``.
    package func retry(_ name: String, author: Author) async throws -> Record {
        let delivery = try await delivery(name, for: author.key).delivery
        try await store.retry(delivery.id, at: author.now, audited: entry(.retry, delivery, author))
        notifier.post(.retryAsked(delivery.subscription))
        return try await record(name, for: author)
    }

    /// Cancels a delivery that waits or is dead. - Throws: ``ValidationError/Code/notFound``, ``StoreError``.
    package func cancel(_ name: String, author: Author) async throws -> Record {
        let delivery = try await delivery(name, for: author.key).delivery
        try await store.cancel(delivery.id, audited: entry(.cancel, delivery, author))
        return try await record(name, for: author)
    }

    /// Makes all that are selected due at once, and returns how many. - Throws: ``StoreError``.
    package func retry(
        _ selection: DeliverySelection, of subscription: Subscription, author: Author
    ) async throws(StoreError) -> Int {
        let moved = try await store.retry(selection, at: author.now, audited: author.entry(.retry, subscription))
        notifier.post(.retryAsked(subscription.id))
        return moved
    }

    /// Cancels all that are selected, and returns how many. - Throws: ``StoreError``.
    package func cancel(
        _ selection: DeliverySelection, of subscription: Subscription, author: Author
    ) async throws(StoreError) -> Int {
        try await store.cancel(selection, .requested, audited: author.entry(.cancel, subscription))
    }

    /// How many are selected. - Throws: ``StoreError``.
    package func count(_ selection: DeliverySelection) async throws(StoreError) -> Int {
        try await store.count(selection)
    }

    /// The audit's line; a delivery belongs where its subscription does, and of one that is gone only those hear who
    /// stand above all trees.
    private func entry(_ action: AuditEntry.Action, _ delivery: Delivery, _ author: Author) -> AuditEntry {
        let subscription = subscriptions.index[delivery.subscription]
        return author.entry(action, .delivery, delivery.id.description, of: subscription?.organization)
    }
}

extension Attempt {
    /// Whether a reader is shown something of what the receiver answered.
    fileprivate var showsAnswer: Bool {
        guard !isAnswerWithheld, case .answered(let answer) = outcome else { return false }
        return !answer.excerpt.isEmpty
    }
}
