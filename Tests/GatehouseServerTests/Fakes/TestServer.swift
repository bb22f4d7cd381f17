import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Testing

@testable import GatehouseServer

/// A whole server over a store in memory, with two trees in it: `acme` with `acme-north` below, and `other`, which keys
/// of acme must not see.
struct TestServer {
    let store: any Store
    /// Closes the store after the test.
    private let closing: StoreClosing
    /// Every operation of the store passes through it.
    let gate: FaultGate
    let intake: StoreIntake
    let commander = ObedientCommander()
    let log = RecordingLog()
    let parts: Parts
    let api: APIServer

    /// The key above all trees.
    static let admin = "configured-admin-credential-0001"

    /// Wrong credentials are delayed only if a test asks for it, because most tests have a clock that stands still.
    init(
        settings: ServerSettings = ServerSettings(), clock: any WallClock = StandingClock(),
        holdingBack guesses: GuessSettings? = nil, heavy threads: any TaskExecutor = HeavyThreads.shared
    ) async throws {
        var settings = settings
        settings.guesses.firstWait = .zero
        if let guesses { settings.guesses = guesses }
        (store, gate) = try await Self.openStore()
        closing = StoreClosing(store)
        try await Self.setUp(store)
        let dialects = DialectTable([PlainDialect()])
        let registries = try await Registries(
            opening: store, dialects: dialects, admin: Secret(Self.admin), now: clock.now, timeZones: SystemTimeZones())
        intake = StoreIntake(
            store: store, subscriptions: registries.subscriptions, directory: registries.directory, dialects: dialects,
            incarnation: try await store.begin(at: clock.now))
        let heavy = HeavyLines(on: threads)
        let metrics = PrometheusMetrics()
        let parts = Parts(
            registries, dialects: dialects, clock: clock, heavy: heavy, metrics: metrics, logger: log.logger,
            failedProofs: FailedProofs(
                settings.guesses, store: store, clock: clock, logger: log.logger, metrics: metrics))
        let reads = ReadAudit(store: store)
        let services = APIServer.Services(
            parts.useCases(store, intake, reads), registries, store: store,
            delivery: APIServer.Delivery(
                intake: intake, commander: commander, drivers: DriverTable([PaperDriver()]),
                condition: parts.condition),
            proofs: APIServer.Proofs(
                tokens: try await IDTokens(opening: store, keys: registries.keys), failedProofs: parts.failedProofs,
                clients: LastHop()),
            tools: APIServer.Tools(
                dialects: dialects, reads: reads, heavy: heavy, clock: clock, metrics: metrics, logger: log.logger))
        self.api = APIServer(services, settings: settings)
        self.parts = parts
    }

    /// A credential of a role, bound to an organization.
    func credential(
        _ role: Role, of organization: String? = "acme", owner: Key.Owner? = nil
    ) async throws -> String {
        var random = SystemRandomNumberGenerator()
        let credential = Credential(using: &random)
        var key = Key(
            credential, name: "\(role)", role: role, organization: organization.map { OrganizationID($0) },
            created: parts.clock.now)
        key.owner = owner
        try await parts.keys.apply(Change(.add, .key(key)), through: intake)
        return credential.text
    }

    /// Sends a request, in process.
    func send(_ request: TestRequest) async throws -> TestAnswer {
        var headers = request.headers
        if let credential = request.credential { headers[.authorization] = "Bearer \(credential)" }
        if request.isLengthAnnounced, let body = request.body { headers[.contentLength] = String(body.count) }
        let head = HTTPRequest(
            method: request.method, scheme: "http", authority: request.authority, path: request.path,
            headerFields: headers)
        var logger = parts.logger
        logger[metadataKey: "hb.request.id"] = "1"
        let response = try await api.responder.respond(
            to: Request(head: head, body: RequestBody(buffer: ByteBuffer(bytes: request.body ?? []))),
            context: CallContext(logger: logger, address: request.address))
        return TestAnswer(response, body: try await BodyCollector.bytes(of: response))
    }

    func get(_ path: String, _ credential: String? = TestServer.admin) async throws -> TestAnswer {
        try await send(TestRequest(.get, path, credential))
    }

    func post(_ path: String, _ json: JSON, _ credential: String? = TestServer.admin) async throws -> TestAnswer {
        try await send(TestRequest(.post, path, credential, json: json))
    }
}

/// One request of a test.
struct TestRequest {
    var method: HTTPRequest.Method
    var path: String
    var credential: String?
    var headers = HTTPFields()
    var body: [UInt8]?
    var isLengthAnnounced = true
    var address: String?
    var authority: String? = "gatehouse"

