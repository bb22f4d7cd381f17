internal import Foundation
internal import GatehouseCore
internal import GatehouseTesting
import HTTPTypes
import Testing

/// One operation of the document, as a caller reads it.
struct DescribedOperation {
    let path: String
    let method: HTTPRequest.Method
    let json: JSON
    let checker: SchemaChecker

    /// A request in the form of the document.
    struct Request {
        var path: String
        var headers = HTTPFields()
        var body: [UInt8] = []
    }

    var name: String { "\(method.rawValue) \(path)" }
    var isKeyed: Bool { json["x-roles"] != nil }
    private var roles: [String] { json["x-roles"]?.items?.compactMap(\.text) ?? [] }
    private var provesClient: Bool { json["security"]?.items?.first?["client"] != nil }
    private var parameters: [JSON] { (json["parameters"]?.items ?? []).map(checker.resolved) }
    /// Bodies by their content types.
    private var content: [JSONObject.Member] { json["requestBody"]?["content"]?.object?.members ?? [] }

    /// The faults of an answer; an undescribed status is one.
    func faults(in answer: LiveGateway.Client.Answer) -> [String] {
        guard let response = json["responses"]?["\(answer.status)"] else {
            return ["the status \(answer.status) is not described: \(answer.text)"]
        }
        return checker.faults(in: answer, by: response)
    }

    // MARK: Requests of the examples

    /// One request for each example, and one more for each parameter that need not be there.
    func requests(in setup: DescribedGateway) -> [Request] {
        let plain = request(in: setup)
        // A deleted resource does not exist a second time.
        guard method != .delete else { return [parameters.reduce(plain) { with($1, $0, in: setup) ?? $0 }] }
        guard !content.isEmpty else { return [plain] + parameters.compactMap { with($0, plain, in: setup) } }
        return content.flatMap { media in
            Self.examples(media.value).map { example in
                var request = plain
                request.headers[.contentType] = media.key
                request.body = Self.bytes(of: example, media.key, in: setup)
                return request
            }
        }
    }

    private func request(in setup: DescribedGateway) -> Request {
        let places = method == .delete ? setup.places.merging(setup.spare) { $1 } : setup.places
        var request = Request(path: Self.filled(path, places))
        // A stream of the present has no end.
        if path.hasSuffix("/stream") { request.path += "?until=2020-01-01T00:00:00Z" }
        for parameter in parameters where parameter["in"] == "query" && parameter["required"] == true {
            request = with(parameter, request, in: setup) ?? request
        }
        if provesClient {
            request.headers[.authorization] = "Basic " + Data(setup.client.utf8).base64EncodedString()
        }
        return request
    }

    private static func filled(_ path: String, _ places: [String: String]) -> String {
        places.reduce(path) { $0.replacing("{\($1.key)}", with: $1.value) }
    }

    /// The request with one more parameter: the example's value, or the id of an existing resource if it names one.
    private func with(_ parameter: JSON, _ plain: Request, in setup: DescribedGateway) -> Request? {
        guard let name = parameter["name"]?.text, let sample = parameter["example"] else { return nil }
        var text = setup.places[name] ?? sample.text ?? sample.compact
        // The hours of a stream end before the example's begin: see request(in:).
        if path.hasSuffix("/stream"), name == "since" { text = "2019-12-31T00:00:00Z" }
        var request = plain
        switch parameter["in"]?.text {
        case "query" where !plain.path.contains("?\(name)="):
            let escaped = text.replacing("+", with: "%2B").replacing("*", with: "%2A")
            request.path += (plain.path.contains("?") ? "&" : "?") + "\(name)=\(escaped)"
        case "header":
            guard let field = HTTPField.Name(name) else { return nil }
            request.headers[field] = text
        default: return nil
        }
        return request
    }

    private static func examples(_ media: JSON) -> [JSON] {
        media["example"].map { [$0] } ?? (media["examples"]?.object?.members ?? []).compactMap { $0.value["value"] }
    }

