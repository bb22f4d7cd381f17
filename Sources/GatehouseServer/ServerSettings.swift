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
    /// query and without a slash at its end. It stands in tokens, secret URLs and links; nil where the address that is
    /// bound does.
    public var publicURL: String?
    /// With what the server proves who it is, where it speaks TLS itself; nil for plain HTTP.
    public var identity: ServerIdentity?
    /// How many connections may wait to be accepted.
    public var backlog = 1024
    /// How many connections callers may hold open at once.
    public var connections = 512
    /// How many of them one address may hold that is no trusted proxy's.
    public var connectionsPerAddress = 256
    /// How many connections may be open beyond these bounds, for as long as it takes to answer a probe, or to say which
    /// bound was met.
    public static let reservedConnections = 16
    /// How long the head of a connection's first request may take, from the connection's begin.
    public var headTimeout: Duration = .seconds(15)
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
    /// How many bytes of bodies may be under way at once.
    public var bodyBytes = 128 * 1024 * 1024
    /// How many of them with one key.
    public var bodyBytesPerKey = 32 * 1024 * 1024
    /// How many of them from one address, without a key.
    public var bodyBytesPerAddress = 1024 * 1024
    /// How many bytes of a body must come a second, in each stretch of ``bodyStretch``.
    public var bodyRate = 1024
    /// How long a body may come more slowly than that.
    public var bodyStretch: Duration = .seconds(10)
    /// How long a body may take, beside one second for each ``bodyRate`` bytes that are announced.
    public var bodyTime: Duration = .seconds(30)
    /// How many requests may wait for events at once.
    public var waitingPolls = 500
    /// How many of them with one key.
    public var waitingPollsPerKey = 100
    /// How many streams of events may be open at once.
    public var eventStreams = 100
    /// How many of them with one key.
    public var eventStreamsPerKey = 20
    /// How many of those that wait, and of the streams, may be of one organization, in percent.
    public var organizationShare = 25
    /// How long after a line about a refused event the next ones are counted and left out of the log.
    public var refusedLogInterval: Duration = .seconds(10)
    /// Of how many subscriptions `/metrics` tells each by itself, the worst first.
    public var metricSubscriptions = 1000
    /// How deep JSON may nest.
    public var depth = JSONParser.defaultDepth
    /// The longest request target, in bytes.
    public var targetBytes = 8 * 1024
    /// How many header fields a request may have.
    public var headerFields = 50
    /// How wrong credentials are held back.
    public var guesses = GuessSettings()
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

// MARK: What the connections' own code is held to

extension ServerSettings {
    /// How long the parts of a request may take, and a connection that ends.
    struct ConnectionTimes: Hashable, Sendable {
        /// The head of the first request.
        var head: Duration
        /// The same beyond the bounds on connections, where a place is kept for the answer alone.
        var reserveHead: Duration = .seconds(5)
        /// Each body.
        var body: RequestPace.Bounds
        /// How long a caller may take its answers more slowly than a body may come.
        var reading: Duration
        /// How much of a body is thrown away after its answer to keep the connection; beyond it the connection ends.
        var unreadBytes = 256 * 1024
        /// How long a connection stays that the gateway has ended, for the caller to read the last answer.
        var linger: Duration = .seconds(2)
    }

    /// How long the connections' own code waits.
    var connectionTimes: ConnectionTimes {
        ConnectionTimes(
            head: headTimeout,
            body: RequestPace.Bounds(
                stretch: bodyStretch, leastRate: bodyRate, allowance: bodyTime,
                unannounced: max(batchBytes, objectBytes)), reading: idleTimeout)
    }

    /// How many connections there may be.
    var connectionBounds: ConnectionPlaces.Bounds {
        ConnectionPlaces.Bounds(all: connections, perAddress: connectionsPerAddress)
    }

    /// How many bytes of bodies there may be.
    var bodyBounds: BodiesInFlight.Bounds {
        BodiesInFlight.Bounds(all: bodyBytes, perKey: bodyBytesPerKey, perAddress: bodyBytesPerAddress)
    }

    /// How many may wait in a manner.
    func waitingBounds(_ method: WaitLimiter.WaitMethod) -> WaitLimiter.Bounds {
        let (all, perKey) =
            switch method {
            case .poll: (waitingPolls, waitingPollsPerKey)
            case .stream: (eventStreams, eventStreamsPerKey)
            }
        return WaitLimiter.Bounds(
            all: all, perKey: perKey, perOrganization: max(1, all * organizationShare / 100))
    }
}
