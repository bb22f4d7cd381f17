internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

extension Request {
    /// The whole body.
    ///
    /// - Throws: ``Fault/Code/tooLarge`` beyond the bound, ``Fault/Code/malformed`` where less came than was announced.
    func body(upTo bound: Int) async throws -> [UInt8] {
        let announced = headers[.contentLength].flatMap { Int($0) }
        let sentence = "the body has more than \(bound) bytes"
        if let announced, announced > bound { throw Fault(.tooLarge, sentence) }
        do {
            let buffer = try await body.collect(upTo: bound)
            if let announced, announced != buffer.readableBytes {
                throw Fault(.malformed, "the body ended before the \(announced) bytes that Content-Length announced")
            }
            return Array(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw Fault(.tooLarge, sentence)
        } catch let fault as Fault {
            throw fault
        } catch {
            throw ConnectionBroken(cause: error)
        }
    }
}
