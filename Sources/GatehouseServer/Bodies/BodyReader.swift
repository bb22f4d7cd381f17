internal import GatehouseControl
internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore

/// Reads a request's body, once. Every route reads its body here, so that all bodies have the same bounds: its own
/// size, the bytes of all bodies in flight, and the pace that the connection checks.
struct BodyReader: Sendable {
    /// The request.
    let request: Request
    /// The caller whose bodies are counted together.
    let caller: BodiesInFlight.Caller
    /// What counts and decodes bodies, and logs the bounds that callers meet.
    let bodies: RequestBodies
    /// The bounds in force.
    let settings: ServerSettings
    /// Its lines carry the request's id.
    let logger: Logger

    /// A whole body. Its bytes count as in flight while this value exists.
    struct Body: Sendable {
        /// The bytes.
        let bytes: [UInt8]
        fileprivate let share: BodiesInFlight.Share?
    }

    /// The whole body, decoded if it is compressed.
    ///
    /// - Throws: ``ValidationError/Code/tooLarge`` beyond the bound, before and after it is decoded,
    ///   ``ValidationError/Code/malformed`` if it is shorter than announced, or is not valid HTTP or gzip; a
    ///   ``Problem`` if it came too slowly, too many bytes are in flight or its coding is not supported;
    ///   ``ConnectionBroken`` if only the connection can answer.
    func body(upTo bound: Int) async throws -> Body {
        let coding = try ContentCoding(request.headers)
        let announced = request.headers[.contentLength].flatMap { Int($0) }
        if let announced, announced > bound { throw Self.tooLarge(bound) }
        do {
            try giveLeave(announced)
            return switch coding {
            case .identity: try await collect(announced, upTo: bound)
            case .gzip: try await decode(announced, upTo: bound)
            }
        } catch let slow as SlowBody {
            throw told(Problem(.slowRequest, slow.sentence, headers: [.connection: "close"]))
        } catch is BrokenBody {
            throw ValidationError(
                .malformed, "the body broke off, or is no body of HTTP/1.1 (RFC 9112, sections 6 and 7)")
        } catch let fault as ValidationError {
            throw fault
        } catch let problem as Problem {
            throw told(problem)
        } catch {
            throw ConnectionBroken(cause: error)
        }
    }

    /// Logs a problem and returns it.
    private func told(_ problem: Problem) -> Problem {
        bodies.boundLines.tell(problem, at: bodies.clock.now, to: logger)
        return problem
    }

    private func collect(_ announced: Int?, upTo bound: Int) async throws -> Body {
        var pieces = request.body.makeAsyncIterator()
        var bytes: [UInt8] = []
        var share: BodiesInFlight.Share?
        while let piece = try await pieces.next() {
            guard bytes.count + piece.readableBytes <= bound else { throw Self.tooLarge(bound) }
            if share == nil {
                if piece.readableBytes == announced { return Body(bytes: Array(piece.readableBytesView), share: nil) }
                share = bodies.inFlight.share(of: caller)
                bytes.reserveCapacity(announced ?? piece.readableBytes)
            }
            try share?.take(piece.readableBytes, within: settings.bodyBounds)
            bytes += piece.readableBytesView
        }
        try Self.check(bytes.count, against: announced)
        return Body(bytes: bytes, share: share)
    }

    /// Sends `100 Continue` to a caller that waits for it, unless the body would be refused for the bytes in flight.
    private func giveLeave(_ announced: Int?) throws(Problem) {
        guard request.headers[.expect] != nil, let connection = InboundConnection.current else { return }
        try bodies.inFlight.share(of: caller).checkRoom(for: announced ?? 1, within: settings.bodyBounds)
        connection.giveLeave()
    }

    private func decode(_ announced: Int?, upTo bound: Int) async throws -> Body {
        let share = bodies.inFlight.share(of: caller)
        let gunzip = Gunzip(upTo: bound)
        var received = 0
        for try await piece in request.body {
            received += piece.readableBytes
            guard received <= bound else { throw Self.tooLarge(bound) }
            try await bodies.heavy.decoding.run(on: piece.readableBytes * Gunzip.growth) {
                try gunzip.take(piece) { try share.take($0, within: settings.bodyBounds) }
            }
        }
        try Self.check(received, against: announced)
        return Body(bytes: try gunzip.finish(), share: share)
    }

