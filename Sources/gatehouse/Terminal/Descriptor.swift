import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An open file of the process, without buffers: output is visible at once, also through a pipe.
struct Descriptor: Sendable {
    /// The system's number of the file.
    let number: Int32

    /// The input of a command.
    static let input = Descriptor(number: STDIN_FILENO)
    /// The result of a command.
    static let output = Descriptor(number: STDOUT_FILENO)
    /// All output that is not the result.
    static let errors = Descriptor(number: STDERR_FILENO)

    /// Opens a file for reading; nil if the system refuses, and ``reason`` says why.
    init?(reading path: String) {
        let number = open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return nil }
        self.number = number
    }

    private init(number: Int32) {
        self.number = number
    }

    /// Why the last call failed, in the system's words.
    static var reason: String { String(cString: strerror(errno)) }

    /// Whether a person reads it.
    var isTerminal: Bool { isatty(number) == 1 }

    /// How many characters fit into a line; nil if it is not a terminal.
    var width: Int? {
        var size = winsize()
        guard isTerminal, ioctl(number, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// The number of bytes of a seekable file; nil for a pipe or a terminal.
    var size: Int? {
        let place = lseek(number, 0, SEEK_CUR)
        guard place >= 0 else { return nil }
        let end = lseek(number, 0, SEEK_END)
        guard end >= 0, lseek(number, place, SEEK_SET) == place else { return nil }
        return Int(end)
    }

    /// Writes the whole text. If the reader has gone away, the rest is dropped.
    func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { systemWrite(number, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else {
                if number == STDOUT_FILENO, errno != EPIPE { outputFault.store(errno, ordering: .relaxed) }
                return
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Why some output was not written; nil if all of it was, or the reader has gone away.
    static var outputFailure: String? {
        let code = outputFault.load(ordering: .relaxed)
        return code == 0 ? nil : String(cString: strerror(code))
    }

    /// The next bytes, at most `limit`; empty at the end, nil if reading fails.
    func read(upTo limit: Int) -> [UInt8]? {
        while true {
            var count = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
                count = systemRead(number, buffer.baseAddress, limit)
                filled = max(0, count)
            }
            if count < 0, errno == EINTR { continue }
            return count < 0 ? nil : bytes
        }
    }

    /// Closes the file.
    func close() { systemClose(number) }
}

/// The system's error number of the first failed output; 0 for none.
private let outputFault = Atomic<Int32>(0)

// The members above have the names of the system's functions, which are called through these functions.
private func systemWrite(_ number: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(number, bytes, count)
}
private func systemRead(_ number: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(number, bytes, count)
}
private func systemClose(_ number: Int32) { _ = close(number) }
