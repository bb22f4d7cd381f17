internal import GatehouseCore

/// A delivery that this gateway holds: leased in the store, in memory, about to be attempted.
struct DeliveryJob: Sendable {
    let id: DeliveryID
    let subscription: SubscriptionID
    private(set) var event: Event
    let lane: Lane
    /// How many attempts were made before this one.
    let attempts: Int
    /// How many of them belong to an earlier schedule.
    let spent: Int
    var isReplay: Bool { id.round > 0 }
    /// How its receiver was doing when the job was taken for a request.
    var standing = ReceiverPace.Standing.unproven
    /// Whether the connection is kept after the request.
    var keepsConnection = true

    /// Whether its event was accepted before the other's; for the same event, whether it was owed before.
    func isOlder(than other: DeliveryJob) -> Bool {
        (event.labels.numbers.position ?? 0, id) < (other.event.labels.numbers.position ?? 0, other.id)
    }

    func parcel(for subscription: Subscription) -> Parcel {
        Parcel(event: event, subscription: subscription, attempt: attempts + 1, isReplay: isReplay)
    }

    /// The same job with its event in the form in which it may be sent now.
    func with(_ event: Event) -> DeliveryJob {
        guard event !== self.event else { return self }
        var job = self
        job.event = event
        return job
    }

    func handedBack(at now: Instant) -> Settlement {
        Settlement(delivery: id, next: .handedBack(due: now), attempt: nil)
    }
}

extension PreparedRequest {
    /// The request in the share that its job may use. The connection to a receiver that has failed is not kept: it may
    /// be long until the next request.
    func inShare(of job: DeliveryJob) -> PreparedRequest {
        var request = self
        request.share = job.lane == .urgent ? .urgent : job.standing == .well ? .well : .others
        request.keepsConnection = job.keepsConnection
        return request
    }
}
