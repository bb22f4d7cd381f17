/// The limits of a subscription's terms, in one place for validation and documentation.
public enum TermsBounds {
    /// The length of a name, in characters.
    public static let name = 1...200
    /// The maximum number of kinds, doors or panels.
    public static let list = 1000
    /// The length of each of them, in bytes.
    public static let listed = 1...128
    /// The time for one attempt, in milliseconds.
    public static let timeout: ClosedRange<Int64> = 1000...30_000
    /// How many deliveries may be in flight.
    public static let concurrency: ClosedRange<Int64> = 1...256
    /// The default of that number.
    public static let defaultConcurrency = 16
    /// The number of delays in a retry schedule.
    public static let delays = 1...50
    /// The length of one delay, in seconds: up to a week.
    public static let delay: ClosedRange<Int64> = 0...604_800
    /// The maximum number of the owner's header fields.
    public static let headers = HeaderRule.most
}
