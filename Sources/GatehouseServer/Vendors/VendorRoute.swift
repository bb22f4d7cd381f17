internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore

/// A route of a vendor's manage API, with what the vendor has to say of refusals.
struct VendorRoute: Sendable {
    let dialect: DialectName
    let api: ManageAPI
    let route: ManageAPI.Route

    /// Every route of the dialects' manage APIs, in the order of the registry.
    static func all(of dialects: DialectTable) -> [Route] {
        dialects.dialects.flatMap { dialect in
            let routes = dialect.manage.map { api in
                api.routes.map { VendorRoute(dialect: dialect.name, api: api, route: $0) }
            }
            return (routes ?? []).map { vendor in
                Route(
                    method: vendor.route.method, pattern: vendor.route.pattern, access: .vendor(vendor),
                    query: vendor.route.query)
            }
        }
    }

    /// Answers a call whose key was proved; its role and the vendor's rate are asked here. Of the two rates the answer
    /// tells the one that leaves less.
    func answer(
        _ call: Call, _ windows: RateWindows, beside own: RateWindows.Standing?
    ) async throws -> Response {
        guard case .keyed(let deed, let action) = route.access else { throw Problem(.unexpected, "no key is asked") }
        let standing = api.rate.map { rate in
            windows.take(RateWindows.Caller(dialect: dialect, key: call.key.id), rate, at: call.now)
        }
        let response: Response
        do {
            guard standing?.isAllowed ?? true else {
                throw ManageAPI.Refusal(.tooManyRequests, "the key calls more often than it may: wait for the reset")
            }
            guard call.key.role.allows(deed) else {
                throw ManageAPI.Refusal(.forbidden, "a key of the role \(call.key.role.rawValue) may not do this")
            }
            let desk = VendorDesk(dialect: dialect, desk: call.desk, chosen: chosen(by: call))
            let answer = try await action(try await request(of: call, at: desk))
            response = Response(answer).adding(desk.warnings.fields)
        } catch {
            response = try refused(error, call.logger)
        }
        let nearest = standing?.isAllowed == false ? standing : RateWindows.Standing.nearest(standing, own)
        return response.adding(nearest?.fields(at: call.now) ?? HTTPFields())
    }

    /// Answers a request to a route that asks for no key.
    func answer(_ call: OpenCall) async throws -> Response {
        guard case .open(let action) = route.access else { throw Problem(.missingKey, "a key is asked") }
        let query = try Query(call.request.uri.query, known: route.query)
        let token = token(in: call.request.headers)
        if token?.interface == .cookie { try ForeignPage.refuse(call.request, call.settings) }
        let body = route.takesBody ? try await call.reader().object() : nil
        var request = ManageAPI.OpenRequest(
            query: query.values, body: body, token: token?.text,
            front: Sessions(parts: call.parts, client: call.client))
        request.isSecure = call.isSecure
        return Response(try await action(request))
    }

    /// Answers a request to a secret URL. Whether there is no trigger of that id, its secret is another or it is not
    /// active is the same answer.
    func answer(_ call: OpenCall, _ windows: RateWindows) async throws -> Response {
        guard case .triggered(let action) = route.access else { throw Problem(.missingKey, "a key is asked") }
        let query = try Query(call.request.uri.query, known: route.query)
        let id = name("{trigger}", of: call.names) ?? ""
        guard let secret = name("{secret}", of: call.names) ?? query["secret"] else {
            throw ManageAPI.Refusal(.unprocessableContent, "the URL has no secret")
        }
        guard let trigger = call.parts.triggers.trigger(TriggerID(id), provenBy: secret) else {
            let asked = FailedProof.Asked(call.parts.triggers[TriggerID(id)])
            try await call.parts.failedProofs.hold(
                FailedProof(interface: .trigger, client: call.client, asked: asked))
            throw ManageAPI.Refusal(.notFound, "there is no trigger of that id and secret")
        }
        let key = trigger.actingKey
        call.connection?.noteProof()
        let rate = trigger.rate.map { ManageAPI.Rate($0, in: .seconds(60)) }
        let standing = rate.map { rate in
            windows.take(RateWindows.Caller(dialect: dialect, key: key.id), rate, at: call.now)
        }
        let response: Response
        do {
            guard standing?.isAllowed ?? true else {
                throw ManageAPI.Refusal(.tooManyRequests, "the trigger is called more often than it may be")
            }
            let desk = SubscriptionDesk(
                parts: call.parts, author: Author(key: key, client: call.client, now: call.now))
            let vendors = VendorDesk(dialect: dialect, desk: desk, chosen: nil, isTrigger: true)
            let request = ManageAPI.Request(
                names: call.names, url: call.request.uri.path, query: query.values,
                body: route.takesBody ? try await call.reader(for: key).object() : nil, desk: vendors)
            response = Response(try await action(trigger, request)).adding(vendors.warnings.fields)
        } catch {
            response = try refused(error, call.logger)
        }
        return response.adding(standing?.fields(at: call.now) ?? HTTPFields())
    }

