import GatehouseCore
import GatehouseDelivery
import HTTPTypes
import NIOPosix

/// Calls a gateway's native API, over the pool that deliveries use.
struct GatewayClient: Sendable {
    /// The gateway's address, without a slash at its end.
    let base: String
    private let key: Secret
    private let pool: ConnectionPool

    /// How long each phase of a request may take: longer than a gateway under load takes to commit.
    static let timeout = Duration.seconds(30)
    /// The longest answer that is read.
    static let answerBytes = 32 << 20

    /// Calls the gateway at an address with a key.
    init(base: String, key: Secret) {
        self.base = base
        self.key = key
        // The caller says where its own gateway is: no address is out of bounds.
        let everywhere = ["0.0.0.0/0", "::/0"].compactMap { try? AddressRange($0) }
        self.pool = ConnectionPool(
            group: .singleton, egress: EgressGuard(allowed: everywhere), resolver: SystemResolver())
    }

    /// What a gateway answered.
    struct Answer: Sendable {
        /// The status code.
        let status: Int
        /// The body, as it came.
        let body: [UInt8]
        /// After how many seconds to come again, where the gateway says so.
        let retryAfter: Int?

        /// Whether the gateway did what it was asked to.
        var isSuccess: Bool { (200..<300).contains(status) }
        /// The body as JSON; null where there is none.
        var json: JSON { body.isEmpty ? .null : (try? JSONParser.parse(body, depthLimit: 64)) ?? .null }
        /// What the gateway refused and why, where it did.
        var refusal: Refusal { Refusal(status: status, problem: json) }
    }

    /// How something is set off that is more than a change of settings.
    struct Manner: Sendable {
        /// The same wish told again has the same key.
        var repetitionKey: String?
        /// How long the answer is waited for.
        var timeout = GatewayClient.timeout
        /// How long the gateway itself may wait before it answers.
        var patience: Duration?
    }

    /// Asks for something.
    func get(
        _ path: String, _ query: [(String, String?)] = [], _ manner: Manner = Manner()
    ) async throws(CommandFailure) -> JSON {
        try await accepted("GET", path + Self.query(query), nil, manner)
    }

    /// Asks for all of a list, page after page.
    func all(_ path: String) async throws(CommandFailure) -> [JSON] {
        var items: [JSON] = []
        var cursor: String?
        repeat {
            let page = try await get(path, [("limit", "500"), ("cursor", cursor)])
            items += page["items"]?.items ?? []
            cursor = page["next"]?.text
        } while cursor != nil
        return items
    }

    /// Makes something or sets something off.
    @discardableResult
    func post(
        _ path: String, _ body: JSON?, _ query: [(String, String?)] = [], _ manner: Manner = Manner()
    ) async throws(CommandFailure) -> JSON {
        try await accepted("POST", path + Self.query(query), body, manner)
    }

    /// Changes something.
    func patch(
        _ path: String, _ body: JSON, _ query: [(String, String?)] = []
    ) async throws(CommandFailure) -> JSON {
        try await accepted("PATCH", path + Self.query(query), body)
    }

    /// Takes something away.
    func delete(_ path: String, _ query: [(String, String?)] = []) async throws(CommandFailure) {
        _ = try await accepted("DELETE", path + Self.query(query), nil)
    }

    /// The stream of events that fit a filter.
    func events(_ filter: [(String, String?)]) throws(CommandFailure) -> EventStream {
        guard let url = TargetURL(base + "/v1/events/stream" + Self.query(filter)) else {
            throw CommandFailure(.usage, "the filter is too long")
        }
        return EventStream(url: url, key: key)
    }

    /// Sends a request and gives whatever comes back, refusals too.
    ///
    /// - Throws: where there is no answer at all.
    func send(
        _ method: HTTPRequest.Method, _ path: String, body: [UInt8] = [], type: String? = nil,
        _ manner: Manner = Manner()
    ) async throws(CommandFailure) -> Answer {
        guard let url = TargetURL(base + path) else {
            throw CommandFailure(.usage, "the request's address is too long")
        }
        var headers: HTTPFields = [.authorization: "Bearer \(key.revealed)", .accept: "application/json"]
        headers[.userAgent] = "Gatehouse/\(GatehouseVersion.text)"
        headers[.contentType] = type
        headers[Self.idempotencyKey] = manner.repetitionKey
        var request = PreparedRequest(method: method, url: url, headers: headers, body: body)
        let timeout = manner.timeout + (manner.patience ?? .zero)
        if manner.patience != nil { request.longest = timeout }
        do {
            let answer = try await pool.exchange(request, timeout: timeout, answerBytes: Self.answerBytes)
            guard !answer.isTruncated else {
                throw CommandFailure(.unavailable, "the gateway's answer was cut off; ask for less at once")
            }
            let retryAfter = answer.headers[.retryAfter].flatMap { Int($0) }
            return Answer(status: answer.status, body: answer.body, retryAfter: retryAfter)
        } catch let failure as ExchangeFailure {
            throw CommandFailure(
                .unavailable,
                "the gateway at \(base) does not answer: \(failure). Does it run, and is --url right?"
            )
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(.software, "the request could not be sent")
        }
    }

    /// The path of one thing by its identifier, or nil where the text can be none.
    static func path(_ collection: String, _ id: String, _ rest: String = "") throws(CommandFailure) -> String {
        guard IdentifierRule.allows(id) else {
            throw CommandFailure(.usage, "'\(TextTable.printable(id))' is no id: an id has \(IdentifierRule.sentence)")
        }
        return "\(collection)/\(id)\(rest)"
    }

    private func accepted(
        _ method: String, _ path: String, _ body: JSON?, _ manner: Manner = Manner()
    ) async throws(CommandFailure) -> JSON {
        guard let method = HTTPRequest.Method(method) else { throw CommandFailure(.software) }
        let type = body == nil ? nil : "application/json"
        let answer = try await send(method, path, body: body?.bytes ?? [], type: type, manner)
        guard answer.isSuccess else { throw answer.refusal.failure }
        return answer.json
    }

    private static let idempotencyKey: HTTPField.Name = {
        guard let name = HTTPField.Name("Idempotency-Key") else { preconditionFailure("it is a field name") }
        return name
    }()

    private static func query(_ parameters: [(String, String?)]) -> String {
        let given = parameters.compactMap { name, value in value.map { "\(name)=\(escaped($0))" } }
        return given.isEmpty ? "" : "?" + given.joined(separator: "&")
    }

    /// A text as it stands in a query, or between two slashes of a path.
    static func escaped(_ value: String) -> String {
        value.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                String(UnicodeScalar(byte))
            default: "%" + Hex.text([byte]).uppercased()
            }
        }.joined()
    }
}