    /// The example as it is sent; its receiver becomes one on this machine, and its subscription an existing one.
    private static func bytes(of example: JSON, _ type: String, in setup: DescribedGateway) -> [UInt8] {
        if type.hasSuffix("urlencoded") {
            let pairs = (example.object?.members ?? []).map { "\($0.key)=\($0.value.text ?? "")" }
            return Array(pairs.joined(separator: "&").utf8)
        }
        let text = type.hasSuffix("ndjson") ? example.text ?? "" : example.compact
        let named = text.replacing("subscription_7a1b2c3d4e5f6071", with: setup.places["subscription"] ?? "")
        return Array(named.replacing(#/https:\/\/receiver\.example\.com\/[a-z]*/#, with: DescribedGateway.nowhere).utf8)
    }

    /// The faults of the examples.
    var faultsOfExamples: [String] {
        let sent = content.map { ("\($0.key) sent", $0.value) }
        let answered = (json["responses"]?.object?.members ?? []).flatMap { response in
            (checker.resolved(response.value)["content"]?.object?.members ?? []).map {
                ("\($0.key) of \(response.key)", $0.value)
            }
        }
        let parameters = parameters.flatMap { parameter in
            checker.faults(
                in: parameter["example"] ?? .null, by: parameter["schema"] ?? .null, at: parameter["name"]?.text ?? "")
        }
        return parameters
            + (sent + answered).flatMap { what, media in
                let examples = Self.examples(media)
                guard !examples.isEmpty else { return ["\(what) has no example"] }
                return examples.flatMap { checker.faults(in: $0, by: media["schema"] ?? .null, at: what) }
            }
    }
}

extension DescribedOperation {
    /// A request that must be refused.
    struct Wrong {
        let what: String
        let status: Int
        let key: String?
        var method: HTTPRequest.Method?
        let request: Request
    }

    /// The requests that every such route refuses before it does anything.
    func wrongRequests(in setup: DescribedGateway) throws -> [Wrong] {
        let good = try #require(requests(in: setup).first)
        let key: String? = isKeyed ? LiveGateway.admin : nil
        var wrong: [Wrong] = []
        func add(_ what: String, _ status: Int, key: String?, _ change: (inout Request) -> Void) {
            var request = good
            change(&request)
            wrong.append(Wrong(what: what, status: status, key: key, request: request))
        }
        add("a long path", 414, key: key) { $0.path += "?" + String(repeating: "x", count: 1600) }
        add("large header fields", 431, key: key) { $0.headers[.userAgent] = String(repeating: "x", count: 9000) }
        wrong.append(
            Wrong(what: "another method", status: 405, key: key, method: .put, request: Request(path: good.path)))
        guard isKeyed else { return wrong }
        add("no key", 401, key: nil) { _ in }
        add("a stranger's key", 401, key: "gk_00_00") { _ in }
        let lacking = roles.contains("source") ? setup.reporter : setup.source
        add("a key of another role", 403, key: lacking) { _ in }
        let mark = good.path.contains("?") ? "&" : "?"
        add("a parameter that is not known", 422, key: key) { $0.path += "\(mark)colour=red" }
        add("a query that cannot be read", 400, key: key) { $0.path += "\(mark)colour=%zz" }
        // Persons are not stored, so no call can say that one does not exist.
        if path.contains("{"), !(path.contains("{person}") && method == .post) {
            add("something that is not there", 404, key: key) {
                let query = $0.path.drop { $0 != "?" }
                $0.path = path.replacing(#/\{[a-z]+\}/#, with: "nobody") + query
            }
        }
        guard !content.isEmpty else { return wrong }
        add("another content type", 415, key: key) { $0.headers[.contentType] = "text/plain" }
        add("a body that is cut off", 400, key: key) { $0.body = Array("{".utf8) }
        add("a field that is not known", 422, key: key) { $0.body = Array(#"{"colour":"red"}"#.utf8) }
        add("a large body", 413, key: key) { $0.body = [UInt8](repeating: 0x20, count: 8 * 1024 * 1024 + 1) }
        return wrong
    }
}
