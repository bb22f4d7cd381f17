internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore

/// A vendor's manage API as its clients meet it: a refusal below its roots has its shape, whether the
/// contract or the server refuses.
struct VendorFront: Sendable {
    let dialect: DialectName
    let api: ManageAPI

    /// Every dialect's that has one, in the order of the registry.
    static func all(of dialects: DialectTable) -> [VendorFront] {
        dialects.dialects.compactMap { dialect in
            dialect.manage.map { VendorFront(dialect: dialect.name, api: $0) }
        }
    }

    /// The length of the longest root that a path lies below, in bytes; nil where it lies below none.
    func nearness(of path: String) -> Int? {
        api.roots.filter { root in
            path.hasBytes(of: root) || path.utf8.starts(with: (root + "/").utf8)
        }.map(\.utf8.count).max()
    }

    /// The vendor's answer to an error.
    ///
    /// - Throws: what only the connection can answer.
    func refused(_ error: any Error, _ logger: Logger) throws -> Response {
        if let refusal = error as? ManageAPI.Refusal { return Response(api.answer(refusal)) }
        let problem = try Problem(of: error, logger)
        let refusal = ManageAPI.Refusal(problem.kind.status, problem.detail, faults: Self.faults(in: error, problem))
        return Response(api.answer(refusal)).adding(problem.headers)
    }

    /// What is wrong with the request itself, also where it is one fault.
    private static func faults(in error: any Error, _ problem: Problem) -> Faults {
        switch error {
        case let fault as Fault: Faults([fault])
        case let faults as Faults: faults
        default: problem.faults
        }
    }
}

extension Response {
    /// An answer of a contract's.
    init(_ answer: ManageAPI.Answer) {
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

    /// The answer with more header fields, each in the place of one that has its name.
    func adding(_ fields: HTTPFields) -> Response {
        var response = self
        for field in fields { response.headers[field.name] = field.value }
        return response
    }
}
