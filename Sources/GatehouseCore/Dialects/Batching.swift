/// How a contract puts several deliveries of one subscription into one request.
///
/// Whoever says how many also says how they are written, so that no delivery can be taken into a request that has no
/// place for it.
public struct Batching: Sendable {
    /// How many deliveries one request carries at most.
    public let most: Int
    /// Writes one attempt of one to ``most`` deliveries of one subscription, which stand in the order of their events.
    ///
    /// The same parcels in the same order give equal bytes in the body. A retry need not have the same ones: what is
    /// due then goes together then. One parcel alone is written as ``Dialect/prepare(_:at:)`` writes it. The header
    /// fields ``Swift/Array/gatehouseHeaders`` name every event, in their order.
    public let prepare: @Sendable (_ parcels: [Parcel], _ now: Instant) -> PreparedRequest

    /// Joins the two.
    public init(most: Int, prepare: @escaping @Sendable (_ parcels: [Parcel], _ now: Instant) -> PreparedRequest) {
        self.most = most
        self.prepare = prepare
    }
}
