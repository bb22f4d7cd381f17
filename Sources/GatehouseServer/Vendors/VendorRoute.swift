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

    /// Answers a call whose key was proved; its role and rate are asked here.
    func answer(_ call: Call, _ windows: RateWindows) async throws -> Response {
        let standing = windows.take(
            RateWindows.Caller(dialect: dialect, key: call.key.id), api.rate, at: call.now)
        let response: Response
        do {
            guard standing.isAllowed else {
                throw ManageAPI.Refusal(.tooManyRequests, "the key calls more often than it may: wait for the reset")
            }
            guard call.key.role.allows(route.deed) else {
                throw ManageAPI.Refusal(.forbidden, "a key of the role \(call.key.role.rawValue) may not do this")
            }
            response = Response(try await route.action(try await request(of: call)))
        } catch {
            response = try refused(error, call.logger)
        }
        return response.adding(standing.fields(at: call.now))
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

    private func request(of call: Call) async throws -> ManageAPI.Request {
        let hasBody = [.post, .put, .patch].contains(route.method)
        let address = (try? Issuer.text(of: call.request, call.settings)) ?? ""
        return ManageAPI.Request(
            names: call.names, url: address + call.request.uri.path, query: call.query.values,
            body: hasBody ? try await call.object() : nil,
            desk: VendorDesk(dialect: dialect, desk: call.desk))
    }
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
        if let body = answer.body {
            self.init(answer.status, json: body, headers: answer.headers)
        } else {
            self.init(status: answer.status, headers: answer.headers)
        }
    }

    fileprivate func adding(_ fields: HTTPFields) -> Response {
        var response = self
        for field in fields { response.headers[field.name] = field.value }
        return response
    }
}
