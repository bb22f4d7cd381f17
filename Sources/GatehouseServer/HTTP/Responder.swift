internal import GatehouseControl
internal import GatehouseCore
internal import HTTPTypes
package import Hummingbird
package import Logging

/// What Hummingbird gives with each request: a logger whose lines carry the request's id, and the connection.
package struct CallContext: InitializableFromSource {
    /// Its lines carry the request's id.
    package let logger: Logger
    /// The peer's address.
    package let address: String?
    /// Whether the request came over a connection.
    let isOverConnection: Bool
    /// The server's own connection of the request.
    let connection: InboundConnection?

    /// The context of a request over a connection.
    package init(source: ApplicationRequestContextSource) {
        self.logger = source.logger
        self.address = source.channel.remoteAddress?.ipAddress
        self.isOverConnection = true
        self.connection = InboundConnection.current
    }

    /// The context of a request without a connection.
    package init(logger: Logger, address: String? = nil) {
        self.logger = logger
        self.address = address
        self.isOverConnection = false
        self.connection = nil
    }
}

/// What proves the caller of a request.
struct CallerProof: Sendable {
    let keys: KeyRegistry
    /// For the routes of vendors.
    let bearer: BearerProof
    let failedProofs: FailedProofs
    let firstUse: FirstUse
    let clients: any APIServer.ClientFinder
}

/// The parts of every call.
struct CallTools: Sendable {
    let settings: ServerSettings
    let registry: DirectoryRegistry
    let bodies: RequestBodies
    let address: OwnAddress
}

