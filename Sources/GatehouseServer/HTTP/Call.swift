internal import GatehouseControl
internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// One request to a route with a key: the request, its key, and the names in its path.
struct Call: Sendable {
    /// The request; its body is read once, by ``body(upTo:)``.
    let request: Request
    /// The key that the request proved.
    let key: Key
    /// The decoded values of the placeholders in the route's pattern.
    let names: [String]
    /// The parameters of the query.
    let query: Query
    /// The organizations, panels and doors, which decide what the key reaches.
    let registry: DirectoryRegistry
    /// Reads bodies.
    let bodies: RequestBodies
    /// The gateway's own address.
    let address: OwnAddress
    /// The bounds in force.
    let settings: ServerSettings
    /// When the request came.
    let now: Instant
    /// Where the request came from.
    let client: Client
    /// Its lines carry the request's id.
    let logger: Logger
    /// Whether it came over a connection, so that the caller's leaving can be detected.
    let isOverConnection: Bool

    /// The value in the path, for routes with one placeholder.
    var name: String { names.first ?? "" }

    /// The directory as it is now.
    var directory: Directory { registry.directory }

    /// The whole body; see ``BodyReader/body(upTo:)``.
    func body(upTo bound: Int) async throws -> BodyReader.Body { try await reader.body(upTo: bound) }

    /// The body as one JSON object, for all routes except the intake of events.
    func object() async throws -> JSONObject { try await reader.object() }

    /// The gateway's own address as text, without a slash at its end.
    var ownAddress: String { address.text(settings) }

    /// The author of a change: the caller, and the time.
    var author: Author { Author(key: key, client: client, now: now) }

    /// What reads the body.
    var reader: BodyReader {
        BodyReader(request: request, caller: .key(key.id), bodies: bodies, settings: settings, logger: logger)
    }
}

/// The caller left or sent invalid HTTP while its body was read: only the connection's own code can handle that.
struct ConnectionBroken: Error {
    /// The connection's error.
    let cause: any Error
}

extension JSONParser.ParseError {
    /// The fault for the sender, with the place of the wrong byte.
    var fault: ValidationError {
        ValidationError(isTooLarge ? .tooLarge : .malformed, "\(sentence), at byte \(offset) of the body")
    }
}

extension Response {
    /// An answer in JSON.
    init(_ status: HTTPResponse.Status, json: JSON, headers: HTTPFields = HTTPFields()) {
        var headers = headers
        headers[.contentType] = "application/json"
        self.init(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: json.bytes)))
    }

    /// The answer to a creation: 201, its location, and the created thing.
    init(made json: JSONObject, at location: String) {
        self.init(.created, json: .object(json), headers: [.location: location])
    }

    /// The answer to a task that goes on: 202, the location to watch it, and its state.
    init(begun json: JSONObject, at location: String) {
        self.init(.accepted, json: .object(json), headers: [.location: location])
    }
}
