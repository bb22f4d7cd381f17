/// Whole seconds since 1970-01-01T00:00:00Z, without leap seconds: the unit of `webhook-timestamp`.
///
/// An integer, so that a receiver needs no calendar library: `time(nil)` is one already.
public typealias UnixSeconds = Int64
