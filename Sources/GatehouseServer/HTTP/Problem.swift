internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird

/// An answer that says what went wrong, in the form of RFC 9457. Every refusal of the native API is one.
struct Problem: Error, Sendable {
    /// The kind of problem, which decides type, title and status.
    let kind: ProblemKind
    /// What is wrong here and what would be right.
    let detail: String
    /// The field at fault as a path.
    var field: String?
    /// The place in a batch, from 0.
    var index: Int?
    /// The faults, if there are several; the problem itself shows the first.
    var faults = ValidationErrors()
    /// Header fields that belong to the refusal, such as `Retry-After`.
    var headers = HTTPFields()

    /// A problem that is not a fault in the body.
    init(_ kind: ProblemKind.Own, _ detail: String, field: String? = nil, headers: HTTPFields = HTTPFields()) {
        self.field = field
        self.kind = .own(kind)
        self.detail = detail
        self.headers = headers
    }

    /// A problem about one fault, with the status of its code.
    init(_ fault: ValidationError) {
        self.kind = ProblemKind(fault.code)
        self.detail = fault.sentence
        self.field = fault.field
        self.index = fault.index
    }

    /// A problem about all faults; the first one decides the status.
    init(_ faults: ValidationErrors) {
        self.init(faults.first ?? ValidationError(.malformed, "the request cannot be read"))
        if faults.count > 1 { self.faults = faults }
    }

    /// The answer, as `application/problem+json`.
    var response: Response {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        return Response(status: kind.status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// The answer's body.
    var bytes: [UInt8] { json.bytes }

    /// The whole answer in bytes, for a connection that ends with it.
    var wireBytes: [UInt8] {
        let body = bytes
        var head =
            "HTTP/1.1 \(kind.status.code) \(kind.status.reasonPhrase)\r\ncontent-type: application/problem+json\r\n"
        head += "content-length: \(body.count)\r\nconnection: close\r\n"
        for field in headers { head += "\(field.name.rawName): \(field.value)\r\n" }
        return Array((head + "\r\n").utf8) + body
    }

    private var json: JSON {
        var object = JSONObject()
        object["type"] = .string(kind.type)
        object["title"] = .string(kind.title)
        object["status"] = .integer(kind.status.code)
        object["detail"] = .string(detail)
        object["field"] = field.map { .string($0) }
        object["index"] = index.map { .integer($0) }
        if !faults.isEmpty { object["faults"] = .array(faults.map(\.json)) }
        if faults.more > 0 { object["moreFaults"] = .integer(faults.more) }
        return .object(object)
    }
}

extension ValidationError {
    /// The fault as a member of a problem's `faults`.
    fileprivate var json: JSON {
        var object = JSONObject()
        object["type"] = .string(ProblemKind(code).type)
        object["detail"] = .string(sentence)
        object["field"] = field.map { .string($0) }
        object["index"] = index.map { .integer($0) }
        return .object(object)
    }
}

extension StoreError {
    /// The problem for the caller. The store's own error goes to the log: callers cannot use it.
    var problem: Problem {
        var later = HTTPFields()
        later[.retryAfter] = "1"
        switch self {
        case .unavailable, .fenced:
            return Problem(
                .storeAway, "the store cannot be written to at present; send the request again", headers: later)
        case .overloaded:
            return Problem(.overloaded, "more waits to be written than may; send the request again", headers: later)
        case .conflict(let index, let sentence, let field):
            return Problem(ValidationError(.conflict, field: field, sentence, index: index))
        case .urlTaken:
            return Problem(ValidationError(.conflict, field: "url", "another subscription has this URL"))
        case .missing:
            return Problem(ValidationError(.notFound, "it is no longer there"))
        case .corrupt:
            return Problem(.storeDamaged, "what the store holds cannot be read; its operator must look at the log")
        }
    }
}
