import FoundationEssentials
import GatehouseClient
import GatehouseCore
import GatehouseDelivery
import GatehouseDialects
import GatehouseGateway
import GatehouseServer
import GatehouseVerification
import Logging

/// The demo's gateway with its building and its receivers, all in this process, set up through the API as a user would.
struct DemoEnvironment: Sendable {
    /// The client with a key above all trees.
    let admin: APIClient
    /// The client that posts events.
    let source: APIClient
    /// The key above all trees, for a user who wants to explore.
    let key: Secret
    /// The receivers.
    let posts: [DemoPost]
    private let gateway: Gateway
    private let running: Task<Void, any Error>
    private let folder: String?

    /// Starts everything.
    ///
    /// - Throws: the reason, after removing what was started.
    static func open(
        _ plan: DemoPlan, observability: Gateway.Observability, board: Scoreboard, input: DemoInput
    ) async throws -> DemoEnvironment {
        let folder = plan.store == nil ? try temporaryFolder() : nil
        var settings = GatewaySettings()
        settings.store = plan.store ?? "sqlite:\(folder ?? "")/gatehouse.db"
        settings.server.port = plan.port
        settings.allowedTargets = [try AddressRange("127.0.0.0/8")]
        var random = SystemRandomNumberGenerator()
        let key = Secret(Credential(using: &random).text)
        settings.adminKey = key
        do {
            let gateway = try await Gateway.build(settings, dialects: Dialects.all, observability: observability)
            // Detached, so that Ctrl-C first ends the production, and the gateway only when everything has arrived.
            let running = Task.detached { try await gateway.run() }
            guard let address = await gateway.boundAddress() else {
                try await running.value
                throw CommandError(.software, "the gateway ended before it listened")
            }
            let admin = try APIClient(url: "http://\(address.host):\(address.port)", key: key.revealed)
            do {
                return try await setUp(admin, key, (gateway, running, folder), board, input)
            } catch {
                await gateway.stop()
                _ = await running.result
                throw error
            }
        } catch {
            remove(folder)
            throw StartError.failure(of: error, settings)
        }
    }

    /// Drains the gateway, stops the receivers, and removes the store if it was the demo's own.
    func close() async {
        await gateway.stop()
        _ = await running.result
        for post in posts { await post.receiver.stop() }
        Self.remove(folder)
    }

    // MARK: Set-up

    private static func setUp(
        _ admin: APIClient, _ key: Secret, _ gateway: (Gateway, Task<Void, any Error>, String?),
        _ board: Scoreboard,
        _ input: DemoInput
    ) async throws -> DemoEnvironment {
        try await makeBuilding(admin)
        try await input.makePlaces(admin)
        try await removeOldSubscriptions(admin)
        let made = try await admin.keys.create(
            .init("demo panels", role: .source, organization: DemoBuilding.organization.text))
        let source = try APIClient(url: admin.url, key: made.credential ?? "").retrying(.none)
        var posts: [DemoPost] = []
        do {
            for row in DemoReceiver.all {
                let post = try await DemoPost.start(row, board: board)
                posts.append(post)
                try await subscribe(post, admin)
            }
        } catch {
            for post in posts { await post.receiver.stop() }
            throw error
        }
        return DemoEnvironment(
            admin: admin, source: source, key: key, posts: posts, gateway: gateway.0, running: gateway.1,
            folder: gateway.2)
    }

    private static func makeBuilding(_ admin: APIClient) async throws {
        let top = DemoBuilding.organization.text
        try await make("/v1/organizations", ["id": .string(top), "name": "Demo"], admin)
        for site in DemoBuilding.sites {
            try await make(
                "/v1/organizations",
                [
                    "id": .string(site.organization.text), "name": .string(site.name), "parent": .string(top),
                    "timeZone": .string(site.timeZone),
                ], admin)
            try await make(
                "/v1/panels",
                [
                    "id": .string(site.panel.text), "organization": .string(site.organization.text),
                    "name": .string(site.name), "number": .integer(site.number),
                ], admin)
            for door in site.doors {
                try await make(
                    "/v1/doors",
                    [
                        "id": .string(door.id.text), "panel": .string(site.panel.text), "number": .integer(door.number),
                        "name": .string(door.name), "attendance": .bool(door.isEntrance),
                    ], admin)
            }
        }
    }

    /// Creates something, or keeps what an earlier demo created in a kept store.
    static func make(_ path: String, _ body: JSON, _ admin: APIClient) async throws(GatehouseError) {
        let answer = try await admin.send(.init(.post, path, json: body))
        guard answer.isSuccess || answer.status == 409 else { throw .refused(answer.refusal) }
    }

    /// In a kept store, the subscriptions of earlier demos lead to receivers that no longer exist.
    private static func removeOldSubscriptions(_ admin: APIClient) async throws {
        let old = try await admin.subscriptions.list(organization: DemoBuilding.organization.text).all()
        for subscription in old { try await admin.subscriptions.delete(subscription.id) }
    }

    /// Subscribes a receiver in the organization at the top, so that it gets the events of all organizations below. If
    /// the contract treats each organization by itself, the receiver is subscribed in each, always with the same
    /// secret.
    private static func subscribe(_ post: DemoPost, _ admin: APIClient) async throws {
        let row = post.row
        let top = DemoBuilding.organization
        let secret: String
        if row.dialect.integrationID(of: top) == nil {
            secret = try await admin.subscriptions.create(body(of: post, in: top)).secret ?? ""
        } else {
            var random = SystemRandomNumberGenerator()
            secret = row.dialect.makeSecret(using: &random).revealed
            for organization in [top] + DemoBuilding.sites.map(\.organization) {
                let made = try await admin.subscriptions.create(body(of: post, in: organization))
                _ = try await admin.subscriptions.rotateSecret(made.id, to: secret)
            }
        }
        post.receiver.trust(try Verifier(row.verification, secret: secret, tolerance: row.tolerance))
    }

    private static func body(of post: DemoPost, in organization: OrganizationID) -> JSON {
        let row = post.row
        var body = JSONObject([
            "name": .string("demo receiver, \(row.title)"), "dialect": .string(row.title),
            "organization": .string(organization.text), "url": .string(post.url),
            "kinds": .array(row.kinds.kinds.map { .string($0.name) }), "settings": .object(row.settings),
            "retries": .array(DemoPlan.retries.map { .integer($0) }),
        ])
        if row.speaksTLS { body["tls"] = ["verification": false] }
        if let secret = row.secret { body["secret"] = .string(secret.revealed) }
        return .object(body)
    }

    private static func temporaryFolder() throws -> String {
        let name = "gatehouse-demo-\(UUID().uuidString.prefix(8).lowercased())"
        let folder = FileManager.default.temporaryDirectory.appending(path: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        return folder.path()
    }

    private static func remove(_ folder: String?) {
        if let folder { try? FileManager.default.removeItem(atPath: folder) }
    }
}
