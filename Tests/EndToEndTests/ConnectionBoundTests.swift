import Foundation
import GatehouseCore
import NIOCore
import NIOPosix
import Testing

/// A gateway with few descriptors, all of whose places for callers are held by a caller without a key.
@Suite(.timeLimit(.minutes(2))) struct ConnectionBoundTests {
    @Test func whatCallersHoldOpenKeepsNoEventFromBeingDelivered() async throws {
        let gateway = try GatewayProcess()
        try await gateway.start(descriptors: 256)
        #expect(gateway.output("err").contains("connections=128"), "\(gateway.output("err"))")
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
        // A new caller with a key gets in as well.
        #expect(try await curl.get("/v1/kinds").status == 200)
        let metrics = try await run(
            "curl", ["-sS", "-H", "Authorization: Bearer \(GatewayProcess.adminKey)", gateway.url + "/metrics"])
        #expect(metrics.output.contains("gatehouse_connections_bound 128\n"))
        for one in held + [open] { try? await one.close() }
        #expect(await gateway.stop() == 0)
        await receiver.stop()
        await gateway.remove()
    }

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
