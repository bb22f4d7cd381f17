/// All that a vendor's manage API may ask of the gateway: the subscriptions of its own dialect, in organizations that
/// the caller reaches.
///
/// Subscriptions are made and changed in the words of the native API, so that one reader and one validator hold
/// whichever door a subscription came through.
public protocol Desk: Sendable {
    /// Who asks.
    var caller: Key { get }

    /// When it was asked.
    var now: Instant { get }

    /// The organization in which an API acts that has none in its paths: the caller's own, or the one that the header
    /// `gatehouse-organization` names; for a caller above the trees the only one on top.
    ///
    /// - Throws: ``Fault/Code/malformed``, asking for the header, where there are several or none;
    ///   ``Fault/Code/forbidden`` where the caller does not reach the one that is named.
    func home() throws(Fault) -> Organization

    /// The organization of that identifier.
    ///
    /// - Throws: ``Fault/Code/forbidden`` where the caller does not reach it, whether or not there is one;
    ///   ``Fault/Code/notFound`` where a caller who reaches all finds none.
    func organization(_ id: OrganizationID) throws(Fault) -> Organization

    /// The dialect's subscriptions of exactly that organization, the oldest first.
    func subscriptions(of organization: Organization) -> [Subscription]

    /// Makes a subscription from a body of the native API without `dialect` and `organization`.
    ///
    /// - Throws: ``Faults``, ``StoreError``.
    func add(_ terms: JSONObject, to organization: Organization) async throws -> Subscription

    /// Changes what a body of the native API names. Made inactive, what waits is cancelled.
    ///
    /// - Throws: ``Faults``, ``StoreError``.
    func change(_ subscription: Subscription, by terms: JSONObject) async throws

    /// Deletes a subscription and cancels what waits for it. - Throws: ``StoreError``.
    func delete(_ subscription: Subscription) async throws

    /// How many events each was owed since it was made. - Throws: ``StoreError``.
    func odometers(of subscriptions: [Subscription]) async throws -> [SubscriptionID: Int64]
}
