/// How wrong credentials are held back; every setting has a default. What is right is answered at once, always.
public struct GuessSettings: Hashable, Sendable {
    /// How long the second wrong credential from one address waits for its answer; each further one waits twice as long
    /// as the one before. Zero holds nothing back.
    public var firstWait: Duration = .milliseconds(250)
    /// The longest that an answer is held back.
    public var longestWait: Duration = .seconds(8)
    /// How long after its last wrong credential an address begins anew.
    public var memory: Duration = .seconds(600)
    /// How many answers may be held back at once for one address; beyond them the answer is 429 at once.
    public var waitingPerAddress = 64
    /// How many answers may be held back at once in all; beyond them the answer is 429 at once.
    public var waiting = 1024
    /// How many addresses are remembered; beyond them those are forgotten that have been quiet for longest.
    public var addresses = 10_000
    /// How many wrong credentials the log tells of one by one in a minute; the rest are told as a number.
    public var logLines = 20
    /// How many lines a minute's wrong credentials may have in the audit; the rest are one line an interface.
    public var auditLines = 200

    /// The defaults.
    public init() {}
}
