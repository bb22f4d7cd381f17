internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird

/// The server's address and bounds; each has a default.
package struct ServerSettings: Hashable, Sendable {
    /// The address to bind.
    package var host = "127.0.0.1"
    /// The port to bind; 0 for any free port.
    package var port = 8080
    /// The public address of the gateway, in front of its proxies: an absolute http or https URL without a query and
    /// without a slash at its end. It is used in tokens, secret URLs and links; nil for the bound address.
    package var publicURL: String?
    /// The server's TLS identity; nil for plain HTTP.
    package var identity: ServerIdentity?
    /// How many connections may wait to be accepted.
    package var backlog = 1024
    /// How many connections callers may hold open at once.
    package var connections = 512
    /// How many of them one address may hold, unless it is a trusted proxy.
    package var connectionsPerAddress = 256
    /// How many connections may be open beyond these bounds, only to answer a probe or to say which bound was met.
    package static let reservedConnections = 16
    /// How long the head of a connection's first request may take, from the begin of the connection.
    package var headTimeout: Duration = .seconds(15)
    /// How long a connection may be silent, or send no further byte of a request, before it is closed.
    package var idleTimeout: Duration = .seconds(75)
    /// The largest body of a batch of events, in bytes.
    package var batchBytes = 8 * 1024 * 1024
    /// The largest event, in bytes.
    package var eventBytes = 256 * 1024
    /// How many events a batch may have.
    package var batchEvents = 1000
    /// The largest body of any other request, in bytes.
    package var objectBytes = 256 * 1024
    /// How many bytes of bodies may be in flight at once.
    package var bodyBytes = 128 * 1024 * 1024
    /// How many of them with one key.
    package var bodyBytesPerKey = 32 * 1024 * 1024
    /// How many of them from one address, without a key.
    package var bodyBytesPerAddress = 1024 * 1024
    /// The least bytes a second of a body, in each stretch of ``bodyStretch``.
    package var bodyRate = 1024
    /// How long a body may be slower than that.
    package var bodyStretch: Duration = .seconds(10)
    /// How long a body may take, in addition to one second for each ``bodyRate`` announced bytes.
    package var bodyTime: Duration = .seconds(30)
    /// How many requests may wait for events at once.
    package var waitingPolls = 500
    /// How many of them with one key.
    package var waitingPollsPerKey = 100
    /// How many streams of events may be open at once.
    package var eventStreams = 100
    /// How many of them with one key.
    package var eventStreamsPerKey = 20
    /// The share of waiting requests, and of streams, that one organization may have, in percent.
    package var organizationShare = 25
    /// The time after a log line about a refused event, during which further ones are only counted.
    package var refusedLogInterval: Duration = .seconds(10)
    /// How many subscriptions have their own series in `/metrics`, the worst first.
    package var metricSubscriptions = 1000
    /// How deep JSON may nest.
    package var depth = JSONParser.defaultDepth
    /// The longest request target, in bytes.
    package var targetBytes = 8 * 1024
    /// How many header fields a request may have.
    package var headerFields = 50
    /// How answers to wrong credentials are held back.
    package var guesses = GuessSettings()
    /// How many bytes names and values of a request's header fields may have together.
    package var headerBytes = 8 * 1024

    /// The defaults.
    package init() {}

    /// Checks a request's first line and header fields against the bounds.
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

// MARK: Bounds of the connections' own code

extension ServerSettings {
    /// How long the parts of a request, and the end of a connection, may take.
    struct ConnectionTimes: Hashable, Sendable {
        /// The head of the first request.
        var head: Duration
        /// The same for a connection in the reserve.
        var reserveHead: Duration = .seconds(5)
        /// Each body.
        var body: RequestPace.Bounds
        /// How long a caller may read its answers more slowly than the least rate of bodies.
        var reading: Duration
        /// How many bytes of a body are discarded after its answer to keep the connection; beyond that the connection
        /// ends.
        var unreadBytes = 256 * 1024
        /// How long a connection stays after the gateway ended it, so that the caller can read the last answer.
        var linger: Duration = .seconds(2)
    }

    /// The times of the connections' own code.
    var connectionTimes: ConnectionTimes {
        ConnectionTimes(
            head: headTimeout,
            body: RequestPace.Bounds(
                stretch: bodyStretch, leastRate: bodyRate, allowance: bodyTime,
                unannounced: max(batchBytes, objectBytes)), reading: idleTimeout)
    }

    /// The bounds on connections.
    var connectionBounds: ConnectionPlaces.Bounds {
        ConnectionPlaces.Bounds(all: connections, perAddress: connectionsPerAddress)
    }

    /// The bounds on bytes of bodies.
    var bodyBounds: BodiesInFlight.Bounds {
        BodiesInFlight.Bounds(all: bodyBytes, perKey: bodyBytesPerKey, perAddress: bodyBytesPerAddress)
    }

    /// The bounds on callers that wait by one method.
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
