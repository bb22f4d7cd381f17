/// The bounds of a subscription's terms, in one place for those who check them and for those who write them down.
public enum TermsBounds {
    /// How many characters a name has.
    public static let name = 1...200
    /// How many kinds, doors or panels may be named.
    public static let list = 1000
    /// How many bytes each of them has.
    public static let listed = 1...128
    /// How long one attempt may take, in milliseconds.
    public static let timeout: ClosedRange<Int64> = 1000...30_000
    /// How many deliveries may be in flight.
    public static let concurrency: ClosedRange<Int64> = 1...256
    /// How many are where the owner says nothing.
    public static let defaultConcurrency = 16
    /// How many delays a retry schedule has.
    public static let delays = 1...50
    /// How long one of them is, in seconds: up to a week.
    public static let delay: ClosedRange<Int64> = 0...604_800
    /// How many header fields of the owner's go with each delivery.
    public static let headers = HeaderRule.most
}
