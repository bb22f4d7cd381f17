internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseGateway
internal import GatehouseServer
internal import HTTPTypes
internal import NIOCore
internal import NIOPosix
import Testing

/// Every route of every vendor's API that reads a body, with a body that is sent only in part.
@Suite(.timeLimit(.minutes(2))) struct HalfSentBodyTests {
    @Test func stalledBodyIsRefusedInTheVendorsForm() async throws {
        var tried = 0
        try await LiveGateway.with(Dialects.all) {
            $0.server.bodyStretch = .milliseconds(50)
        } _: { gateway in
            try await gateway.make("/v1/organizations", ["id": "acme", "name": "Acme"])
            let trigger = try await gateway.make("/v1/triggers", ["name": "T", "organization": "acme"])
            let urls = trigger["urls"]?.items?.compactMap(\.text) ?? []
            let query = urls.lazy.compactMap { $0.split(separator: "?secret=").dropFirst().first }.first
            let secret = query?.split(separator: "&").first.map(String.init)
            let names = ["{trigger}": trigger["id"]?.text ?? "", "{secret}": try #require(secret)]
            for dialect in Dialects.all {
                for route in dialect.manage?.routes ?? [] where route.takesBody {
                    var path = names.reduce(route.pattern) { $0.replacing($1.key, with: $1.value) }
                    path = "/" + path.split(separator: "/").map { $0.hasPrefix("{") ? "1" : $0 }.joined(separator: "/")
                    if case .triggered = route.access, !route.pattern.contains("{secret}") {
                        path += "?secret=\(names["{secret}"] ?? "")"
                    }
                    let head = [
                        "\(route.method.rawValue) \(path) HTTP/1.1", "Host: x",
                        "Authorization: Bearer \(LiveGateway.admin)",
                        "Content-Type: application/json", "Content-Length: 100",
                    ]
                    let answer = try await Self.say(head.joined(separator: "\r\n") + "\r\n\r\n{", to: gateway.base)
                    #expect(answer.hasPrefix("HTTP/1.1 4"), "\(dialect.name) \(route.pattern): \(answer.prefix(400))")
                    #expect(answer.contains("bytes a second"), "\(dialect.name) \(route.pattern): \(answer)")
                    #expect(answer.contains("connection: close"), "\(dialect.name) \(route.pattern)")
                    #expect(!answer.contains("/problems/"), "\(dialect.name) \(route.pattern): \(answer)")
                    tried += 1
                }
            }
        }
        #expect(tried >= 10, "\(tried) routes read a body")
    }

    /// Sends bytes over one connection and reads until the gateway closes it.
    private static func say(_ text: String, to base: String) async throws -> String {
        let url = try #require(TargetURL(base))
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: url.host, port: url.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var answer = ""
            for try await buffer in inbound { answer += String(buffer: buffer) }
            return answer
        }
    }
}
