/// A random generator with the same output for the same seed (SplitMix64), so that a failed run can be repeated.
///
/// Never use it for secrets or identifiers: a few of its numbers reveal the rest.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    /// The seed, to be printed on a failure.
    public let seed: UInt64
    private var state: UInt64

    /// Begins with a seed.
    public init(seed: UInt64) {
        self.seed = seed
        self.state = seed
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
