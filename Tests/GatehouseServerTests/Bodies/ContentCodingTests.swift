import GatehouseCore
import HTTPTypes
import NIOCore
import Testing

@testable import GatehouseServer

/// Compressed bodies (RFC 9110, section 8.4), within the bounds of their decoded size.
@Suite(.timeLimit(.minutes(2))) struct ContentCodingTests {
    private static func event(_ id: String = "1", _ details: JSON = [:]) -> String {
        let event: JSON = [
            "specversion": "1.0", "id": .string(id), "source": "/p", "type": "door.opened", "organization": "acme",
            "data": ["details": details],
        ]
        return event.compact
    }

    private func post(_ server: TestServer, _ body: [UInt8], coding: String = "gzip") async throws -> TestAnswer {
        var request = TestRequest(.post, "/v1/events", TestServer.admin, type: "application/json", "")
        request.headers[.contentEncoding] = coding
        request.body = body
        return try await server.send(request)
    }

    @Test(arguments: ["gzip", "x-gzip", "GZIP", "identity, gzip", " gzip ,"])
    func compressedBodyIsDecoded(coding: String) async throws {
        let server = try await TestServer()
        let answer = try await post(server, Gzip.member(Self.event()), coding: coding)
        #expect(answer.status == 202, "\(answer.text)")
        #expect(try await server.taken().map(\.sourceID) == ["1"])
    }

    @Test func membersInSequenceAreOneBody() async throws {
        let server = try await TestServer()
        let lines = [Self.event("1"), Self.event("2"), Self.event("3")].map { Gzip.member($0 + "\n") }
        var request = TestRequest(.post, "/v1/events", TestServer.admin, type: "application/x-ndjson", "")
        request.headers[.contentEncoding] = "gzip"
        request.body = lines.flatMap { $0 } + Gzip.member("")
        #expect(try await server.send(request).status == 202)
        #expect(try await server.taken().map(\.sourceID) == ["1", "2", "3"])
    }

    @Test func incompleteBodyIsRefused() async throws {
        let server = try await TestServer()
        let whole = Gzip.member(Self.event())
        for length in 0..<whole.count {
            try await post(server, Array(whole[..<length])).expectProblem(400, "malformed", field: "content-encoding")
        }
        #expect(try await server.taken().isEmpty)
    }

    @Test(
        arguments: [
            [0], [0, 0, 0, 0], Array("{}".utf8), [0x1F], [0x1F, 0x8B], [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 7],
        ] as [[UInt8]])
    func bytesAfterTheEndAreRefused(more: [UInt8]) async throws {
        let server = try await TestServer()
        try await post(server, Gzip.member(Self.event()) + more)
            .expectProblem(400, "malformed", field: "content-encoding")
        #expect(try await server.taken().isEmpty)
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func damagedBodyIsRefusedOrReadsTheSame(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let server = try await TestServer()
        var body = Gzip.member(Self.event())
        let place = Int.random(in: 0..<body.count, using: &random)
        body[place] ^= UInt8.random(in: 1 ... .max, using: &random)
        let answer = try await post(server, body)
        // The time, the flags of speed and the system in the head have no meaning here.
        #expect(answer.status == 400 || (4...9).contains(place) || place == 3, "seed \(seed), place \(place)")
        if answer.status != 202 { #expect(try await server.taken().isEmpty) }
    }

    @Test func plainBytesAreNotGzip() async throws {
        let server = try await TestServer()
        try await post(server, Array(Self.event().utf8)).expectProblem(400, "malformed", field: "content-encoding")
        // Gzip without its header is not JSON.
        try await post(server, Gzip.member(Self.event()), coding: "identity").expectProblem(400, "malformed")
    }

    // MARK: Bounds

    @Test func decodedBodyHasTheBoundOfTheBody() async throws {
        var settings = ServerSettings()
        settings.batchBytes = 100_000
        let server = try await TestServer(settings: settings)
        var random = SeededRandom(seed: 7)
        let noise = String((0..<90_000).map { _ in "abcdefghijklmnop".randomElement(using: &random) ?? "a" })
        #expect(try await post(server, Gzip.member(Self.event("1", ["x": .string(noise)]))).status == 202)
        try await post(server, Gzip.member(Self.event("2", ["x": .string(noise + noise)]))).expectProblem(
            413, "too-large")
        try await post(server, Gzip.member([UInt8](repeating: 0x20, count: 50_000_000))).expectProblem(413, "too-large")
        #expect(server.bodies.bytes == 0)
    }

    @Test func bodyThatGrowsTooMuchEndsEarly() async throws {
        let server = try await TestServer()
        let answer = try await post(server, Gzip.member([UInt8](repeating: 0x20, count: 4_000_000)))
        answer.expectProblem(413, "too-large")
        #expect(answer.text.contains("\(Gunzip.largestRatio) bytes"), "\(answer.text)")
        // Many similar events are no bomb.
        let lines = (0..<1000).map { Self.event("\($0)") }.joined(separator: "\n")
        var request = TestRequest(.post, "/v1/events", TestServer.admin, type: "application/x-ndjson", "")
        request.headers[.contentEncoding] = "gzip"
        request.body = Gzip.member(lines)
        #expect(try await server.send(request).status == 202)
    }

    @Test func decodedBytesCountAsInFlight() async throws {
        var settings = ServerSettings()
        settings.bodyBytesPerKey = 50_000
        let server = try await TestServer(settings: settings)
        let body = Gzip.member(Self.event("1", ["x": .string(String(repeating: "a", count: 60_000))]))
        #expect(body.count < 1000)
        try await post(server, body).expectProblem(429, "callers-bodies")
        #expect(server.bodies.bytes == 0)
    }

    @Test func decoderStopsAtItsBound() throws {
        let bomb = Gzip.member([UInt8](repeating: 0x20, count: 20_000_000))
        let gunzip = Gunzip(upTo: 1_000_000)
        var counted = 0
        #expect(throws: ValidationError.self) { try gunzip.take(ByteBuffer(bytes: bomb)) { counted += $0 } }
        #expect(counted <= 1_000_000 && gunzip.bytes.count <= 1_000_000)
    }

    @Test func piecesOfAnySizeAreOneBody() throws {
        let text = String(repeating: "0123456789", count: 20_000)
        let body = Gzip.member(text)
        for size in [1, 7, 100, body.count] {
            let gunzip = Gunzip(upTo: 1_000_000)
            for start in stride(from: 0, to: body.count, by: size) {
                try gunzip.take(ByteBuffer(bytes: body[start..<min(start + size, body.count)])) { _ in }
            }
            #expect(String(decoding: try gunzip.finish(), as: UTF8.self) == text, "pieces of \(size)")
        }
    }

    // MARK: Every route

    @Test func everyRouteDecodesABodyOrNamesTheAcceptedCodings() async throws {
        var settings = ServerSettings()
        settings.port = 0
        let server = try await TestServer(settings: settings)
        let requests = try await server.bodiedRequests()
        let read = try await server.live { port in
            var read = 0
            for request in requests {
                let text = request.line.hasSuffix("/oauth2/token") ? "grant_type=none" : #"{"strange":1}"#
                func status(_ body: [UInt8], _ fields: [String]) async throws -> String {
                    // A vendor's rate counts by key.
                    let key = request.isVendors ? try await server.credential(.manager) : TestServer.admin
                    let head = request.head(fields + ["Content-Length: \(body.count)", "Connection: close"])
                        .replacing(TestServer.admin, with: key)
                    return try await exchange(port, [Array(head.utf8) + body])
                }
                let plain = try await status(Array(text.utf8), [])
                if plain.contains("/problems/not-built"), plain.hasPrefix("HTTP/1.1 501") { continue }
                let zipped = try await status(Gzip.member(text), ["Content-Encoding: gzip"])
                #expect(plain.prefix(12) == zipped.prefix(12), "\(request.line): \(plain) \(zipped)")
                let broken = try await status(Array(text.utf8), ["Content-Encoding: gzip"])
                #expect(broken.hasPrefix("HTTP/1.1 400") || request.isVendors, "\(request.line): \(broken)")
                #expect(broken.hasPrefix("HTTP/1.1 4"), "\(request.line): \(broken)")
                let other = try await status(Array(text.utf8), ["Content-Encoding: br"])
                #expect(other.hasPrefix("HTTP/1.1 415"), "\(request.line): \(other)")
                #expect(other.contains("Accept-Encoding: gzip"), "\(request.line): \(other)")
                read += 1
            }
            return read
        }
        #expect(read >= 20, "\(read) routes read a body")
        #expect(server.bodies.bytes == 0)
    }
}
