/// How answers to wrong credentials are held back; every setting has a default. Right credentials are always answered
/// at once.
package struct GuessSettings: Hashable, Sendable {
    /// How long the second wrong credential from one address waits for its answer; each further one waits twice as long
    /// as the one before. With zero no answer is held back.
    package var firstWait: Duration = .milliseconds(250)
    /// The longest time that an answer is held back.
    package var longestWait: Duration = .seconds(8)
    /// How long after its last wrong credential an address counts as new.
    package var memory: Duration = .seconds(600)
    /// How many answers may be held back at once for one address; beyond them the answer is 429 at once.
    package var waitingPerAddress = 64
    /// How many answers may be held back at once in all; beyond them the answer is 429 at once.
    package var waiting = 1024
    /// How many addresses are remembered; beyond that, those with the oldest failures are forgotten.
    package var addresses = 10_000
    /// How many wrong credentials a minute get their own log line; the rest are logged as a number.
    package var logLines = 20
    /// How many audit lines the wrong credentials of a minute may have; the rest are one line for each interface.
    package var auditLines = 200

    /// The defaults.
    package init() {}
}
