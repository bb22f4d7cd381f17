import Foundation
import GatehouseCore
import NIOCore
import Testing

@testable import GatehouseServer

/// Permission to send a body (RFC 9110, section 10.1.1), and callers of HTTP/1.0, over a real port.
@Suite(.timeLimit(.minutes(2))) struct ExpectationTests {
    private static func settings(_ change: (inout ServerSettings) -> Void = { _ in }) -> ServerSettings {
        var settings = ServerSettings()
        settings.port = 0
        change(&settings)
        return settings
    }

    private static let event = HTTPObligation.event
    private static let leave = "HTTP/1.1 100 Continue\r\n\r\n"

    private static func head(
        _ target: String = "/v1/events", length: Int = event.utf8.count, fields: [String] = []
    ) -> String {
        let lines =
            [
                "POST \(target) HTTP/1.1", "Host: x", HTTPObligation.key, "Expect: 100-continue",
                "Content-Type: application/json", "Content-Length: \(length)",
            ] + fields
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }

    @Test func continueIsSentIfTheBodyWillBeRead() async throws {
        let server = try await TestServer(settings: Self.settings())
        let answer = try await server.live { port in
            try await conversation(
                port,
                [
                    Turn(Self.head(), until: Self.leave), Turn(Self.event, until: "202"),
                    // The connection accepts another request, which gets a new permission.
                    Turn(Self.head(fields: ["Connection: close"]), until: "]}" + Self.leave),
                    Turn(Self.event),
                ])
        }
        #expect(answer.hasPrefix(Self.leave + "HTTP/1.1 202"), "\(answer)")
        #expect(answer.components(separatedBy: Self.leave).count == 3, "\(answer)")
        #expect(answer.contains("\"duplicate\":true"))
    }

    /// Our routes and the vendors' routes: all read bodies by the same reader, which gives the permission.
    @Test func everyRouteThatReadsABodySendsContinue() async throws {
        let server = try await TestServer(settings: Self.settings())
        let requests = try await server.bodiedRequests()
        let given = try await server.live { port in
            var given = 0
            for request in requests {
                let head = request.head(["Content-Length: 1", "Expect: 100-continue", "Connection: close"])
                let answer = try await conversation(port, [Turn(head, until: "\r\n\r\n"), Turn("{")])
                if answer.hasPrefix("HTTP/1.1 501"), answer.contains("/problems/not-built") { continue }
                #expect(answer.hasPrefix(Self.leave + "HTTP/1.1 4"), "\(request.line): \(answer)")
                given += 1
            }
            return given
        }
        #expect(given >= 20, "\(given) routes read a body")
    }

    /// The body's time begins with the permission: an answer that was delayed before takes nothing from it.
    @Test func timeOfTheBodyBeginsWithContinue() async throws {
        let server = try await TestServer(settings: Self.settings { $0.bodyStretch = .milliseconds(50) })
        let answer = try await server.live { port in
            try await conversation(port, [Turn(Self.head(), until: Self.leave), Turn("{")])
        }
        #expect(answer.hasPrefix(Self.leave + "HTTP/1.1 408"), "\(answer)")
    }

    @Test func continueIsNotSentIfTheBytesInFlightHaveNoRoom() async throws {
        let server = try await TestServer(settings: Self.settings { $0.bodyBytesPerKey = 1000 })
        let answer = try await server.live { port in
            try await conversation(port, [Turn(Self.head(length: 2000))])
        }
        #expect(answer.hasPrefix("HTTP/1.1 429") && answer.contains("/problems/callers-bodies"), "\(answer)")
        #expect(answer.contains("connection: close") && server.bodies.bytes == 0)
    }

    @Test func callerWithoutAnExpectationGetsNoContinue() async throws {
        let server = try await TestServer(settings: Self.settings())
        let plain = Self.head(fields: ["Connection: close"]).replacing("Expect: 100-continue\r\n", with: "")
        let answer = try await server.live { port in try await conversation(port, [Turn(plain), Turn(Self.event)]) }
        #expect(answer.hasPrefix("HTTP/1.1 202"), "\(answer)")
    }

    // MARK: HTTP/1.0

    @Test func streamToHTTP10HasNoChunksAndEndsWithTheConnection() async throws {
        let server = try await TestServer(settings: Self.settings())
        let line = "GET /v1/events/stream HTTP/1.0\r\nConnection: keep-alive\r\n\(HTTPObligation.key)\r\n\r\n"
        let answer = try await server.live { port in try await firstBytes(port, line, until: "retry: ") }
        #expect(answer.hasPrefix("HTTP/1.0 200 OK\r\n"), "\(answer)")
        #expect(answer.contains("connection: close") && !answer.lowercased().contains("transfer-encoding"))
        #expect(answer.contains("\r\n\r\nretry: "), "the body begins without a chunk's size: \(answer)")
    }

    @Test func answerToHTTP10HasNoChunks() async throws {
        let server = try await TestServer(settings: Self.settings())
        try await server.live { port in
            for target in ["/livez", "/metrics", "/openapi.json", "/v1/kinds", "/v1/events", "/nothing"] {
                let answer = try await exchange(
                    port, [Array("GET \(target) HTTP/1.0\r\n\(HTTPObligation.key)\r\n\r\n".utf8)])
                #expect(!answer.lowercased().contains("transfer-encoding"), "\(target): \(answer.prefix(300))")
                #expect(answer.contains("connection: close"), "\(target): \(answer.prefix(300))")
            }
        }
    }

    /// The check for the reader's end also ends the connection, and a caller must not send a request into that.
    @Test func streamAnnouncesTheEndOfItsConnection() async throws {
        let server = try await TestServer(settings: Self.settings())
        try await server.live { port in
            let line = "GET /v1/events/stream?until=2020-01-01T00:00:00Z HTTP/1.1\r\nHost: x\r\n"
            let answer = try await exchange(port, [Array((line + "\(HTTPObligation.key)\r\n\r\n").utf8)])
            #expect(answer.hasPrefix("HTTP/1.1 200") && answer.lowercased().contains("connection: close"), "\(answer)")
        }
    }

    @Test func answerToHEADHasNoBody() async throws {
        let server = try await TestServer(settings: Self.settings())
        try await server.live { port in
            for target in ["/livez", "/openapi.json", "/v1/kinds", "/v1/events/stream", "/nothing", "/metrics"] {
                let head = "HEAD \(target) HTTP/1.1\r\nHost: x\r\n\(HTTPObligation.key)\r\n"
                let answer = try await exchange(port, [Array((head + "Connection: close\r\n\r\n").utf8)])
                #expect(
                    answer.hasSuffix("\r\n\r\n") && answer.components(separatedBy: "\r\n\r\n").count == 2, "\(answer)")
            }
        }
    }
}
