internal import NIOPosix

/// Does what takes long with a large body on threads of its own, so that the threads that answer requests are never
/// held up by one: probes are answered while the largest body is read.
enum HeavyWork {
    /// From how many bytes on a body is large: what is smaller is done sooner than handed over and back.
    static let begins = 64 * 1024
    /// How many large bodies are read at once; the others wait, and hold up nothing but themselves.
    static let threads = 2

    private static let pool: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: threads)
        pool.start()
        return pool
    }()

    /// Does the work on so many bytes, here or there. - Throws: what it throws.
    static func run<Value: Sendable>(on bytes: Int, _ work: @escaping @Sendable () throws -> Value) async throws
        -> Value
    {
        guard bytes >= begins else { return try work() }
        return try await pool.runIfActive(work)
    }
}
