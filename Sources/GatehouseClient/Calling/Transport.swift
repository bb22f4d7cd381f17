internal import AsyncHTTPClient
internal import GatehouseCore
internal import GatehouseTLS
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// Requests and answers over kept connections; closes them when it is released.
final class Transport: Sendable {
    private let url: String
    private let key: Secret
    private let settings: APIClient.Settings
    private let tls: TLSConfiguration
    private let calls: HTTPClient
    /// An answer without an end is bounded by silence, every other answer by its time.
    private let streams: HTTPClient
    /// Whether any HTTP answer has ever come: until then every request has a connection of its own.
    private let hasAnswered = Atomic(false)

    /// - Throws: if the trusted certificates cannot be read.
    init(url: String, key: Secret, settings: APIClient.Settings) throws(GatehouseError) {
        self.url = url
        self.key = key
        self.settings = settings
        tls = try Self.tls(settings.trust)
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(settings.connectTimeout)))
        configuration.httpVersion = .http1Only
        // A refused connection is reported at once; retries are the client's own task.
        configuration.connectionPool.retryConnectionEstablishment = false
        // Shorter than the idle time of common servers, so that a reused connection is not closed already.
        configuration.connectionPool.idleTimeout = .seconds(5)
        calls = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
        configuration.timeout.read = TimeAmount(settings.silenceTimeout)
        streams = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
    }

    deinit {
        let (calls, streams) = (calls, streams)
        Task {
            try? await calls.shutdown()
            try? await streams.shutdown()
        }
    }

    /// One try: a request and its whole answer.
    ///
    /// - Throws: ``GatehouseError/unreachable(_:)``, ``GatehouseError/untrusted(_:)``,
    ///   ``GatehouseError/unanswered(_:)``, ``GatehouseError/unreadable(_:)`` or ``GatehouseError/cancelled``.
    func exchange(_ call: APIClient.Call) async throws(GatehouseError) -> APIClient.Answer {
        let request = request(call)
        let timeout = call.timeout ?? settings.answerTimeout
        let limit = settings.answerBytes
        do {
            return try await withThrowingTaskGroup(of: APIClient.Answer.self) { [calls] group in
                group.addTask {
                    let response = try await calls.execute(request, timeout: TimeAmount(timeout))
                    self.hasAnswered.store(true, ordering: .relaxed)
                    return APIClient.Answer(response, try await response.body.collect(upTo: limit))
                }
                group.addTask {
                    try await Task.sleep(for: timeout)
                    throw HTTPClientError.deadlineExceeded
                }
                defer { group.cancelAll() }
                guard let answer = try await group.next() else { throw CancellationError() }
                return answer
            }
        } catch {
            throw await cause(of: error, within: timeout)
        }
    }

    /// The head of an endless answer, and its body as it arrives.
    func open(_ call: APIClient.Call, after lastID: String?) async throws(GatehouseError) -> HTTPClientResponse {
        var request = request(call)
        request.headers.replaceOrAdd(name: "Accept", value: "text/event-stream")
        if let lastID { request.headers.add(name: "Last-Event-ID", value: lastID) }
        do {
            let response = try await streams.execute(request, timeout: TimeAmount(settings.answerTimeout))
            hasAnswered.store(true, ordering: .relaxed)
            return response
        } catch {
            throw await cause(of: error, within: settings.answerTimeout)
        }
    }

    /// The same as ``failure(of:within:)``, but it also examines TLS if that may be the cause.
    private func cause(of error: any Error, within timeout: Duration) async -> GatehouseError {
        let failure = failure(of: error, within: timeout)
        guard failure != .cancelled, Self.mayLieInTLS(error), let target = TargetURL(url) else { return failure }
        let look = HandshakeLook(host: target.host, port: target.port, tls: tls)
        switch target.scheme {
        case .https:
            guard let fault = await look.fault() else { return failure }
            return self.failure(failure, fault, isUntaken: isUntaken(error))
        case .http:
            // A gateway that has answered in plain HTTP does not use TLS.
            guard !hasAnswered.load(ordering: .relaxed), await look.speaksTLS() else { return failure }
            return .unreadable(
                "the gateway at \(url) cannot be called: it speaks TLS on port \(target.port): set https in its "
                    + "address")
        }
    }

    /// An error with the cause that another connection showed. Whether the request arrived follows from the error
    /// alone: the other connection carried no request.
    private func failure(
        _ failure: GatehouseError, _ fault: HandshakeLook.Cause, isUntaken: Bool
    ) -> GatehouseError {
        let broken = "the gateway at \(url) does not answer: \(fault.sentence)"
        guard isUntaken else { return .unanswered(broken) }
        guard fault.isMereEnd else {
            return .untrusted("the gateway at \(url) cannot be called: \(fault.sentence)")
        }
        if case .unreachable = failure { return .unreachable(broken) }
        return failure
    }

    /// Whether the request certainly had no effect: TLS failed, or the gateway refused the request in place of an
    /// answer, on a connection of its own.
    private func isUntaken(_ error: any Error) -> Bool {
        switch error {
        case NIOSSLError.handshakeFailed, is NIOSSLExtraError: true
        case let error as HTTPClientError: Self.beforeSending.contains(error)
        default: !hasAnswered.load(ordering: .relaxed) && FailedHandshake.isRefusal(error)
        }
    }

    /// Whether an error of the HTTP client may come from TLS parameters that the two ends do not share.
    private static func mayLieInTLS(_ error: any Error) -> Bool {
        switch error {
        case is CancellationError, is NIOConnectionError, is NIOTooManyBytesError: false
        case let error as HTTPClientError: error == .remoteConnectionClosed || error == .tlsHandshakeTimeout
        case let error as IOError: error.errnoCode != ECONNREFUSED
        default: true
        }
    }

    /// An error for an error of the HTTP client, by what is known about the request.
    func failure(of error: any Error, within timeout: Duration) -> GatehouseError {
        if Task.isCancelled || error is CancellationError { return .cancelled }
        let place = "the gateway at \(url) does not answer"
        switch error {
        case let error as HTTPClientError where Self.beforeSending.contains(error):
            return .unreachable(
                "\(place): no connection within \(Self.text(min(settings.connectTimeout, timeout)))")
        case let error as NIOConnectionError:
            return .unreachable("\(place): \(Self.reason(of: error))")
        case let error as IOError where error.errnoCode == ECONNREFUSED:
            return .unreachable("\(place): the connection was refused")
        case NIOSSLError.handshakeFailed(.sslError([.eofDuringHandshake])):
            return .unreachable("\(place): the connection was closed during the TLS handshake")
        case NIOSSLError.handshakeFailed, is NIOSSLExtraError:
            return .untrusted("\(place): the two ends share no version or cipher of TLS")
        case let error as HTTPClientError where error == .deadlineExceeded:
            return .unanswered("\(place): no answer within \(Self.text(timeout))")
        case is NIOTooManyBytesError:
            return .unreadable("the gateway's answer was cut off; request less at once")
        default:
            return .unanswered("\(place): the connection was lost")
        }
    }

    /// `20 s`, `500 ms`.
    private static func text(_ duration: Duration) -> String {
        let milliseconds = duration.microseconds / 1000
        return milliseconds.isMultiple(of: 1000) ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
    }

    private static let beforeSending: [HTTPClientError] = [
        .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout,
    ]

    private static func reason(of error: NIOConnectionError) -> String {
        let refused = error.connectionErrors.contains { ($0.error as? IOError)?.errnoCode == ECONNREFUSED }
        if refused { return "the connection was refused" }
        return error.dnsAError != nil ? "its name is unknown" : "it cannot be reached"
    }

    private func request(_ call: APIClient.Call) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url + call.target)
        request.method = HTTPMethod(rawValue: call.method.rawValue)
        request.headers.add(name: "Authorization", value: "Bearer \(key.revealed)")
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "User-Agent", value: settings.userAgent ?? "Gatehouse/\(GatehouseVersion.text)")
        if let type = call.type { request.headers.add(name: "Content-Type", value: type) }
        if let wish = call.idempotencyKey { request.headers.add(name: "Idempotency-Key", value: wish) }
        if !call.body.isEmpty { request.body = .bytes(ByteBuffer(bytes: call.body)) }
        return request
    }

    private static func tls(_ trust: APIClient.Trust) throws(GatehouseError) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        // The same as for deliveries and for a gateway itself: older versions are not secure.
        tls.minimumTLSVersion = .tlsv12
        switch trust {
        case .system: break
        case .insecure: tls.certificateVerification = .none
        case .authorities(let file):
            guard let found = try? NIOSSLCertificate.fromPEMFile(file), !found.isEmpty else {
                throw .misuse("\(file) cannot be read as certificates in PEM")
            }
            tls.trustRoots = .certificates(found)
        }
        return tls
    }
}

extension APIClient.Answer {
    init(_ response: HTTPClientResponse, _ body: ByteBuffer) {
        self.init(
            status: Int(response.status.code), body: Array(body.readableBytesView),
            retryAfter: response.headers.first(name: "Retry-After").flatMap { Int($0) },
            requestID: response.headers.first(name: "X-Request-ID"))
    }
}

extension TimeAmount {
    fileprivate init(_ duration: Duration) {
        self = .nanoseconds(duration.microseconds * 1000)
    }
}
