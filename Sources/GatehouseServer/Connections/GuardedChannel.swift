internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// Sets up the server's connections: ``AdmissionHandler`` and ``ReaderHandler`` first, TLS if the server has an
/// identity, ``ConnectionHandler`` after the decoder, and for the rest Hummingbird's own HTTP/1.1.
struct GuardedChannel: ServerChildChannel {
    /// A connection that was set up.
    struct Value: ServerChildChannelValue {
        let http: HTTP1Channel.Value
        let connection: InboundConnection

        var channel: any Channel { http.channel }
    }

    let http: HTTP1Channel
    let tls: NIOSSLContext?
    let admission: Admissions
    let settings: ServerSettings
    let signals: ConnectionSignals
    let table: RouteTable

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let connection = InboundConnection(channel, in: admission.connections)
        return channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(AdmissionHandler(connection, admission, settings))
            try pipeline.addHandler(ReaderHandler(connection, settings.connectionTimes, signals))
            if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
        }.flatMap {
            http.setup(channel: channel, logger: logger)
        }.flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            let undecoded = UndecodedHandler()
            try pipeline.addHandler(undecoded, position: .before(decoder))
            try pipeline.addHandler(
                ConnectionHandler(connection, undecoded, settings.connectionTimes, signals, refusingAs: table),
                position: .after(decoder))
            return Value(http: value, connection: connection)
        }
    }

    func handle(value: Value, logger: Logger) async {
        await InboundConnection.$current.withValue(value.connection) {
            await http.handle(value: value.http, logger: logger)
        }
    }
}
