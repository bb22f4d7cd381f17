/// The words that this library has a name for, so that a test can hold them against those that a gateway may answer. A
/// newer gateway may answer others.
extension GatehouseClient.Delivery.State: CaseIterable {
    /// Every state of a delivery.
    public static let allCases: [Self] = [.waiting, .leased, .delivered, .dead, .cancelled]
}

extension GatehouseClient.Key.Role: CaseIterable {
    /// Every role.
    public static let allCases: [Self] = [.admin, .manager, .reporter, .source]
}

extension GatehouseClient.SubscriptionHealth.State: CaseIterable {
    /// Every word for how deliveries fare.
    public static let allCases: [Self] = [.ok, .failing, .resting, .held, .idle]
}

extension GatehouseClient.Subscription.Hold: CaseIterable {
    /// Every reason for which deliveries are held back, and none.
    public static let allCases: [Self] = [.none, .paused, .disabled]
}
