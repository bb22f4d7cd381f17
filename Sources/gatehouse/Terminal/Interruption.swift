import Dispatch

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The signals by which a person or a service manager ends a command midway.
struct Interruption {
    private let sources: [any DispatchSourceSignal]

    /// Hears the signals from now on, on a thread of the system, so that a command which keeps its own thread busy is
    /// ended all the same. A signal that was ignored when the command began stays ignored, as `nohup` wants it.
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

    /// Hears them no more.
    func cancel() { for source in sources { source.cancel() } }

    /// Has a command say how far it came and then ends it, as the shell says of a process that a signal ended: with 128
    /// and the signal's number.
    static func telling(_ tell: @escaping @Sendable () -> Void) -> Interruption {
        Interruption { number in
            tell()
            _exit(128 + number)
        }
    }
}
