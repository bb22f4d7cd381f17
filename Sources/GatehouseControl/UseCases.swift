/// What the gateway does when asked: the use cases that its interfaces share.
package struct UseCases: Sendable {
    package let directory: DirectoryService
    package let keys: KeyService
    package let triggers: TriggerService
    package let subscriptions: SubscriptionService
    package let deliveries: DeliveryQueries
    package let events: EventQueries
    package let feed: Feed
    package let status: StatusQueries
    package let erasures: ErasureService
    package let audit: AuditQueries
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
