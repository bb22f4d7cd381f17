internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird

/// Where the server listens, and the bounds of what it reads; every one has a default.
public struct ServerSettings: Hashable, Sendable {
    /// The address to bind.
    public var host = "127.0.0.1"
    /// The port to bind; 0 for any that is free.
    public var port = 8080
    /// The address by which callers know the gateway, behind whatever proxy: an absolute http or https URL without a
    /// query and without a slash at its end. It is the issuer of tokens; nil where each request's own host is.
    public var publicURL: String?
    /// With what the server proves who it is, where it speaks TLS itself; nil for plain HTTP.
    public var identity: ServerIdentity?
    /// How many connections may wait to be accepted.
    public var backlog = 1024
    /// How long a connection may say nothing, or send no further byte of a request, before it is closed.
    public var idleTimeout: Duration = .seconds(75)
    /// The largest body of a batch of events, in bytes.
    public var batchBytes = 8 * 1024 * 1024
    /// The largest event, in bytes.
    public var eventBytes = 256 * 1024
    /// How many events a batch may have.
    public var batchEvents = 1000
    /// The largest body of any other request, in bytes.
    public var objectBytes = 256 * 1024
    /// How many requests may wait for events at once.
    public var waitingPolls = 500
    /// How many streams of events may be open at once.
    public var eventStreams = 100
    /// How deep JSON may nest.
    public var depth = JSONParser.defaultDepth
    /// The longest request target, in bytes.
    public var targetBytes = 8 * 1024
    /// How many header fields a request may have.
    public var headerFields = 50
    /// How many bytes names and values of a request's header fields may have together.
    public var headerBytes = 8 * 1024

    /// The defaults.
    public init() {}

    /// Holds a request's first line and header fields against the bounds.
    func checkHead(of request: Request) throws(Problem) {
        guard (request.head.path?.utf8.count ?? 0) <= targetBytes else {
            throw Problem(.longTarget, "path and query have more than \(targetBytes) bytes")
        }
        let bytes = request.headers.reduce(0) { $0 + $1.name.rawName.utf8.count + $1.value.utf8.count }
        guard request.headers.count <= headerFields, bytes <= headerBytes else {
            let sentence = "a request has at most \(headerFields) header fields and \(headerBytes) bytes of them"
            throw Problem(.largeHeaders, sentence)
        }
    }
}
