import Foundation
import GatehouseCore
import NIOCore
import NIOPosix
import Testing

/// A gateway with few descriptors, whose places for callers are all held by a caller without a key.
@Suite(.timeLimit(.minutes(2))) struct ConnectionBoundTests {
    @Test func connectionsOfCallersBlockNoDelivery() async throws {
        let gateway = try GatewayProcess()
        try await gateway.start(descriptors: 256)
        let shares = try Shares(gateway, limit: 256)
        #expect(shares.connections >= 64 && shares.deliveries >= 64)
        // Half of the rest's needs is temporary: probes, connections that are being closed, look-ups.
        let moments = 2 * 16 + 3 * shares.lookUps
        #expect(
            try openDescriptors(gateway) <= 256 - shares.connections - shares.deliveries - moments,
            "at rest the gateway has more open than was counted")
        let curl = Curl(url: gateway.url)
        let receiver = Receiver()
        try await receiver.start()
        try await curl.created("/v1/organizations", #"{"id":"acme","name":"Acme"}"#)
        try await curl.created("/v1/panels", #"{"id":"1","organization":"acme","name":"P"}"#)
        try await curl.created("/v1/doors", #"{"id":"lobby","panel":"1","number":1,"name":"Lobby"}"#)
        let made = try await curl.post(
            "/v1/subscriptions",
            #"{"name":"S","dialect":"standard","organization":"acme","url":"\#(receiver.url)"}"#)
        receiver.trust(made.body["secret"]?.text ?? "")

        let open = try await connection(gateway.port)
        try await say(Self.post("before"), on: open)
        try await eventually("the first event is delivered") { receiver.sourceIDs["before"] == 1 }
        // Twice as many as there are places, and as many as the process has descriptors.
        var held: [any Channel] = []
        for _ in 0..<256 { held.append(try await connection(gateway.port)) }
        try await say(Self.post("urgent"), on: open)
        try await eventually("an event on an open connection is delivered") { receiver.sourceIDs["urgent"] == 1 }
        // A new caller with a key is accepted as well.
        #expect(try await curl.get("/v1/kinds").status == 200)
        #expect(try await metrics(gateway).contains("gatehouse_connections_bound \(shares.connections)\n"))
        #expect(try openDescriptors(gateway) < 256 - shares.deliveries + 2, "deliveries have theirs")
        for one in held + [open] { try? await one.close() }
        #expect(await gateway.stop() == 0)
        await receiver.stop()
        await gateway.remove()
    }

    /// How a gateway reports the division of its descriptors.
    private struct Shares {
        let connections: Int
        let deliveries: Int
        let lookUps: Int

        init(_ gateway: GatewayProcess, limit: Int) throws {
            let line = gateway.output("err")
            guard let match = line.firstMatch(of: /connections=(\d+) deliveries=(\d+) limit=(\d+) lookUps=(\d+)/),
                match.3 == "\(limit)", let connections = Int(match.1), let deliveries = Int(match.2),
                let lookUps = Int(match.4)
            else { throw TestFailure("the log does not say how descriptors are divided: \(line)") }
            (self.connections, self.deliveries, self.lookUps) = (connections, deliveries, lookUps)
        }
    }

    /// How many descriptors a gateway has open; 0 if the system does not say.
    private func openDescriptors(_ gateway: GatewayProcess) throws -> Int {
        let folder = "/proc/\(gateway.processIdentifier)/fd"
        guard FileManager.default.fileExists(atPath: folder) else { return 0 }
        return try FileManager.default.contentsOfDirectory(atPath: folder).count
    }

    /// Callers behind one address: callers without a key block no other; if all have one, a probe gets its answer and
    /// every other caller gets the reason.
    @Test func connectionsWithoutAKeyBlockNoCallerOfTheirAddress() async throws {
        let gateway = try GatewayProcess()
        try await gateway.start(["--bounds-connections-per-address", "8"])
        let curl = Curl(url: gateway.url)
        var held: [any Channel] = []
        for _ in 0..<24 { held.append(try await connection(gateway.port)) }
        #expect(try await curl.get("/v1/kinds").status == 200)
        for path in ["/livez", "/readyz"] { #expect(try await curl.get(path).status == 200) }
        for one in held { try? await one.close() }

        held = []
        for number in 1...8 {
            held.append(try await connection(gateway.port))
            try await say(Self.readAll, on: held[number - 1])
        }
        let count = #"gatehouse_http_requests_total{method="GET",route="/v1/doors",status="2xx"} 8"#
        try await eventually("all of them have proved a key") { try await metrics(gateway).contains(count) }
        for path in ["/livez", "/readyz"] { #expect(try await curl.get(path).status == 200) }
        let refused = try await curl.get("/v1/kinds")
        #expect(refused.status == 503)
        #expect(refused.body["detail"]?.text?.contains("bounds.connectionsPerAddress") == true)
        #expect(gateway.output("err").contains("bound=bounds.connectionsPerAddress"), "\(gateway.output("err"))")
        #expect(try await metrics(gateway).contains(#"gatehouse_connections_refused_total{bound="address"} "#))
        for one in held { try? await one.close() }
        #expect(await gateway.stop() == 0)
        await gateway.remove()
    }

    private func metrics(_ gateway: GatewayProcess) async throws -> String {
        try await run(
            "curl", ["-sS", "-H", "Authorization: Bearer \(GatewayProcess.adminKey)", gateway.url + "/metrics"]
        ).output
    }

    private static let readAll =
        "GET /v1/doors HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(GatewayProcess.adminKey)\r\n\r\n"

    private func connection(_ port: Int) async throws -> any Channel {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port).get()
    }

    private func say(_ text: String, on channel: any Channel) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    private static func post(_ id: String) -> String {
        let body =
            #"{"specversion":"1.0","id":"\#(id)","source":"/p","type":"door.forced","organization":"acme","#
            + #""data":{"door":"lobby"}}"#
        return [
            "POST /v1/events HTTP/1.1", "Host: x", "Authorization: Bearer \(GatewayProcess.adminKey)",
            "Content-Type: application/json", "Content-Length: \(body.utf8.count)",
        ].joined(separator: "\r\n") + "\r\n\r\n" + body
    }
}