/// Answers every request: finds the route, proves the key, checks its role, runs the handler, and turns every thrown
/// error into a problem. No input of a caller leads to a 5xx.
package struct Responder: HTTPResponder {
    /// The context of a request.
    package typealias Context = CallContext

    /// Finds routes.
    let table: RouteTable
    private let handlers: Handlers
    private let callers: CallerProof
    private let tools: CallTools
    private let signals: RequestSignals
    private let requests: RequestCount

    private var settings: ServerSettings { tools.settings }
    private var clock: any WallClock { tools.bodies.clock }

    init(
        _ routes: [Route], _ handlers: Handlers, callers: CallerProof, tools: CallTools, requests: RequestCount,
        metrics: PrometheusMetrics
    ) {
        self.table = RouteTable(routes)
        self.handlers = handlers
        self.callers = callers
        self.tools = tools
        self.requests = requests
        self.signals = RequestSignals(routes, metrics: metrics)
    }

    /// Answers one request. - Throws: errors for the connection's own code: the caller sent invalid HTTP, or left.
    package func respond(to request: Request, context: CallContext) async throws -> Response {
        let start = ContinuousClock.now
        requests.begin()
        defer { requests.end() }
        let match = table.match(request.method, request.uri.path)
        var record = RequestRecord()
        if case .found(let place, _) = match { record.route = place }
        let front = table.front(of: match, request.uri.path)
        var response: Response
        do {
            try settings.checkHead(of: request)
            response = try await answer(request, match, context, &record)
        } catch {
            response = try front?.refused(error, context.logger) ?? Problem(of: error, context.logger).response
        }
        if let rateLimit = record.rateLimit, response.headers[.rateLimit] == nil {
            for field in rateLimit.fields(at: clock.now) { response.headers[field.name] = field.value }
        }
        if request.method == .head { response = response.createHeadResponse() }
        response.headers[.requestID] = context.logger[metadataKey: "hb.request.id"]?.description
        record.duration = ContinuousClock.now - start
        signals.tell(record, request, response, context.logger)
        return response
    }

    private func answer(
        _ request: Request, _ match: RouteTable.Match, _ context: CallContext, _ record: inout RequestRecord
    ) async throws -> Response {
        switch match {
        case .none:
            if table.front(of: match, request.uri.path) != nil { throw ManageAPI.Problem.unknownPath }
            throw Problem(ValidationError(.notFound, "there is no such route"))
        case .wrongMethod(let allowed, _):
            return try Self.otherMethod(request.method, allowed: allowed)
        case .found(let place, let names):
            let route = table.routes[place]
            switch route.access {
            case .open(let handler):
                return try await handler(handlers)(openCall(request, names, context))
            case .keyed(let action, let handler):
                let key = try await proven(by: try Self.bearer(in: request.headers), request, context)
                context.connection?.noteProof()
                try count(key, &record)
                guard key.role.allows(action) else { throw Self.refusal(of: key.role, action) }
                let call = try await call(request, key, names, route, context)
                if !route.takesBody, route.method != .get { try await call.reader.refuseFields() }
                return try await handler(handlers)(call)
            case .vendor(let vendor):
                return try await answer(request, by: vendor, names, route, context, &record)
            }
        }
    }

    /// The key that a request to a native route proves. - Throws: a problem, held back, if it proves none.
    private func proven(by presented: String, _ request: Request, _ context: CallContext) async throws(Problem) -> Key {
        if let key = callers.keys.key(provenBy: presented, at: clock.now) { return key }
        throw try await unknownKey(.key, presented, request, context)
    }

    /// The answer to a wrong credential, after its hold. - Throws: a problem if the answer is another one.
    private func unknownKey(
        _ interface: ProofInterface, _ presented: String, _ request: Request, _ context: CallContext
    ) async throws(Problem) -> Problem {
        let asked = Credential.keyID(in: presented).flatMap { callers.keys[$0] }
        let client = Client(request, context, callers.clients)
        try await callers.failedProofs.hold(FailedProof(interface: interface, client: client, asked: .init(asked)))
        return Self.unknownKey
    }

    /// Notes the proved key, and counts the request against the key's own rate, if it has one.
    private func count(_ key: Key, _ record: inout RequestRecord) throws(Problem) {
        let now = clock.now
        record.key = key.id
        callers.keys.noteUse(of: key, at: now)
        guard let rate = key.rate else { return }
        let rateLimit = handlers.vendors.windows.take(
            RateWindows.Caller(dialect: nil, key: key.id), ManageAPI.Rate(rate, in: .seconds(60)), at: now)
        record.rateLimit = rateLimit
        guard rateLimit.isAllowed else {
            throw Problem(.tooManyRequests, "the key calls more often than it may: wait for the reset")
        }
    }

    private func openCall(_ request: Request, _ names: [String], _ context: CallContext) -> OpenCall {
        OpenCall(
            request: request, names: names, bodies: tools.bodies, address: tools.address, settings: settings,
            now: clock.now, client: Client(request, context, callers.clients), logger: context.logger,
            connection: context.connection)
    }

    private func answer(
        _ request: Request, by vendor: VendorRoute, _ names: [String], _ route: Route, _ context: CallContext,
        _ record: inout RequestRecord
    ) async throws -> Response {
        switch vendor.route.access {
        case .open, .triggered:
            return try await vendor.answer(openCall(request, names, context), by: handlers.vendors)
        case .keyed:
            guard let token = vendor.token(in: request.headers) else {
                throw Problem(
                    .missingKey, "send a key as `Authorization: Bearer gk_…`", headers: Self.challenge)
            }
            if token.interface == .cookie { try ForeignPage.refuse(request, settings) }
            guard let key = try await callers.bearer.key(bearing: token.text) else {
                throw try await unknownKey(token.interface, token.text, request, context)
            }
            context.connection?.noteProof()
            try count(key, &record)
            let call = try await call(request, key, names, route, context)
            return try await vendor.answer(call, by: handlers.vendors, beside: record.rateLimit)
        }
    }

    private func call(
        _ request: Request, _ key: Key, _ names: [String], _ route: Route, _ context: CallContext
    ) async throws -> Call {
        let query = try Query(request.uri.query, known: route.query)
        let call = Call(
            request: request, key: key, names: names, query: query, registry: tools.registry, bodies: tools.bodies,
            address: tools.address, settings: settings, now: clock.now,
            client: Client(request, context, callers.clients), logger: context.logger,
            isOverConnection: context.isOverConnection)
        await callers.firstUse.note(by: call.author, call.logger)
        return call
    }

    /// The credential that a request presents. A field with another scheme gives empty text, which is not a key.
    ///
    /// - Throws: a problem if there is none: a caller without a credential makes no guess.
    private static func bearer(in headers: HTTPFields) throws(Problem) -> String {
        guard let field = headers[.authorization] else {
            throw Problem(.missingKey, "send a key as `Authorization: Bearer gk_…`", headers: challenge)
        }
        let words = field.split(separator: " ", omittingEmptySubsequences: true)
        guard words.count == 2, words[0].lowercased() == "bearer" else { return "" }
        return String(words[1])
    }

    private static let challenge: HTTPFields = [.wwwAuthenticate: "Bearer"]
    private static let unknownKey = Problem(
        .unknownKey, "no key fits what the Authorization field presents", headers: challenge)

    private static func refusal(of role: Role, _ action: Role.Action) -> Problem {
        let able = Role.allCases.filter { $0.allows(action) }.map(\.rawValue).joined(separator: " or ")
        return Problem(
            ValidationError(.forbidden, "a key of the role \(role.rawValue) may not do this; it needs \(able)"))
    }

    private static func otherMethod(
        _ method: HTTPRequest.Method, allowed: [HTTPRequest.Method]
    ) throws(Problem) -> Response {
        let headers: HTTPFields = [.allow: allowed.map(\.rawValue).joined(separator: ", ")]
        if method == .options { return Response(status: .noContent, headers: headers) }
        throw Problem(.wrongMethod, "this path does not take \(method.rawValue)", headers: headers)
    }
}

extension HTTPField.Name {
    /// The request's id, which finds its lines in the log.
    static let requestID = HTTPField.Name.constant("x-request-id")

    /// A field name that is known to be valid.
    static func constant(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no field name") }
        return name
    }
}
