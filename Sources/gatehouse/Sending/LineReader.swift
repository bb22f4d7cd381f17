/// Cuts a stream of bytes into lines; the bytes may come in pieces of any size.
struct LineReader {
    /// One line with its number, from 1, without its end.
    struct Line: Equatable {
        let number: Int
        let bytes: [UInt8]
    }

    /// The longest line that is kept. Of a longer line only the first bytes are returned, so that its fault can be
    /// reported.
    static let longest = 4 << 20

    /// How many bytes have been read.
    private(set) var bytesRead = 0
    private let read: () -> [UInt8]?
    private var pending: [UInt8] = []
    private var searched = 0
    private var number = 0
    private var isAtEnd = false

    /// Reads by `read`, which returns an empty array at the end and nil on failure.
    init(_ read: @escaping () -> [UInt8]?) {
        self.read = read
    }

    /// The next line; nil at the end.
    ///
    /// - Throws: if reading fails.
    mutating func next() throws(CommandError) -> Line? {
        while true {
            if let end = pending[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(pending[..<end])
                pending.removeFirst(end + 1)
                searched = 0
                return take(line)
            }
            searched = pending.count
            if isAtEnd || searched > Self.longest {
                defer { (pending, searched) = ([], 0) }
                return pending.isEmpty ? nil : take(pending)
            }
            guard let more = read() else { throw CommandError(.transfer, "reading failed: \(Descriptor.reason)") }
            bytesRead += more.count
            isAtEnd = more.isEmpty
            pending += more
        }
    }

    private mutating func take(_ bytes: [UInt8]) -> Line {
        number += 1
        return Line(number: number, bytes: bytes.last == UInt8(ascii: "\r") ? Array(bytes.dropLast()) : bytes)
    }
}
