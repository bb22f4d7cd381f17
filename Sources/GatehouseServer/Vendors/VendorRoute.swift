internal import GatehouseControl
internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird

/// A route of a vendor's manage API.
struct VendorRoute: Sendable {
    let front: VendorFront
    let route: ManageAPI.Route

    var dialect: DialectName { front.dialect }
    var api: ManageAPI { front.api }

    /// Every route of the dialects' manage APIs, in the order of the registry. ``VendorReading`` checks their queries.
    static func all(of dialects: DialectTable) -> [Route] {
        VendorFront.all(of: dialects).flatMap { front in
            front.api.routes.map { route in
                Route(
                    method: route.method, pattern: route.pattern,
                    access: .vendor(VendorRoute(front: front, route: route)),
                    query: nil)
            }
        }
    }

    /// Answers a call with a proved key; it checks the role and the vendor's rate. The answer shows the rate with fewer
    /// remaining requests.
    func answer(
        _ call: Call, by services: VendorServices, beside own: RateLimitStatus?
    ) async throws -> Response {
        guard case .keyed(let action, let handler) = route.access else { throw Problem(.unexpected, "no key is asked") }
        let rateLimit = api.rate.map { rate in
            services.windows.take(RateWindows.Caller(dialect: dialect, key: call.key.id), rate, at: call.now)
        }
        var reading = VendorReading()
        let response: Response
        do {
            guard rateLimit?.isAllowed ?? true else {
                throw ManageAPI.Problem(.tooManyRequests, "the key calls more often than it may: wait for the reset")
            }
            guard call.key.role.allows(action) else {
                throw ManageAPI.Problem(.forbidden, "a key of the role \(call.key.role.rawValue) may not do this")
            }
            try reading.readQuery(of: call.request, for: route)
            try await reading.readBody(by: call.reader, for: route)
            let chosen = call.request.headers[.organization].map { OrganizationID($0) }
            let context = VendorManageContext(
                dialect: dialect, services: services, author: call.author, chosen: chosen)
            var request = ManageAPI.Request(
                names: call.names, url: call.ownAddress + call.request.uri.path, query: reading.query.values,
                body: reading.body, context: context)
            request.isPartial = reading.isPartial
            response = Response(try await handler(request)).adding(context.warnings.fields)
        } catch {
            response = try front.refused(error, call.logger)
        }
        let nearest = rateLimit?.isAllowed == false ? rateLimit : RateLimitStatus.nearest(rateLimit, own)
        return response.adding(nearest?.fields(at: call.now) ?? HTTPFields()).adding(reading.fields)
    }

    /// Answers a request to a route without a key.
    func answer(_ call: OpenCall, by services: VendorServices) async throws -> Response {
        switch route.access {
        case .triggered(let handler): return try await answer(call, by: services, handler)
        case .open(let handler): return try await answer(call, by: services, handler)
        case .keyed: throw Problem(.missingKey, "a key is asked")
        }
    }

    private func answer(
        _ call: OpenCall, by services: VendorServices,
        _ handler: @Sendable (ManageAPI.OpenRequest) async throws -> ManageAPI.Answer
    ) async throws -> Response {
        var reading = VendorReading()
        let response: Response
        do {
            try reading.readQuery(of: call.request, for: route)
            let token = token(in: call.request.headers)
            if token?.interface == .cookie { try ForeignPage.refuse(call.request, call.settings) }
            try await reading.readBody(by: call.reader(), for: route)
            var request = ManageAPI.OpenRequest(
                query: reading.query.values, body: reading.body, token: token?.text,
                front: Sessions(
                    kept: services.sessions, failedProofs: services.failedProofs, client: call.client))
            request.isSecure = call.isSecure
            response = Response(try await handler(request))
        } catch {
            response = try front.refused(error, call.logger)
        }
        return response.adding(reading.fields)
    }

    /// Answers a request to a secret URL.
    private func answer(
        _ call: OpenCall, by services: VendorServices,
        _ handler: @Sendable (Trigger, ManageAPI.Request) async throws -> ManageAPI.Answer
    ) async throws -> Response {
        var reading = VendorReading()
        var rateLimit: RateLimitStatus?
        let response: Response
        do {
            try reading.readQuery(of: call.request, for: route)
            let trigger = try await trigger(of: call, reading.query, by: services)
            let key = trigger.actingKey
            call.connection?.noteProof()
            rateLimit = trigger.rate.map { rate in
                let caller = RateWindows.Caller(dialect: dialect, key: key.id)
                return services.windows.take(caller, ManageAPI.Rate(rate, in: .seconds(60)), at: call.now)
            }
            guard rateLimit?.isAllowed ?? true else {
                throw ManageAPI.Problem(.tooManyRequests, "the trigger is called more often than it may be")
            }
            try await reading.readBody(by: call.reader(for: key), for: route)
            let vendors = VendorManageContext(
                dialect: dialect, services: services, author: Author(key: key, client: call.client, now: call.now),
                chosen: nil, isTrigger: true)
            var request = ManageAPI.Request(
                names: call.names, url: call.request.uri.path, query: reading.query.values, body: reading.body,
                context: vendors)
            request.isPartial = reading.isPartial
            response = Response(try await handler(trigger, request)).adding(vendors.warnings.fields)
        } catch {
            response = try front.refused(error, call.logger)
        }
        return response.adding(rateLimit?.fields(at: call.now) ?? HTTPFields()).adding(reading.fields)
    }

    /// The trigger that a secret URL proves. An unknown id, a wrong secret and an inactive trigger get the same answer.
    private func trigger(
        of call: OpenCall, _ query: Query, by services: VendorServices
    ) async throws -> Trigger {
        let id = TriggerID(name("{trigger}", of: call.names) ?? "")
        guard let secret = name("{secret}", of: call.names) ?? query["secret"] else {
            throw ManageAPI.Problem(.unprocessableContent, "the URL has no secret")
        }
        if let trigger = services.triggers.trigger(id, provenBy: secret) { return trigger }
        let asked = FailedProof.Asked(services.triggers[id])
        try await services.failedProofs.hold(FailedProof(interface: .trigger, client: call.client, asked: asked))
        throw ManageAPI.Problem(.notFound, "there is no trigger of that id and secret")
    }

    /// The value of a placeholder in the route's pattern; nil if the pattern does not have it.
    private func name(_ place: String, of names: [String]) -> String? {
        let places = route.pattern.split(separator: "/").filter { $0.hasPrefix("{") }
        return places.firstIndex { $0 == place }.map { names[$0] }
    }

    /// The token that a request presents: after `Bearer`, or in the vendor's cookie; nil if there is neither.
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
}

/// The token of a request to a vendor's route, and the interface that it came by.
struct PresentedToken: Sendable {
    let text: String
    let interface: ProofInterface
}

extension HTTPField.Name {
    fileprivate static let organization = constant("gatehouse-organization")
}
