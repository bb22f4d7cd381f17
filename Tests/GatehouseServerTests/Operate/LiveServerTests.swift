import GatehouseCore
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import GatehouseServer

/// The server over real sockets: the connection's own code before and after ours.
@Suite(.timeLimit(.minutes(1))) struct LiveServerTests {
    private static let body =
        #"{"specversion":"1.0","id":"1","source":"/p","type":"door.opened","organization":"acme","data":{}}"#

    private static func settings() -> ServerSettings {
        var settings = ServerSettings()
        settings.port = 0
        return settings
    }

    private static func head(_ line: String, _ fields: [String], closing: Bool = true) -> String {
        ([line, "Host: x", "Authorization: Bearer \(TestServer.admin)"] + fields
            + (closing ? ["Connection: close"] : []))
            .joined(separator: "\r\n") + "\r\n\r\n"
    }

    private static func post(_ body: String, closing: Bool = true) -> String {
        head(
            "POST /v1/events HTTP/1.1", ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"],
            closing: closing) + body
    }

    @Test func twoRequestsShareAConnection() async throws {
        let server = try await TestServer(settings: Self.settings())
        let answer = try await server.live { port in
            try await exchange(
                port, [Array((Self.post(Self.body, closing: false) + Self.post(Self.body)).utf8)])
        }
        #expect(answer.split(separator: "HTTP/1.1 202 Accepted").count == 2)
        #expect(answer.contains("\"duplicate\":false"))
        #expect(answer.contains("\"duplicate\":true"))
        #expect(answer.lowercased().contains("server: gatehouse\r\n"))
        #expect(answer.lowercased().contains("x-request-id: "))
        #expect(try await server.taken().count == 1)
    }

    @Test func bodyInManyPiecesIsOneBody() async throws {
        let server = try await TestServer(settings: Self.settings())
        let head = Self.head(
            "POST /v1/events HTTP/1.1", ["Content-Type: application/json", "Transfer-Encoding: chunked"])
        let chunks = Self.body.utf8.map { Array("1\r\n".utf8) + [$0] + Array("\r\n".utf8) }
        let answer = try await server.live { port in
            try await exchange(port, [Array(head.utf8)] + chunks + [Array("0\r\n\r\n".utf8)])
        }
        #expect(answer.hasPrefix("HTTP/1.1 202"))
    }

    @Test func incompleteBodyIsNotAccepted() async throws {
        let server = try await TestServer(settings: Self.settings())
        let line = Self.body + "\n"
        let head = Self.head(
            "POST /v1/events HTTP/1.1",
            ["Content-Type: application/x-ndjson", "Content-Length: \(line.utf8.count * 2)"])
        let answer = try await server.live { port in
            try await exchange(port, [Array((head + line).utf8)], closesWriting: true)
        }
        #expect(!answer.contains(" 202 "))
        #expect(try await server.taken().isEmpty)
    }

    @Test func endlessBodyIsRefusedAtTheBound() async throws {
        var settings = Self.settings()
        settings.batchBytes = 100_000
        let server = try await TestServer(settings: settings)
        let head = Self.head(
            "POST /v1/events HTTP/1.1", ["Content-Type: application/json", "Transfer-Encoding: chunked"])
        let chunk = Array("10000\r\n".utf8) + Array(repeating: 0x20, count: 0x10000) + Array("\r\n".utf8)
        let answer = try await server.live { port in
            try await exchange(
                port, [Array(head.utf8)] + Array(repeating: chunk, count: 8) + [Array("0\r\n\r\n".utf8)])
        }
        #expect(answer.hasPrefix("HTTP/1.1 413"))
        #expect(answer.contains("/problems/too-large"))
    }

    @Test(arguments: [
        "GARBAGE\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n",
        "GET /v1/kinds HTTP/1.1\r\nBad Header\r\n\r\n",
        "POST /v1/events HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        "POST /v1/events HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ])
    func bytesThatAreNotHTTPAreHarmless(bytes: String) async throws {
        let server = try await TestServer(settings: Self.settings())
        let (broken, sound) = try await server.live { port in
            let broken = try await exchange(port, [Array(bytes.utf8)], closesWriting: true)
            return (broken, try await exchange(port, [Array(Self.post(Self.body).utf8)]))
        }
        #expect(!broken.contains("HTTP/1.1 5") && !broken.contains("HTTP/1.1 2"), "\(broken)")
        #expect(sound.hasPrefix("HTTP/1.1 202"))
    }

    @Test func headAnswerHasTheLengthAndNoBody() async throws {
        let server = try await TestServer(settings: Self.settings())
        let answer = try await server.live { port in
            try await exchange(port, [Array(Self.head("HEAD /v1/kinds HTTP/1.1", []).utf8)])
        }
        #expect(answer.hasPrefix("HTTP/1.1 200"))
        #expect(answer.hasSuffix("\r\n\r\n"))
    }

    @Test func usedPortIsAnError() async throws {
        let server = try await TestServer(settings: Self.settings())
        let other = server
        try await server.live { port in
            var settings = Self.settings()
            settings.port = port
            let second = APIServer(other.api.services, settings: settings)
            await #expect(throws: (any Error).self) { try await second.buildApplication().run() }
        }
    }
}
