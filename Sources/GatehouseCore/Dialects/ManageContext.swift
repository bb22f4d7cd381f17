/// The operations of the gateway that a vendor's manage API may use: on the subscriptions of its own dialect and on the
/// doors, in organizations that the caller reaches.
///
/// Subscriptions are created and changed with bodies of the native API, so that one reader and one validator serve
/// every interface.
public protocol ManageContext: Sendable {
    /// The caller's key.
    var caller: Key { get }

    /// The time of the request.
    var now: Instant { get }

    /// The organization of an API that has none in its paths: the caller's own, or the one in the header
    /// `gatehouse-organization`; for a caller above the trees the only top organization.
    ///
    /// - Throws: ``ValidationError/Code/malformed``, asking for the header, if there are several or none;
    ///   ``ValidationError/Code/forbidden`` if the caller does not reach the named one.
    func home() throws(ValidationError) -> Organization

    /// The organization with that identifier.
    ///
    /// - Throws: ``ValidationError/Code/forbidden`` if the caller does not reach it, whether or not it exists;
    ///   ``ValidationError/Code/notFound`` if it does not exist and the caller reaches all.
    func organization(_ id: OrganizationID) throws(ValidationError) -> Organization

    /// The doors of exactly that organization, each with its panel, in the order of panels and numbers.
    func doors(of organization: Organization) -> [(door: Door, panel: Panel)]

    /// Asks a door to open, once, in the caller's name. - Throws: ``StoreError``.
    func unlock(_ door: Door) async throws -> CommandOutcome

    /// The integers for these names, in their order; a name without one gets one now.
    /// - Throws: ``StoreError``.
    func numbers(of names: [Numbers.Name]) async throws -> [Int64]

    /// The dialect's subscriptions of exactly that organization, the oldest first. If the caller may not manage them,
    /// or may see less of events than a subscription sends, dots replace the values of headers, the path and query of
    /// the URL, and all secrets.
    func subscriptions(of organization: Organization) -> [Subscription]

    /// Creates a subscription from a body of the native API without `dialect` and `organization`.
    ///
    /// - Parameter rule: the contract's rule for a URL that is already used. The caller may look for it in
    ///   ``subscriptions(of:)`` before, for a quick answer, but the store decides. Without a privacy level in the body,
    ///   the stricter one of the dialect's default and the caller's level is used.
    ///
    /// - Throws: ``ValidationErrors``, ``ValidationError/Code/forbidden`` if the subscription would show more than the
    ///   caller may see, ``StoreError``; after ``StoreError/urlTaken(by:)``, the named subscription is among
    ///   ``subscriptions(of:)``.
    func add(_ terms: JSONObject, to organization: Organization, url rule: URLRule) async throws -> NewSubscription

    /// Changes what a body of the native API names. Making a subscription inactive cancels its waiting deliveries.
    /// Vendors' contracts know only active and inactive: `active: true` ends a pause, a disabling or an expiry, and
    /// revives the deliveries that died since the receiver last accepted one.
    ///
    /// - Parameters:
    ///   - subscription: the subscription as the caller found it.
    ///   - terms: computes the body from the present subscription. It is called again if another change came first.
    /// - Throws: what `terms` throws, ``ValidationErrors``, ``ValidationError/Code/forbidden`` if the subscription
    ///   shows more than the caller may see and the change says where events go or which, ``StoreError``; after
    ///   ``StoreError/conflict(index:_:field:)``, ``subscriptions(of:)`` has the subscription as other callers
    ///   changed it.
    func change(
        _ subscription: Subscription, url rule: URLRule, by terms: (Subscription) throws -> JSONObject
    ) async throws

    /// Deletes a subscription and cancels its waiting deliveries. - Throws: ``StoreError``.
    func delete(_ subscription: Subscription) async throws

    /// Cancels all waiting deliveries of a subscription, which stays as it is. - Throws: ``StoreError``.
    func clear(_ subscription: Subscription) async throws

    /// How many events each was owed since its creation. - Throws: ``StoreError``.
    func odometers(of subscriptions: [Subscription]) async throws -> [SubscriptionID: Int64]

    /// The next deliveries of a subscription, the newest event first: at most `limit`, 1 to 1,000, and only those
    /// before `before`, if it is given; see ``HistoryStore/deliveries(_:)``. - Throws: ``StoreError``.
    func deliveries(of subscription: Subscription, before: DeliveryID?, limit: Int) async throws -> DeliverySlice

    /// The delivery that had this number in an earlier version; nil if there is none. - Throws: ``StoreError``.
    func delivery(formerly number: Int64) async throws -> DeliveryID?

    /// One delivery with its attempts, oldest first, as the caller may read them: a receiver's answer is left out if
    /// more was sent than the caller may see. Nil if these subscriptions have no such delivery. - Throws:
    /// ``StoreError``.
    func delivery(
        _ id: DeliveryID, of subscriptions: [Subscription]
    ) async throws -> (delivery: Delivery, attempts: [Attempt])?

    /// The event of a delivery, at the stricter one of the caller's level and the subscription's; nil if it can no
    /// longer be read. - Throws: ``StoreError``.
    func event(of delivery: Delivery) async throws -> Event?

    /// Sends a subscription's receiver one test now, in the form of a delivery: the message of ``Dialect/test(for:)``.
    /// It is not stored or retried, and it is sent even if the subscription is inactive. - Throws: ``StoreError``, if
    /// the number of the organization cannot be read.
    func test(_ subscription: Subscription) async throws -> TestDelivery?
}

extension ManageContext {
    /// Creates a subscription whose URL others may use too.
    public func add(_ terms: JSONObject, to organization: Organization) async throws -> NewSubscription {
        try await add(terms, to: organization, url: .shared)
    }

    /// Changes a subscription whose URL others may use too.
    public func change(
        _ subscription: Subscription, by terms: (Subscription) throws -> JSONObject
    ) async throws {
        try await change(subscription, url: .shared, by: terms)
    }
}

/// A new subscription.
public struct NewSubscription: Sendable {
    /// The subscription.
    public let subscription: Subscription
    /// The secret that was made for it because its owner gave none, shown only this once; nil if none was made.
    public let madeSecret: Secret?
    /// Whether it joined an existing integration and signs with its secret, which is not shown again.
    public let joins: Bool
    /// Warnings about its terms, in sentences.
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
    /// The message.
    public let message: TestMessage
    /// The event of the test.
    public let event: Event
    /// The request that was sent.
    public let request: PreparedRequest
    /// The attempt and its outcome.
    public let attempt: Attempt

    /// Joins the four.
    public init(_ message: TestMessage, event: Event, request: PreparedRequest, attempt: Attempt) {
        self.message = message
        self.event = event
        self.request = request
        self.attempt = attempt
    }
}
