import GatehouseCore
import HTTPTypes
import NIOCore

/// Writes a request into one buffer: request line, Host, header fields, Content-Length, body. So it leaves in one
/// system call and, because these requests are small, usually in one packet.
enum RequestWriter {
    /// Why a request is not written. The fault would be our own, so the sentence contains no value.
    struct WriteError: Error {
        let reason: String
    }

    /// Appends the request; nil on success. After a fault the buffer is invalid and must not be sent.
    static func write(_ request: PreparedRequest, hostHeader: String, into buffer: inout ByteBuffer) -> WriteError? {
        let start = buffer.writerIndex
        buffer.writeString(request.method.rawValue)
        buffer.writeInteger(UInt8(ascii: " "))
        buffer.writeString(request.url.requestTarget)
        buffer.writeStaticString(" HTTP/1.1\r\nHost: ")
        buffer.writeString(hostHeader)
        var lines = 2
        for field in request.headers {
            guard !belongsToPool(field.name) else {
                return WriteError(reason: "the request carries a header field that only the connection may write")
            }
            buffer.writeStaticString("\r\n")
            buffer.writeString(field.name.rawName)
            buffer.writeStaticString(": ")
            field.withUnsafeBytesOfValue { _ = buffer.writeBytes(UnsafeRawBufferPointer($0)) }
            lines += 1
        }
        if !request.body.isEmpty || expectsBody(request.method) {
            buffer.writeStaticString("\r\nContent-Length: ")
            buffer.writeString(String(request.body.count))
            lines += 1
        }
        buffer.writeStaticString("\r\n\r\n")
        guard isClean(buffer, from: start, lines: lines + 1) else {
            return WriteError(reason: "a header field of the request contains a line break or NUL")
        }
        buffer.writeBytes(request.body)
        return nil
    }

    /// Compares the whole head with the intended number of lines: with one more line break, text from outside has
    /// become a header field. It is one pass over bytes that are in the cache already.
    private static func isClean(_ buffer: ByteBuffer, from start: Int, lines: Int) -> Bool {
        buffer.withUnsafeReadableBytes { bytes in
            var returns = 0
            var feeds = 0
            var nuls = 0
            for byte in bytes[(start - buffer.readerIndex)...] {
                returns &+= byte == 0x0D ? 1 : 0
                feeds &+= byte == 0x0A ? 1 : 0
                nuls &+= byte == 0 ? 1 : 0
            }
            return returns == lines && feeds == lines && nuls == 0
        }
    }

    /// Framing and routing belong to the connection: two sources for them allow request smuggling.
    private static func belongsToPool(_ name: HTTPField.Name) -> Bool {
        let text = name.canonicalName
        switch text.utf8.count {
        case 4: return text == "host"
        case 7: return text == "upgrade" || text == "trailer"
        case 10: return text == "connection"
        case 14: return text == "content-length"
        case 17: return text == "transfer-encoding"
        default: return false
        }
    }

    private static func expectsBody(_ method: HTTPRequest.Method) -> Bool {
        method == .post || method == .put || method == .patch
    }
}