    init(_ method: HTTPRequest.Method, _ path: String, _ credential: String? = TestServer.admin) {
        self.method = method
        self.path = path
        self.credential = credential
    }

    init(_ method: HTTPRequest.Method, _ path: String, _ credential: String? = TestServer.admin, json: JSON) {
        self.init(method, path, credential, type: "application/json", json.compact)
    }

    init(
        _ method: HTTPRequest.Method, _ path: String, _ credential: String? = TestServer.admin, type: String,
        _ body: String
    ) {
        self.init(method, path, credential)
        self.headers[.contentType] = type
        self.body = Array(body.utf8)
    }
}

/// The answer to a request.
struct TestAnswer {
    let status: Int
    let headers: HTTPFields
    let body: [UInt8]
    var text: String { String(decoding: body, as: UTF8.self) }
    var json: JSON? { try? JSONParser.parse(body) }
    var items: [JSON] { json?["items"]?.items ?? [] }

    init(_ response: Response, body: [UInt8]) {
        self.status = response.status.code
        self.headers = response.headers
        self.body = body
    }

    /// Checks the answer by RFC 9457 and our own rules of problems.
    func expectProblem(_ status: Int, _ slug: String? = nil, field: String? = nil, index: Int64? = nil) {
        #expect(self.status == status, "\(text)")
        #expect(headers[.contentType] == "application/problem+json")
        #expect(json?["status"]?.integer == Int64(status))
        #expect(json?["title"]?.text?.isEmpty == false)
        #expect(json?["detail"]?.text?.isEmpty == false)
        #expect(json?["type"]?.text?.hasPrefix("/problems/") == true)
        if let slug { #expect(json?["type"]?.text == "/problems/\(slug)", "\(text)") }
        if let field { #expect(json?["field"]?.text == field, "\(text)") }
        if let index { #expect(json?["index"]?.integer == index, "\(text)") }
    }
}

/// Reads an answer's body without a connection.
private final class BodyCollector: ResponseBodyWriter {
    private var bytes: [UInt8] = []

    static func bytes(of response: Response) async throws -> [UInt8] {
        let collector = BodyCollector()
        try await response.body.write(collector)
        return collector.bytes
    }

    func write(_ buffer: ByteBuffer) async throws { bytes += buffer.readableBytesView }
    func finish(_ trailers: HTTPFields?) async throws {}
}

/// A clock that stands still.
struct StandingClock: WallClock {
    var now: Instant { Instant(seconds: 1_773_216_930) }
    func sleep(until instant: Instant) async throws {}
}

/// Refuses one host.
struct PickyTargets: SubscriptionTargets {
    func refusal(of url: TargetURL, for organization: OrganizationID?) async -> String? {
        url.host == "forbidden.example" ? "forbidden.example is in a range that is never delivered to" : nil
    }

    func send(_ request: PreparedRequest, within timeout: Duration) async -> Outcome {
        .unreachable(reason: "no program is there")
    }
}

/// Trusts every proxy.
struct LastHop: APIServer.ClientFinder {
    func client(peer: String?, forwarded: [String]) -> String? { forwarded.last ?? peer }
    func isProxy(_ address: String) -> Bool { false }
}

/// A contract with a name for every kind.
struct PlainDialect: Dialect {
    let name = DialectName("plain")
    let defaults = DialectDefaults(
        privacyLevel: .noCredentials, timeout: .seconds(10), retries: .standard, makesSecret: true)
    let vocabulary = Vocabulary(
        Dictionary(uniqueKeysWithValues: Kind.allCases.map { ($0, .named([VendorName($0.name)])) }))

    let manage: ManageAPI? = PlainManage.api

    func faults(in terms: Terms) -> [ValidationError] { [] }

    func makeSecret(using random: inout some RandomNumberGenerator) -> Secret {
        Secret("plain-secret-\(UInt64.random(in: .min ... .max, using: &random))")
    }

    func names(of event: Event, for subscription: Subscription) -> [VendorName] { [VendorName(event.kind.name)] }

    func test(for subscription: Subscription) -> TestMessage {
        .first(of: (.gatewayTest, "gateway.test"), askedBy: subscription)
    }

    func prepare(_ parcel: Parcel, at now: Instant) -> PreparedRequest {
        PreparedRequest(url: parcel.subscription.terms.url, headers: [:], body: [])
    }

    func parse(_ body: [UInt8]) throws(ValidationError) -> ParsedEvent {
        throw ValidationError(.malformed, "a plain body is empty, and so says nothing")
    }
}