    /// What stands at a place of the route's pattern; nil where the pattern has no such place.
    private func name(_ place: String, of names: [String]) -> String? {
        let places = route.pattern.split(separator: "/").filter { $0.hasPrefix("{") }
        return places.firstIndex { $0 == place }.map { names[$0] }
    }

    /// What a request presents: after `Bearer`, or in the vendor's cookie; nil where it presents neither.
    func token(in headers: HTTPFields) -> PresentedToken? {
        let words = (headers[.authorization] ?? "").split(separator: " ", omittingEmptySubsequences: true)
        if words.count == 2, words[0].lowercased() == "bearer" {
            return PresentedToken(text: String(words[1]), interface: .bearer)
        }
        guard let cookie = api.sessionCookie else { return nil }
        let pairs = headers[values: .cookie].flatMap { $0.split(separator: ";") }
        let found = pairs.first { $0.drop { $0 == " " }.hasPrefix(cookie + "=") }
        return found.map { pair in
            PresentedToken(text: String(pair.drop { $0 == " " }.dropFirst(cookie.count + 1)), interface: .cookie)
        }
    }

    /// The vendor's answer to whatever was thrown on the way.
    ///
    /// - Throws: what only the connection can answer, and what nobody foresaw.
    func refused(_ error: any Error, _ logger: Logger) throws -> Response {
        switch error {
        case let refusal as ManageAPI.Refusal:
            return Response(api.answer(refusal))
        case let problem as Problem:
            return Response(api.answer(problem.refusal)).adding(problem.headers)
        case let fault as Fault:
            return try refused(Problem(fault).with([fault]), logger)
        case let faults as Faults:
            return try refused(Problem(faults).with(faults.faults), logger)
        case let error as StoreError:
            let problem = error.problem
            if problem.kind.status.kind == .serverError { logger.warning("store", metadata: ["error": "\(error)"]) }
            return try refused(problem, logger)
        default:
            throw error
        }
    }

    private func chosen(by call: Call) -> OrganizationID? {
        call.request.headers[.organization].map { OrganizationID($0) }
    }

    private func request(of call: Call, at desk: VendorDesk) async throws -> ManageAPI.Request {
        ManageAPI.Request(
            names: call.names, url: call.ownAddress + call.request.uri.path, query: call.query.values,
            body: route.takesBody ? try await call.object() : nil, desk: desk)
    }
}

/// The text by which a request to a vendor's route is to be let in, and how it came.
struct PresentedToken: Sendable {
    let text: String
    let interface: ProofInterface
}

extension Problem {
    /// The problem for a vendor's own shape.
    fileprivate var refusal: ManageAPI.Refusal {
        ManageAPI.Refusal(kind.status, detail, faults: faults)
    }

    fileprivate func with(_ faults: [Fault]) -> Problem {
        var problem = self
        problem.faults = faults
        return problem
    }
}

extension Response {
    fileprivate init(_ answer: ManageAPI.Answer) {
        switch answer.body {
        case .none: self.init(status: answer.status, headers: answer.headers)
        case .json(let body): self.init(answer.status, json: body, headers: answer.headers)
        case .page(let text): self.init(answer.status, page: text)
        }
    }

    /// A page on which nothing is markup: it quotes what strangers' receivers answer.
    private init(_ status: HTTPResponse.Status, page text: String) {
        let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
        let headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8", .contentSecurityPolicy: "default-src 'none'; sandbox",
            .xContentTypeOptions: "nosniff",
        ]
        self.init(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: escaped)))
    }

    fileprivate func adding(_ fields: HTTPFields) -> Response {
        var response = self
        for field in fields { response.headers[field.name] = field.value }
        return response
    }
}

extension HTTPField.Name {
    fileprivate static let organization = constant("gatehouse-organization")
}
