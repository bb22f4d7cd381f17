internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseGateway
internal import GatehouseServer
internal import GatehouseTesting
internal import HTTPTypes
import Testing

/// Every vendor's API on one gateway, each of its operations with a request that is answered 2xx.
struct VendorAPIs {
    /// One operation of one vendor.
    struct Operation: Sendable, CustomStringConvertible {
        let vendor: VendorClient
        let route: ManageAPI.Route
        var description: String { "\(vendor.name) \(route.method.rawValue) \(route.pattern)" }

        /// Whether a key is required.
        var isKeyed: Bool {
            if case .keyed = route.access { true } else { false }
        }
    }

    /// A request from the vendor's manual.
    struct Request {
        var method: HTTPRequest.Method
        var path: String
        var query: [(name: String, value: String)] = []
        var body: JSON?
        var type: String? = "application/json"
        var key: String?
        /// The bytes before the body.
        var prefix: [UInt8] = []

        var target: String {
            let pairs = query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
            return pairs.isEmpty ? path : "\(path)?\(pairs)"
        }
    }

    /// Every operation of the tables. One that is added to a table is tried here.
    static let operations = Dialects.all.flatMap { dialect in
        (dialect.manage?.routes ?? []).compactMap { route in
            VendorClient.all.first { $0.name == dialect.name.text }.map { Operation(vendor: $0, route: route) }
        }
    }

    let gateway: LiveGateway.Client
    /// A manager's key: id and credential.
    let manager: (id: String, key: String)
    /// A trigger's two paths.
    private let trigger: PlaceOSGateway.Made
    /// A delivery of BAS-IP's history.
    private let delivery: Int64
    private let account: Int64

