/// All that a vendor's manage API may ask of the gateway: the subscriptions of its own dialect and the doors, in
/// organizations that the caller reaches.
///
/// Subscriptions are made and changed in the words of the native API, so that one reader and one validator hold
/// whichever door a subscription came through.
public protocol ManageContext: Sendable {
    /// Who asks.
    var caller: Key { get }

    /// When it was asked.
    var now: Instant { get }

    /// The organization in which an API acts that has none in its paths: the caller's own, or the one that the header
    /// `gatehouse-organization` names; for a caller above the trees the only one on top.
    ///
    /// - Throws: ``ValidationError/Code/malformed``, asking for the header, where there are several or none;
    ///   ``ValidationError/Code/forbidden`` where the caller does not reach the one that is named.
    func home() throws(ValidationError) -> Organization

    /// The organization of that identifier.
    ///
    /// - Throws: ``ValidationError/Code/forbidden`` where the caller does not reach it, whether or not there is one;
    ///   ``ValidationError/Code/notFound`` where a caller who reaches all finds none.
    func organization(_ id: OrganizationID) throws(ValidationError) -> Organization

    /// The doors of exactly that organization, each with its panel, in the order of panels and numbers.
    func doors(of organization: Organization) -> [(door: Door, panel: Panel)]

    /// Tells a door to open, once, in the caller's name. - Throws: ``StoreError``.
    func unlock(_ door: Door) async throws -> CommandOutcome

    /// The integers that stand for names, given now to those that have none, in the names' order.
    /// - Throws: ``StoreError``.
    func numbers(of names: [Numbers.Name]) async throws -> [Int64]

    /// The dialect's subscriptions of exactly that organization, the oldest first. A caller who may not manage them, or
    /// who sees less of events than goes to one, is shown dots for the values of headers, for what stands behind the
    /// URL's host, and for all secrets.
    func subscriptions(of organization: Organization) -> [Subscription]

    /// Makes a subscription from a body of the native API without `dialect` and `organization`.
    ///
    /// - Parameter rule: what the contract says of a URL that comes twice. The caller may look for it in
    ///   ``subscriptions(of:)`` before, for a quick answer; what holds is what the store says.
    /// Where the body names no privacy level, it is the dialect's usual one or the caller's, whichever is stricter.
    ///
    /// - Throws: ``ValidationErrors``, ``ValidationError/Code/forbidden`` where the subscription would show more than
    ///   the caller may see,
    ///   ``StoreError``; where it is ``StoreError/urlTaken(by:)``, that subscription is among
    ///   ``subscriptions(of:)`` from then on.
    func add(_ terms: JSONObject, to organization: Organization, url rule: URLRule) async throws -> NewSubscription

    /// Changes what a body of the native API names. Made inactive, what waits is cancelled. Vendors' contracts know
    /// active and inactive and nothing between: `active: true` lifts whatever holds the subscription back, a pause, a
    /// disabling or an end that has passed, and brings back what died since the receiver last took something.
    ///
    /// - Throws: ``ValidationErrors``, ``ValidationError/Code/forbidden`` where the subscription shows more than the
    ///   caller may see and the
    ///   change says where events go or which, ``StoreError``; after ``StoreError/conflict(index:_:)`` the subscription
    ///   stands among ``subscriptions(of:)`` as others have made it.
    func change(_ subscription: Subscription, by terms: JSONObject, url rule: URLRule) async throws

    /// Deletes a subscription and cancels what waits for it. - Throws: ``StoreError``.
    func delete(_ subscription: Subscription) async throws

    /// Cancels all that waits for a subscription, which stays as it is. - Throws: ``StoreError``.
    func clear(_ subscription: Subscription) async throws

    /// How many events each was owed since it was made. - Throws: ``StoreError``.
    func odometers(of subscriptions: [Subscription]) async throws -> [SubscriptionID: Int64]

    /// What became of what a subscription was owed, newest first: at most `limit` deliveries, 1 to 1,000, those before
    /// `before` where it is given. - Throws: ``StoreError``.
    func deliveries(of subscription: Subscription, before: DeliveryID?, limit: Int) async throws -> [Delivery]

    /// One delivery with its attempts, oldest first, as the caller may read them: what a receiver answered is left out
    /// where it was sent more than that. nil where there is none of these subscriptions. - Throws: ``StoreError``.
    func delivery(
        _ id: DeliveryID, of subscriptions: [Subscription]
    ) async throws -> (delivery: Delivery, attempts: [Attempt])?

    /// The event that a delivery owes, with no more in it than both the caller and the subscription may read; nil where
    /// it can not be read any more. - Throws: ``StoreError``.
    func event(of delivery: Delivery) async throws -> Event?

    /// Sends a subscription's receiver one test now, as a delivery would leave: what the dialect says in
    /// ``Dialect/test(for:)``. Nothing of it is kept or tried again, and it goes out whether or not the subscription is
    /// active. - Throws: ``StoreError``, where the number of the organization cannot be read.
    func test(_ subscription: Subscription) async throws -> TestDelivery?
}

extension ManageContext {
    /// Makes a subscription whose URL others may have.
    public func add(_ terms: JSONObject, to organization: Organization) async throws -> NewSubscription {
        try await add(terms, to: organization, url: .shared)
    }

    /// Changes a subscription whose URL others may have.
    public func change(_ subscription: Subscription, by terms: JSONObject) async throws {
        try await change(subscription, by: terms, url: .shared)
    }
}

/// A subscription that was just made.
public struct NewSubscription: Sendable {
    /// The subscription.
    public let subscription: Subscription
    /// The secret that was made for it because its owner gave none, to be shown this once; nil where none was made.
    public let madeSecret: Secret?
    /// Whether it joined an integration that was there before it, whose secret it signs with: that is not shown again.
    public let joins: Bool
    /// What its maker should know of its terms, in sentences.
    public var warnings: [String] = []

    /// Joins the three.
    public init(_ subscription: Subscription, madeSecret: Secret?, joins: Bool) {
        self.subscription = subscription
        self.madeSecret = madeSecret
        self.joins = joins
    }
}

/// One test of a receiver.
public struct TestDelivery: Sendable {
    /// What was said.
    public let message: TestMessage
    /// What the test told of.
    public let event: Event
    /// What was sent.
    public let request: PreparedRequest
    /// What it met.
    public let attempt: Attempt

    /// Joins the four.
    public init(_ message: TestMessage, event: Event, request: PreparedRequest, attempt: Attempt) {
        self.message = message
        self.event = event
        self.request = request
        self.attempt = attempt
    }
}
