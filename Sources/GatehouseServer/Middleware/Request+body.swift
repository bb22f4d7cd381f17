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

    /// The body as one JSON object.
    ///
    /// - Throws: ``Fault/Code/unsupportedMedia`` where it is not called JSON, ``Fault/Code/malformed`` where it is
    ///   none, and what ``body(upTo:)`` throws.
    func object(in settings: ServerSettings) async throws -> JSONObject {
        let taken = ["application/json", "application/merge-patch+json"]
        guard let type = ContentType(headers), taken.contains(type.essence) else {
            throw ContentType.refusal(of: headers, taken: ["application/json"])
        }
        let bytes = try await body(upTo: settings.objectBytes)
        let value: JSON
        do {
            value = try JSONParser.parse(bytes, depthLimit: settings.depth)
        } catch {
            throw error.fault
        }
        guard let object = value.object else {
            throw Fault(.malformed, "the body is a JSON object, not \(value.sort)")
        }
        return object
    }
}
