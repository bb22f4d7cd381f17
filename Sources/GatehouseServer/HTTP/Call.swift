internal import GatehouseControl
internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// One request on its way through the server: what came, whose key it bears, and what its path names.
struct Call: Sendable {
    /// What came; its body is read once, by ``body(upTo:)``.
    let request: Request
    /// The key that the request proved.
    let key: Key
    /// What stands in the places of the route's pattern, decoded.
    let names: [String]
    /// The parameters of the query.
    let query: Query
    /// The organizations, panels and doors by which it is judged what the key reaches.
    let registry: DirectoryRegistry
    /// How bodies are read.
    let bodies: RequestBodies
    /// The address by which the gateway names itself.
    let address: OwnAddress
    /// The bounds in force.
    let settings: ServerSettings
    /// When the request came.
    let now: Instant
    /// Where the request came from.
    let client: Client
    /// Bears the request's id.
    let logger: Logger
    /// Whether it came over a connection, whose end can be seen.
    let isOverConnection: Bool

    /// What the path names, in routes of one place.
    var name: String { names.first ?? "" }

    /// The directory as it is now.
    var directory: Directory { registry.directory }

    /// The whole body; see ``BodyReader/body(upTo:)``.
    func body(upTo bound: Int) async throws -> BodyReader.Body { try await reader.body(upTo: bound) }

    /// The body as one JSON object, as all routes but the intake of events want it.
    func object() async throws -> JSONObject { try await reader.object() }

    /// The same as text, without a slash at its end.
    var ownAddress: String { address.text(settings) }

    /// Who calls, and when.
    var author: Author { Author(key: key, client: client, now: now) }

    /// What reads the body.
    var reader: BodyReader {
        BodyReader(request: request, caller: .key(key.id), bodies: bodies, settings: settings, logger: logger)
    }
}

/// The caller went away or sent no HTTP while its body was read: only the connection's own code can answer that.
struct ConnectionBroken: Error {
    /// What the connection told.
    let cause: any Error
}

extension JSONParser.ParseError {
    /// The failure for the sender, with the place of the offending byte.
    var fault: ValidationError {
        ValidationError(isTooLarge ? .tooLarge : .malformed, "\(sentence), at byte \(offset) of the body")
    }
}

extension Response {
    /// An answer of JSON.
    init(_ status: HTTPResponse.Status, json: JSON, headers: HTTPFields = HTTPFields()) {
        var headers = headers
        headers[.contentType] = "application/json"
        self.init(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: json.bytes)))
    }

    /// The answer to something made: 201, where it is, and what it is.
    init(made json: JSONObject, at location: String) {
        self.init(.created, json: .object(json), headers: [.location: location])
    }

    /// The answer to something begun that goes on: 202, where it can be watched, and how it stands.
    init(begun json: JSONObject, at location: String) {
        self.init(.accepted, json: .object(json), headers: [.location: location])
    }
}
