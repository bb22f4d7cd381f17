import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A socket that accepts connections and never answers, like a receiver that hangs.
final class SilentListener: Sendable {
    let port: Int
    private let socket: Int32
    private let callers = Mutex<[Int32]>([])

    /// Listens on a free port of 127.0.0.1. As many callers and one more are connected before they are accepted; what
    /// others dial is dropped.
    init(backlog: Int32 = 16) throws {
        let opened = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var address = RawCaller.address(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(opened, $0, length) == 0 && listen(opened, backlog) == 0 && getsockname(opened, $0, &length) == 0
            }
        }
        guard isBound else { throw TestFailure("no socket listens: errno \(errno)") }
        socket = opened
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    /// A port of 127.0.0.1 on which nothing listened a moment ago.
    static func freePort() throws -> Int {
        let listener = try SilentListener()
        defer { listener.close() }
        return listener.port
    }

    /// Whether a caller has come since the last ``forget()``.
    var hasCaller: Bool {
        callers.withLock { callers in
            let caller = accept(socket, nil, nil)
            if caller >= 0 { callers.append(caller) }
            return !callers.isEmpty
        }
    }

    /// Closes what callers have opened so far.
    func forget() {
        callers.withLock { callers in
            for caller in callers { Glibc.close(caller) }
            callers = []
        }
    }

    func close() {
        forget()
        Glibc.close(socket)
    }
}
