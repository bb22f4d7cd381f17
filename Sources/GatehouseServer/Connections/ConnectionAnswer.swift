internal import GatehouseCore
internal import HTTPTypes
internal import NIOHTTP1

/// What the connection's own code answers, and ends with: a problem, in the shape in which the routes at the path that
/// was asked for refuse.
struct ConnectionAnswer: Sendable {
    /// The status.
    let status: HTTPResponse.Status
    /// The header fields, what the body is among them.
    private(set) var fields: HTTPFields
    /// The body.
    let bytes: [UInt8]

    /// Where no path is known.
    init(_ problem: Problem) {
        self.status = problem.kind.status
        self.fields = [.contentType: "application/problem+json"]
        self.bytes = problem.bytes
        add(problem.headers)
    }

    /// To a request whose head came.
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
