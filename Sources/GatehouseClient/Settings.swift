extension APIClient {
    /// How a client calls; every bound has a name.
    public struct Settings: Sendable {
        /// How long a connection may take, the handshake of TLS included.
        public var connectTimeout = Duration.seconds(10)
        /// How long one try may take, from dialling to the last byte of the answer: longer than a gateway under load
        /// takes to commit.
        public var answerTimeout = Duration.seconds(60)
        /// How long a test of a subscription may take: longer than a receiver may through all phases of an attempt.
        public var testTimeout = Duration.seconds(180)
        /// How long what is done to many deliveries at once may take.
        public var bulkTimeout = Duration.seconds(600)
        /// How long a stream of events may say nothing; a gateway speaks every 15 s.
        public var silenceTimeout = Duration.seconds(60)
        /// The longest answer that is read, in bytes.
        public var answerBytes = 32 << 20
        /// How often and when a call is tried again.
        public var retries = Retries()
        /// Whose certificates are trusted where the gateway is called by https.
        public var trust = Trust.system
        /// Who calls, for the gateway's log and audit.
        public var userAgent: String?

        /// The defaults.
        public init() {}
    }

    /// Whose certificates are trusted.
    public enum Trust: Hashable, Sendable {
        /// Those that the system trusts.
        case system
        /// Those of a PEM file, and no others.
        case authorities(file: String)
        /// Anybody's: for a gateway on a bench. Whoever stands between reads the key.
        case insecure
    }

    /// How often and when a call is tried again that may be.
    public struct Retries: Hashable, Sendable {
        /// How many tries there are, the first included.
        public var attempts: Int
        /// The pause before the second try; each later one is twice as long, less up to half by chance.
        public var firstPause: Duration
        /// The longest pause. A gateway that asks for a longer one with `Retry-After` is not waited for.
        public var longestPause: Duration
        /// After how long no further try begins, so that a gateway which takes connections and never answers is not
        /// waited for again and again; nil for no bound.
        public var longest: Duration?

        /// Four tries within about two seconds, more where the gateway asks for patience.
        public init(
            attempts: Int = 4, firstPause: Duration = .milliseconds(250), longestPause: Duration = .seconds(30)
        ) {
            self.attempts = attempts
            self.firstPause = firstPause
            self.longestPause = longestPause
        }

        /// One try and no more.
        public static let none = Retries(attempts: 1)

        /// The pause after so many tries: `250 ms, 500 ms, 1 s …` times `1 - chance / 2`.
        func pause(after tries: Int, chance: Double) -> Duration {
            var pause = firstPause
            for _ in 1..<max(1, tries) where pause < longestPause { pause *= 2 }
            return min(pause, longestPause) * (1 - chance / 2)
        }
    }

    /// Where time and chance come from.
    struct Pauses: Sendable {
        /// Waits; throws where the task is cancelled.
        var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
        /// From 0 to 1.
        var chance: @Sendable () -> Double = { Double.random(in: 0...1) }
    }
}
