import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An open file of the process, used without buffers: what is written is seen at once, also through a pipe.
struct Descriptor: Sendable {
    /// The system's number of it.
    let number: Int32

    /// Where a command's input comes from.
    static let input = Descriptor(number: STDIN_FILENO)
    /// Where a command's result goes.
    static let output = Descriptor(number: STDOUT_FILENO)
    /// Where everything goes that is not the result.
    static let errors = Descriptor(number: STDERR_FILENO)

    /// Opens a file for reading; nil where the system does not let us, and ``reason`` says why.
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

    /// Whether a person sits at the other end.
    var isTerminal: Bool { isatty(number) == 1 }

    /// How many characters fit into a line; nil where no person looks at it.
    var width: Int? {
        var size = winsize()
        guard isTerminal, ioctl(number, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// How many bytes there are in what can be read from any place; nil for a pipe or a terminal.
    var size: Int? {
        let place = lseek(number, 0, SEEK_CUR)
        guard place >= 0 else { return nil }
        let end = lseek(number, 0, SEEK_END)
        guard end >= 0, lseek(number, place, SEEK_SET) == place else { return nil }
        return Int(end)
    }

    /// Writes the whole text. A reader that has gone away ends the matter: there is nobody to tell.
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

    /// Why something that was written to the output is not there; nil where all of it is, or nobody wants it any more.
    static var outputFailure: String? {
        let code = outputFault.load(ordering: .relaxed)
        return code == 0 ? nil : String(cString: strerror(code))
    }

    /// The next bytes, at most `limit`; empty at the end, nil where reading fails.
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

    /// Lets the system have it back.
    func close() { systemClose(number) }
}

/// What the system said when the output could not be written, by its number; 0 for nothing.
private let outputFault = Atomic<Int32>(0)

// The members above have the names of the system's functions, which are reached from out here.
private func systemWrite(_ number: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(number, bytes, count)
}
private func systemRead(_ number: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(number, bytes, count)
}
private func systemClose(_ number: Int32) { _ = close(number) }
