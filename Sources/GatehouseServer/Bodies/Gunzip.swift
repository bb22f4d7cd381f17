internal import CZlib
internal import GatehouseCore
internal import NIOCore

/// Decodes a body that is compressed by gzip (RFC 1952), as its pieces come.
///
/// A body may hold several members one behind the other. It ends where the bytes that came out reach their bound, or
/// are too many for those that went in: what is decoded has a bound, not what was sent.
final class Gunzip {
    /// From how many bytes on a body is held to ``largestRatio``: below it no ratio does harm.
    static let ratioBegins = 256 * 1024
    /// How many bytes may come out for each that goes in. JSON of many alike events comes near 100.
    static let largestRatio = 200
    /// How many bytes are reckoned to come out for each that goes in, before they did: a piece from 1 KiB on is decoded
    /// where other requests do not wait for it.
    static let growth = 64

    /// What came out so far.
    private(set) var bytes: [UInt8] = []
    private let bound: Int
    private var taken = 0
    private var isWithinMember = false
    // zlib keeps the address, so the stream stays in its place.
    private let stream: UnsafeMutablePointer<z_stream>
    private var output = [UInt8](repeating: 0, count: 64 * 1024)

    /// Decodes at most so many bytes.
    init(upTo bound: Int) {
        self.bound = bound
        self.stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let headerOfGzip: Int32 = 16
        let status = inflateInit2_(
            stream, MAX_WBITS + headerOfGzip, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib has no memory")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Takes the next piece; `counting` is told how many bytes came out, some at a time.
    ///
    /// - Throws: ``ValidationError/Code/malformed`` where this is no gzip, ``ValidationError/Code/tooLarge`` beyond the
    ///   bounds, and what
    ///   `counting` throws.
    func take(_ piece: ByteBuffer, counting: (Int) throws -> Void) throws {
        try piece.withUnsafeReadableBytes { input in
            guard let start = input.bindMemory(to: UInt8.self).baseAddress else { return }
            // zlib's type has no const; it does not write there.
            stream.pointee.next_in = UnsafeMutablePointer(mutating: start)
            stream.pointee.avail_in = UInt32(input.count)
            repeat {
                let before = stream.pointee.avail_in
                let count = try step()
                taken += Int(before - stream.pointee.avail_in)
                if count > 0 {
                    try check(more: count)
                    try counting(count)
                    bytes += output[..<count]
                } else if before > 0, stream.pointee.avail_in == before {
                    throw Self.broken
                }
            } while stream.pointee.avail_in > 0 || isOutputFull
            stream.pointee.next_in = nil
        }
    }

    /// What came out, whole. - Throws: ``ValidationError/Code/malformed`` where a member is not at its end, or none
    /// began.
    func finish() throws(ValidationError) -> [UInt8] {
        guard taken > 0, !isWithinMember else { throw Self.broken }
        return bytes
    }

    /// Whether zlib may hold more than had room in the output.
    private var isOutputFull: Bool { isWithinMember && stream.pointee.avail_out == 0 }

    /// Decodes as much as has room in the output; returns how much came out.
    private func step() throws(ValidationError) -> Int {
        let room = output.count
        let status = output.withUnsafeMutableBufferPointer { buffer in
            stream.pointee.next_out = buffer.baseAddress
            stream.pointee.avail_out = UInt32(room)
            return inflate(stream, Z_NO_FLUSH)
        }
        switch status {
        case Z_OK, Z_BUF_ERROR: isWithinMember = true
        case Z_STREAM_END:
            isWithinMember = false
            // Another member may follow (RFC 1952, section 2.2); anything else there is met as no header of one.
            inflateReset(stream)
        default: throw Self.broken
        }
        return room - Int(stream.pointee.avail_out)
    }

    private func check(more count: Int) throws(ValidationError) {
        let whole = bytes.count + count
        guard whole <= bound else { throw ValidationError(.tooLarge, "the body has more than \(bound) bytes, decoded") }
        guard whole <= Self.ratioBegins || whole / max(1, taken) <= Self.largestRatio else {
            throw ValidationError(
                .tooLarge,
                "the body has more than \(Self.largestRatio) bytes, decoded, for each that was sent: send it in parts")
        }
    }

    private static let broken = ValidationError(
        .malformed, field: "content-encoding",
        "the body is no gzip (RFC 1952), is not whole, or has more behind its end")
}
