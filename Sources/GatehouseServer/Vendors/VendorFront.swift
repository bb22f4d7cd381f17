internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore

/// A vendor's manage API and the paths below its roots, where every refusal has the vendor's form, whether the contract
/// or the server refuses.
struct VendorFront: Sendable {
    let dialect: DialectName
    let api: ManageAPI

    /// One for every dialect with a manage API, in the order of the registry.
    static func all(of dialects: DialectTable) -> [VendorFront] {
        dialects.dialects.compactMap { dialect in
            dialect.manage.map { VendorFront(dialect: dialect.name, api: $0) }
        }
    }

    /// The length of the longest root above a path, in bytes; nil if there is none.
    func nearness(of path: String) -> Int? {
        api.roots.filter { root in
            path.hasBytes(of: root) || path.utf8.starts(with: (root + "/").utf8)
        }.map(\.utf8.count).max()
    }

    /// The vendor's answer to an error.
    ///
    /// - Throws: errors that only the connection can handle.
    func refused(_ error: any Error, _ logger: Logger) throws -> Response {
        if let refusal = error as? ManageAPI.Problem { return Response(api.answer(refusal)) }
        let problem = try Problem(of: error, logger)
        return Response(answer(to: problem, Self.faults(in: error, problem))).adding(problem.headers)
    }

    /// The vendor's answer to a problem, without the problem's own header fields.
    func answer(to problem: Problem, _ faults: ValidationErrors = ValidationErrors()) -> ManageAPI.Answer {
        var refusal = ManageAPI.Problem(
            problem.kind.status, api.worded(problem.detail), faults: faults.rewritten(api.worded))
        refusal.isOfCoding = problem.field == ContentCoding.field
        return api.answer(refusal)
    }

    /// The faults of the request itself, even if there is only one.
    private static func faults(in error: any Error, _ problem: Problem) -> ValidationErrors {
        switch error {
        case let fault as ValidationError: ValidationErrors([fault])
        case let faults as ValidationErrors: faults
        default: problem.faults
        }
    }
}

extension ManageAPI.Answer {
    /// The body and its header fields; nil if there is none.
    var content: (fields: HTTPFields, bytes: [UInt8])? {
        switch body {
        case .none: nil
        case .json(let json): ([.contentType: "application/json"], json.bytes)
        case .page(let text): (Self.page, Array(Self.escaped(text).utf8))
        }
    }

    /// A page without any markup in its text: it quotes the answers of unknown receivers.
    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    private static let page: HTTPFields = [
        .contentType: "text/html; charset=utf-8", .contentSecurityPolicy: "default-src 'none'; sandbox",
        .xContentTypeOptions: "nosniff",
    ]
}

extension Response {
    /// The response of a contract's answer.
    init(_ answer: ManageAPI.Answer) {
        guard let content = answer.content else {
            self.init(status: answer.status, headers: answer.headers)
            return
        }
        self.init(
            status: answer.status, headers: answer.headers,
            body: .init(byteBuffer: ByteBuffer(bytes: content.bytes)))
        for field in content.fields { headers[field.name] = field.value }
    }

    /// The answer with more header fields; each replaces a field with the same name.
    func adding(_ fields: HTTPFields) -> Response {
        var response = self
        for field in fields { response.headers[field.name] = field.value }
        return response
    }
}
