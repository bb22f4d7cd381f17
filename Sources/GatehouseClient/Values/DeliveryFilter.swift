public import GatehouseCore

extension APIClient {
    /// Which deliveries are asked for; what is left out narrows nothing.
    public struct DeliveryFilter: Hashable, Sendable {
        /// Only those to this subscription.
        public var subscription: String?
        /// Only those of this event, by the gateway's id of it.
        public var event: String?
        /// Only those in this state.
        public var state: Delivery.State?
        /// Only those whose last attempt met this, as `rejected`; see ``Attempt/outcome``.
        public var outcome: String?
        /// Only those to subscriptions of this organization and all below it.
        public var organization: String?
        /// Globs over the kinds of the events, `access.*`; empty for all.
        public var kinds: [String] = []
        /// Ids of doors; empty for all.
        public var doors: [String] = []
        /// Only those that came to be owed from then on.
        public var since: Instant?
        /// Only those that came to be owed before.
        public var until: Instant?

        /// Every delivery.
        public init() {}

        /// The filter in the words of the API.
        var query: [(String, String?)] {
            [
                ("subscription", subscription), ("event", event), ("state", state?.rawValue), ("outcome", outcome),
                ("organization", organization), ("kind", kinds.isEmpty ? nil : kinds.joined(separator: ",")),
                ("door", doors.isEmpty ? nil : doors.joined(separator: ",")),
                ("since", since.map(RFC3339.microsecondsText)), ("until", until.map(RFC3339.microsecondsText)),
            ]
        }
    }
}