    static func run(_ test: (VendorAPIs) async throws -> Void) async throws {
        try await VendorClient.withGateway({ $0.server.targetBytes = 1500 }) { gateway in
            let driver = try await gateway.send(
                .patch, "/v1/doors/lobby", headers: [.contentType: "application/json"],
                body: JSON.object(["driver": ["type": "simulated"]]).bytes)
            try #require(driver.status == 200, "\(driver.text)")
            let made = try await gateway.make(
                "/v1/keys", ["name": "M", "role": "manager", "organization": "acme", "privacyLevel": 0])
            let basip = try #require(VendorClient.all.first { $0.name == "basip" })
            _ = try await basip.make(gateway, basip.body("http://127.0.0.1:9/history"))
            _ = try await VendorClient.badge("one", gateway)
            let page = try await gateway.get("/v1/deliveries")
            let doors = try await gateway.get("/api/events")
            try await test(
                VendorAPIs(
                    gateway: gateway,
                    manager: (try #require(made["id"]?.text), try #require(made["key"]?.text)),
                    trigger: try await PlaceOSGateway.trigger(gateway, ["mayUnlock": true]),
                    delivery: try #require(DeliveryID(page.json["items"]?.items?.first?["id"]?.text ?? ""))
                        .historyNumber,
                    account: try #require(doors.json["events"]?.items?.first?["accountId"]?.integer)))
        }
    }

    /// Tries each operation with a request of its own.
    static func each(
        where isAsked: (Operation) -> Bool = { _ in true },
        _ test: (VendorAPIs, Operation, Request) async throws -> Void
    ) async throws {
        try await run { apis in
            for operation in operations where isAsked(operation) {
                try await test(apis, operation, try await apis.request(operation))
            }
        }
    }

    func send(_ request: Request) async throws -> LiveGateway.Client.Answer {
        var headers = HTTPFields()
        if request.body != nil { headers[.contentType] = request.type }
        return try await gateway.send(
            request.method, request.target, key: request.key, headers: headers,
            body: request.body.map { request.prefix + $0.bytes } ?? [])
    }

    /// The request of an operation, on a resource that was created for it alone.
    func request(_ operation: Operation) async throws -> Request {
        let url = "https://127.0.0.1:9/\(VendorAPIs.next())"
        var request = Request(method: operation.route.method, path: operation.route.pattern)
        if operation.isKeyed || request.path.hasSuffix("/logout") { request.key = manager.key }
        var values = [
            "organization": "acme", "serverId": "1001", "doorId": "1", "eventId": "11", "accountId": "\(account)",
            "mod": "Rhombus", "index": "1", "method": "request", "trigger": trigger.id,
        ]
        if let place = request.path.firstMatch(of: #/\{(hook|uid|webhookId)\}/#)?.output.1 {
            values[String(place)] = try await subject(of: operation, url)
        }
        if request.path.contains("/{eventId}"), operation.route.method == .delete {
            let made = try await gateway.send(.post, Self.filled(request.path, values), key: manager.key)
            try #require(made.status == 200, "\(made.text)")
        }
        if operation.vendor.name == "placeos" {
            values["secret"] = String(trigger.paths[1].split(separator: "/")[6])
            if !request.path.contains("{secret}") {
                request.query = [("secret", values["secret"] ?? ""), ("mod", "R")]
            }
        }
        request.path = Self.filled(request.path, values)
        request.query += query(of: operation)
        request.body = body(of: operation, url)
        return request
    }

    private static func filled(_ pattern: String, _ values: [String: String]) -> String {
        values.reduce(pattern) { $0.replacing("{\($1.key)}", with: $1.value) }
    }

    /// The id of a webhook that exists for one request.
    private func subject(of operation: Operation, _ url: String) async throws -> String {
        if operation.route.pattern.hasSuffix("/events/{uid}") { return "\(delivery)" }
        let path = try await operation.vendor.make(gateway, operation.vendor.body(url))
        return try #require(path.split(separator: "/").last.map(String.init))
    }

    private func query(of operation: Operation) -> [(name: String, value: String)] {
        switch operation.route.pattern {
        case "/api/v1/login": [("username", "admin"), ("password", BasIPGateway.md5(manager.key))]
        case "/api/ous/{organization}/hooks" where operation.route.method == .get:
            [("page", "0"), ("per_page", "100"), ("sort", "asc")]
        case let pattern where pattern.hasSuffix("/webhooks") && operation.vendor.name == "basip":
            operation.route.method == .get ? [("limit", "10"), ("page_number", "1")] : []
        default: []
        }
    }

    private func body(of operation: Operation, _ url: String) -> JSON? {
        guard let names = operation.route.body else { return nil }
        switch operation.route.pattern {
        case "/api/login": return ["userName": .string(manager.id), "password": .string(manager.key)]
        case let pattern where pattern.hasSuffix("/doors"): return ["doors": [["serverId": 1001, "doorId": 1]]]
        case let pattern where pattern.hasSuffix("/events"): return ["events": [["eventId": 11]]]
        default: break
        }
        if names.name(spelled: "door_id") != nil { return ["door_id": "lobby"] }
        guard operation.route.method != .delete else { return ["webhook": .string(url)] }
        var body = operation.vendor.body(url).object ?? JSONObject()
        if operation.vendor.name == "prodatakey" {
            body["authentication"] = ["type": "Basic", "user": "u", "password": "p"]
        }
        return .object(body)
    }

    private static let count = Count()
    private static func next() -> Int { count.next() }
}

extension VendorAPIs {
    static func expectRefusal(
        _ answer: LiveGateway.Client.Answer, _ status: Int, _ operation: Operation, _ what: String = ""
    ) {
        let isRight = isRefusal(answer, of: operation.vendor.name, status)
        #expect(isRight, "\(operation) \(what): \(answer.status) \(answer.text)")
    }

    /// The terms of every subscription, without their health.
    static func terms(_ apis: VendorAPIs) async throws -> [JSONObject?] {
        let items = try await apis.gateway.get("/v1/subscriptions?limit=500").json["items"]?.items ?? []
        return items.map { item in
            var object = item.object
            object?["health"] = nil
            return object
        }
    }

    /// The vendor's form of a refusal, and the vendor's status for one of ours.
    static func isRefusal(_ answer: LiveGateway.Client.Answer, of vendor: String, _ status: Int) -> Bool {
        answer.status == expected(status, by: vendor) && hasForm(answer, of: vendor)
    }

    /// Whether an answer has the vendor's form of a refusal.
    static func hasForm(_ answer: LiveGateway.Client.Answer, of vendor: String) -> Bool {
        guard answer.field("content-type") == "application/json", let object = answer.json.object else { return false }
        let keys = object.members.map(\.key)
        switch vendor {
        case "prodatakey":
            return keys == ["statusCode", "error", "message"] && object["statusCode"]?.integer == Int64(answer.status)
                && object["message"]?.text?.isEmpty == false
        case "oneupvision":
            let isOfFields = object.members.allSatisfy { $0.value.items?.allSatisfy { $0.text != nil } ?? false }
            return keys == ["detail"] ? object["detail"]?.text?.isEmpty == false : isOfFields && !keys.isEmpty
        case "situator": return keys == ["message"] && object["message"]?.text?.isEmpty == false
        default: return keys == ["error"] && object["error"]?.text?.isEmpty == false
        }
    }

    /// BAS-IP has 400 for every wrong body, and PlaceOS where its contract has no other status.
    private static func expected(_ status: Int, by vendor: String) -> Int {
        switch (vendor, status) {
        case ("basip", 413), ("basip", 415), ("placeos", 405), ("placeos", 415): 400
        default: status
        }
    }
}
