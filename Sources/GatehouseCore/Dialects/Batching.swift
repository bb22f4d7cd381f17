/// How a contract puts several deliveries of one subscription into one request.
///
/// The limit and the writer come together, so that a request never gets more deliveries than it has room for.
public struct Batching: Sendable {
    /// How many deliveries one request carries at most.
    public let most: Int
    /// Writes one attempt with one to ``most`` deliveries of one subscription, in the order of their events.
    ///
    /// The same parcels in the same order give equal bytes in the body. A retry may have other ones: the deliveries
    /// that are due then. A single parcel is written as ``Dialect/prepare(_:at:)`` writes it. The header fields
    /// ``Swift/Array/gatehouseHeaders`` name every event, in their order.
    public let prepare: @Sendable (_ parcels: [Parcel], _ now: Instant) -> PreparedRequest

    /// Joins the two.
    public init(most: Int, prepare: @escaping @Sendable (_ parcels: [Parcel], _ now: Instant) -> PreparedRequest) {
        self.most = most
        self.prepare = prepare
    }
}
