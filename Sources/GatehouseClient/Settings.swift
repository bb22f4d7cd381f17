extension APIClient {
    /// How a client calls; every bound has a name.
    public struct Settings: Sendable {
        /// How long connecting may take, with the TLS handshake.
        public var connectTimeout = Duration.seconds(10)
        /// How long one try may take, from connecting to the last byte of the answer: longer than a loaded gateway
        /// needs to commit.
        public var answerTimeout = Duration.seconds(60)
        /// How long a test of a subscription may take: longer than a receiver may take for all phases of an attempt.
        public var testTimeout = Duration.seconds(180)
        /// How long an operation on many deliveries may take.
        public var bulkTimeout = Duration.seconds(600)
        /// How long a stream of events may be silent; a gateway sends something every 15 s.
        public var silenceTimeout = Duration.seconds(60)
        /// The longest answer that is read, in bytes.
        public var answerBytes = 32 << 20
        /// How often and when a call is repeated.
        public var retries = Retries()
        /// Which certificates are trusted if the gateway is called by https.
        public var trust = Trust.system
        /// The caller's name, for the gateway's log and audit.
        public var userAgent: String?

        /// The defaults.
        public init() {}
    }

    /// Which certificates are trusted.
    public enum Trust: Hashable, Sendable {
        /// Those that the system trusts.
        case system
        /// Those of a PEM file, and no others.
        case authorities(file: String)
        /// Any certificate: only for tests. A proxy in between could read the key.
        case insecure
    }

    /// How often and when a repeatable call is repeated.
    public struct Retries: Hashable, Sendable {
        /// How many tries there are, including the first.
        public var attempts: Int
        /// The pause before the second try; each later one is twice as long, minus a random part of up to one half.
        public var firstPause: Duration
        /// The longest pause. If a gateway asks for a longer one with `Retry-After`, the client does not wait.
        public var longestPause: Duration
        /// The time after which no further try begins, so that the client does not wait again and again for a gateway
        /// that accepts connections and never answers; nil for no bound.
        public var longest: Duration?

        /// Four tries within about two seconds, more if the gateway asks for a pause.
        public init(
            attempts: Int = 4, firstPause: Duration = .milliseconds(250), longestPause: Duration = .seconds(30)
        ) {
            self.attempts = attempts
            self.firstPause = firstPause
            self.longestPause = longestPause
        }

        /// One try only.
        public static let none = Retries(attempts: 1)

        /// The pause after this many tries: `250 ms, 500 ms, 1 s …` times `1 - chance
        /// 2`.
        func pause(after tries: Int, chance: Double) -> Duration {
            var pause = firstPause
            for _ in 1..<max(1, tries) where pause < longestPause { pause *= 2 }
            return min(pause, longestPause) * (1 - chance / 2)
        }
    }

    /// The source of pauses and chance.
    struct Pauses: Sendable {
        /// Waits; throws if the task is cancelled.
        var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
        /// From 0 to 1.
        var chance: @Sendable () -> Double = { Double.random(in: 0...1) }
    }
}
