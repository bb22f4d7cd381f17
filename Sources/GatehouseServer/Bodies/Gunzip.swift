internal import CZlib
internal import GatehouseCore
internal import NIOCore

/// Decodes a gzip body (RFC 1952) piece by piece.
///
/// A body may hold several members in sequence. Decoding stops if the decoded bytes reach their bound, or are too many
/// for the bytes that were sent: the bound is on the decoded size, not on the sent size.
final class Gunzip {
    /// From this decoded size on, ``largestRatio`` applies: below it no ratio does harm.
    static let ratioBegins = 256 * 1024
    /// The largest number of decoded bytes for each sent byte. JSON of many similar events comes near 100.
    static let largestRatio = 200
    /// The estimate of decoded bytes for each sent byte, before decoding: a piece of 1 KiB or more is decoded on a
    /// thread where other requests do not wait for it.
    static let growth = 64

    /// The decoded bytes so far.
    private(set) var bytes: [UInt8] = []
    private let bound: Int
    private var taken = 0
    private var isWithinMember = false
    // zlib keeps the address, so the stream must not move.
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

    /// Decodes the next piece; `counting` is called with the number of decoded bytes, several times.
    ///
    /// - Throws: ``ValidationError/Code/malformed`` if this is not gzip, ``ValidationError/Code/tooLarge`` beyond the
    ///   bounds, and what `counting` throws.
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

    /// All decoded bytes. - Throws: ``ValidationError/Code/malformed`` if a member is not complete, or there is none.
    func finish() throws(ValidationError) -> [UInt8] {
        guard taken > 0, !isWithinMember else { throw Self.broken }
        return bytes
    }

    /// Whether zlib may hold more than the output had room for.
    private var isOutputFull: Bool { isWithinMember && stream.pointee.avail_out == 0 }

    /// Decodes as much as the output has room for; returns the number of decoded bytes.
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
            // Another member may follow (RFC 1952, section 2.2); anything else there fails as an invalid header.
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
