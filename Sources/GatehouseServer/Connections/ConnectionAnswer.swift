internal import GatehouseCore
internal import HTTPTypes
internal import NIOHTTP1

/// The last answer of a connection, written by the connection's own code: a problem, in the form that the routes at the
/// requested path use.
struct ConnectionAnswer: Sendable {
    /// The status.
    let status: HTTPResponse.Status
    /// The header fields, with those of the body.
    private(set) var fields: HTTPFields
    /// The body.
    let bytes: [UInt8]

    /// If no path is known.
    init(_ problem: Problem) {
        self.status = problem.kind.status
        self.fields = [.contentType: "application/problem+json"]
        self.bytes = problem.bytes
        add(problem.headers)
    }

    /// The answer to a request whose head was read.
    init(_ problem: Problem, to head: HTTPRequestHead, by table: RouteTable) {
        guard let method = HTTPRequest.Method(rawValue: head.method.rawValue),
            let path = RequestFraming.path(of: head.uri), let front = table.front(of: table.match(method, path), path)
        else {
            self.init(problem)
            return
        }
        self.init(front.answer(to: problem))
        add(problem.headers)
    }

    private init(_ answer: ManageAPI.Answer) {
        let content = answer.content
        self.status = answer.status
        self.fields = answer.headers
        self.bytes = content?.bytes ?? []
        add(content?.fields ?? HTTPFields())
    }

    private mutating func add(_ more: HTTPFields) {
        for field in more { fields[field.name] = field.value }
    }
}