    private static func check(_ received: Int, against announced: Int?) throws(ValidationError) {
        guard let announced, announced != received else { return }
        throw ValidationError(.malformed, "the body ended before the \(announced) bytes that Content-Length announced")
    }

    private static func tooLarge(_ bound: Int) -> ValidationError {
        ValidationError(.tooLarge, "the body has more than \(bound) bytes")
    }

    /// The body as one JSON object.
    ///
    /// - Throws: ``ValidationError/Code/unsupportedMedia`` if its type is not JSON, ``ValidationError/Code/malformed``
    ///   if it is not JSON, ``ValidationError/Code/maskedValue`` if a value contains our mask, and what ``body(upTo:)``
    ///   throws.
    func object() async throws -> JSONObject {
        let taken = ["application/json", "application/merge-patch+json"]
        guard let type = ContentType(request.headers), taken.contains(type.essence) else {
            throw ContentType.refusal(of: request.headers, taken: ["application/json"])
        }
        let body = try await body(upTo: settings.objectBytes)
        return try await bodies.heavy.bodies.run(on: body.bytes.count) {
            try Self.object(in: body.bytes, depth: settings.depth)
        }
    }

    /// The body as one JSON object, or an empty object if there is no body. - Throws: as ``object()`` does.
    func optionalObject() async throws -> JSONObject {
        announcesBody ? try await object() : JSONObject()
    }

    /// Whether the head says that a body follows.
    private var announcesBody: Bool {
        request.headers[.transferEncoding] != nil || request.headers[.contentLength].map { $0 != "0" } ?? false
    }

    /// Reads the body of an operation that has no fields: none, or an object without members. What would be ignored is
    /// refused, because its sender expects that it has an effect.
    ///
    /// - Throws: a fault for each member, or one for another body; and what ``body(upTo:)`` throws.
    func refuseFields() async throws {
        guard announcesBody else { return }
        let bytes = try await body(upTo: settings.objectBytes).bytes
        let value = try await bodies.heavy.bodies.run(on: bytes.count) {
            try? JSONParser.parse(bytes, depthLimit: settings.depth)
        }
        if let object = value?.object { return try Fields(object, known: []).check() }
        guard bytes.isEmpty else {
            throw ValidationError(.outOfBounds, "this operation takes no body: leave it out")
        }
    }

    /// The body as an object of a vendor's API, read as tolerantly as the vendors do: the Content-Type may be missing
    /// or any JSON type, a byte order mark may stand before the body (RFC 8259, section 8.1), and only the declared
    /// properties are read.
    ///
    /// The ignored names are noted even if a fault ends the reading.
    ///
    /// - Throws: as ``object()`` does, and what ``DeclaredNames/read(_:noting:)`` throws.
    func object(declaring names: DeclaredNames, noting ignored: inout IgnoredNames) async throws -> JSONObject {
        let type = request.headers[.contentType] ?? ""
        guard type.isEmpty || JSONMediaType.isOne(type) else {
            throw ContentType.refusal(of: request.headers, taken: ["application/json"])
        }
        let body = try await body(upTo: settings.objectBytes)
        return try await bodies.heavy.bodies.run(on: body.bytes.count) {
            let marked = body.bytes.starts(with: [0xEF, 0xBB, 0xBF])
            let bytes = marked ? Array(body.bytes.dropFirst(3)) : body.bytes
            return try names.read(Self.object(in: bytes, depth: settings.depth), noting: &ignored)
        }
    }

    private static func object(in bytes: [UInt8], depth: Int) throws(ValidationError) -> JSONObject {
        let value: JSON
        do {
            value = try JSONParser.parse(bytes, depthLimit: depth)
        } catch {
            throw error.fault
        }
        guard let object = value.object else {
            throw ValidationError(.malformed, "the body is a JSON object, not \(value.sort)")
        }
        if let place = Mask.place(in: value) { throw Mask.fault(at: place) }
        return object
    }
}
