/// How much the courier may hold, and the shares of it.
///
/// What all receivers share is never used up by those that fail, hang or are new: they get half at most. Receivers that
/// are doing well get all but an eighth, so that the others can prove themselves. Urgent deliveries get a little more
/// than there is.
struct CourierLimits: Sendable {
    /// Jobs of one subscription in memory while there is space.
    var window = 1024
    /// Jobs in memory in all; about 1 KiB each.
    var jobs = 20_000
    /// Deliveries fetched by one claim.
    var claim = 256
    /// Claims that run at one time.
    var claims = 128
    /// Requests at once to a receiver without a result.
    var atFirst = ReceiverPace.atFirst

    /// Jobs of receivers that are doing well.
    var jobsOfWell: Int { jobs - jobs / 8 }
    /// Jobs of the other receivers.
    var jobsOfOthers: Int { jobs / 2 }
    /// Jobs beyond the bound for urgent deliveries.
    var urgentJobs: Int { jobs / 16 }
    /// Claims for receivers that are not doing well.
    var claimsOfOthers: Int { max(1, claims / 2) }
    /// Claims beyond the bound for urgent deliveries.
    var urgentClaims: Int { max(1, claims / 8) }
}
