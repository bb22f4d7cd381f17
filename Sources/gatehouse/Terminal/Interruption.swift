import Dispatch

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The signals with which a person or a service manager ends a command.
struct Interruption {
    private let sources: [any DispatchSourceSignal]

    /// Listens for the signals from now on, on a thread of the system, so that a command that blocks its own thread can
    /// be ended too. A signal that was ignored when the command began stays ignored, for `nohup`.
    ///
    /// - Parameter end: is called with the signal's number.
    init(_ end: @escaping @Sendable (Int32) -> Void) {
        sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number in
            let before = signal(number, SIG_IGN)
            guard unsafeBitCast(before, to: Int.self) != unsafeBitCast(SIG_IGN, to: Int.self) else { return nil }
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler { end(number) }
            source.resume()
            return source
        }
    }

    /// Stops listening.
    func cancel() { for source in sources { source.cancel() } }

    /// Lets a command report how far it came and then ends it with the exit code that a shell gives for a signal: 128
    /// plus the signal's number.
    static func reporting(_ report: @escaping @Sendable () -> Void) -> Interruption {
        Interruption { number in
            report()
            _exit(128 + number)
        }
    }
}
