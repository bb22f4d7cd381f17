/// What the gateway does when asked: the use cases that its interfaces share.
package struct UseCases: Sendable {
    /// Organizations, panels and doors: reading and changing them.
    package let directory: DirectoryService
    /// Keys: reading and changing them.
    package let keys: KeyService
    /// Triggers: reading and changing them.
    package let triggers: TriggerService
    /// Subscriptions: reading, changing, replaying and testing them.
    package let subscriptions: SubscriptionService
    /// Deliveries: reading them, and retrying or cancelling them.
    package let deliveries: DeliveryQueries
    /// Stored events by their ids.
    package let events: EventQueries
    /// Events in the order of their commits.
    package let feed: Feed
    /// How the store and the subscriptions are, for the status, the probes and the metrics.
    package let status: StatusQueries
    /// Erasures: beginning and reading them.
    package let erasures: ErasureService
    /// Entries of the audit and its proof.
    package let audit: AuditQueries
    /// Notes the first use of a key that was given to a person.
    package let firstUse: FirstUse

    /// Joins what is made and changed with what is read.
    package init(
        _ nouns: Nouns, _ queries: Queries, feed: Feed, erasures: ErasureService
    ) {
        self.directory = nouns.directory
        self.keys = nouns.keys
        self.triggers = nouns.triggers
        self.subscriptions = nouns.subscriptions
        self.firstUse = nouns.firstUse
        self.deliveries = queries.deliveries
        self.events = queries.events
        self.status = queries.status
        self.audit = queries.audit
        self.feed = feed
        self.erasures = erasures
    }

    /// What callers read.
    package struct Queries: Sendable {
        let deliveries: DeliveryQueries
        let events: EventQueries
        let status: StatusQueries
        let audit: AuditQueries

        /// Joins the four.
        package init(deliveries: DeliveryQueries, events: EventQueries, status: StatusQueries, audit: AuditQueries) {
            self.deliveries = deliveries
            self.events = events
            self.status = status
            self.audit = audit
        }
    }

    /// What callers make and change.
    package struct Nouns: Sendable {
        let directory: DirectoryService
        let keys: KeyService
        let triggers: TriggerService
        let subscriptions: SubscriptionService
        let firstUse: FirstUse

        /// Joins the five.
        package init(
            directory: DirectoryService, keys: KeyService, triggers: TriggerService,
            subscriptions: SubscriptionService, firstUse: FirstUse
        ) {
            self.directory = directory
            self.keys = keys
            self.triggers = triggers
            self.subscriptions = subscriptions
            self.firstUse = firstUse
        }
    }
}
