import Foundation
import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import Testing

@testable import GatehouseServer

/// The bounds on bodies that are being received: how many bytes there may be, and how slow they may be.
@Suite(.timeLimit(.minutes(2))) struct BodyBoundTests {
    private static let bounds = BodiesInFlight.Bounds(all: 100, perKey: 60, perAddress: 10)

    @Test func bytesCountOnArrivalUntilTheBodyIsReleased() throws {
        let bodies = BodiesInFlight()
        let ana = BodiesInFlight.Caller.key(KeyID("ana"))
        let share = bodies.share(of: ana)
        #expect(bodies.bytes == 0, "nothing is counted before it came")
        try share.take(50, within: Self.bounds)
        try share.take(10, within: Self.bounds)
        #expect(throws: Problem.self) { try share.take(1, within: Self.bounds) }
        #expect(bodies.bytes == 60 && bodies.refused == [.key: 1])
        do {
            let other = bodies.share(of: .key(KeyID("bea")))
            try other.take(40, within: Self.bounds)
            #expect(throws: Problem.self) { try bodies.share(of: .key(KeyID("cy"))).take(1, within: Self.bounds) }
            #expect(bodies.refused == [.key: 1, .all: 1])
            withExtendedLifetime(other) {}
        }
        #expect(bodies.bytes == 60)
        #expect(throws: Problem.self) { try bodies.share(of: .address("10.0.0.1")).take(11, within: Self.bounds) }
        try bodies.share(of: .address("10.0.0.2")).take(10, within: Self.bounds)
        withExtendedLifetime(share) {}
        #expect(bodies.bytes == 60, "what was let go is given back")
    }

    @Test(arguments: [
        (BodiesInFlight.Caller.key(KeyID("ana")), 61, 429, "callers-bodies"),
        (.address("a"), 11, 429, "callers-bodies"),
    ])
    func problemNamesTheBound(caller: BodiesInFlight.Caller, count: Int, status: Int, slug: String) throws {
        let bodies = BodiesInFlight()
        do {
            try bodies.share(of: caller).take(count, within: Self.bounds)
            Issue.record("it was taken")
        } catch {
            #expect(error.kind.status.code == status && error.kind.slug == slug)
            #expect(error.headers[.retryAfter] != nil)
        }
        #expect(bodies.bytes == 0)
    }

    @Test(arguments: [
        ("2001:db8::1", "2001:db8::ffff:2", true), ("2001:db8::1", "2001:db8:0:1::1", false),
        ("192.0.2.7", "::ffff:192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false),
    ])
    func bodiesWithoutAKeyAreCountedByTheCallersNetwork(one: String, other: String, areEqual: Bool) async throws {
        let server = try await TestServer()
        let head = HTTPRequest(method: .post, scheme: "http", authority: "x", path: "/oauth2/token")
        let callers = [one, other].map { address in
            OpenCall(
                request: Request(head: head, body: RequestBody(buffer: ByteBuffer())), names: [],
                bodies: server.api.state.bodies, address: OwnAddress(), settings: ServerSettings(),
                now: server.parts.clock.now, client: Client(address: address),
                logger: server.parts.logger, connection: nil
            ).reader().caller
        }
        #expect((callers[0] == callers[1]) == areEqual, "\(callers)")
    }

    // MARK: Over a port

    private static func settings(_ change: (inout ServerSettings) -> Void) -> ServerSettings {
        var settings = ServerSettings()
        settings.port = 0
        change(&settings)
        return settings
    }

    private static func head(_ method: String, _ path: String, _ fields: [String]) -> String {
        (["\(method) \(path) HTTP/1.1", "Host: x"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
    }

    private func until(_ condition: () -> Bool) async { while !condition() { await Task.yield() } }

    /// Every route that reads a body, each with a body that is sent only in part.
    @Test func stalledBodyIsEndedAtEveryRouteThatReadsOne() async throws {
        let server = try await TestServer(settings: Self.settings { $0.bodyStretch = .milliseconds(50) })
        let requests = try await server.bodiedRequests()
        let cut = try await server.live { port in
            var cut = 0
            for request in requests {
                let answer = try await exchange(port, [Array((request.head(["Content-Length: 100"]) + "{").utf8)])
                if answer.hasPrefix("HTTP/1.1 501"), answer.contains("/problems/not-built") { continue }
                #expect(answer.hasPrefix("HTTP/1.1 408"), "\(request.line): \(answer.prefix(400))")
                #expect(answer.contains("connection: close"), "\(request.line)")
                #expect(answer.contains("/problems/slow-request") != request.isVendors, "\(request.line): \(answer)")
                cut += 1
            }
            return cut
        }
        #expect(cut >= 20, "\(cut) routes read a body")
        let lines = server.log.lines.filter { $0.text == "a bound was met" }
        #expect(lines.count == 1, "one line in ten seconds, for any number")
        #expect(lines.first?.metadata["problem"] == "slow-request" && lines.first?.metadata["times"] == "1")
        #expect(server.bodies.bytes == 0 && server.connections.figures.open == 0)
    }

    private static func posting(_ key: String, _ length: Int) -> String {
        head(
            "POST", "/v1/events",
            ["Authorization: Bearer \(key)", "Content-Type: application/json", "Content-Length: \(length)"])
    }

    @Test func keyAtItsBoundDoesNotBlockOtherKeys() async throws {
        let server = try await TestServer(
            settings: Self.settings {
                $0.bodyBytesPerKey = 70_000
                $0.bodyBytes = 1_000_000
            })
        let (filling, other) = (try await server.credential(.source), try await server.credential(.source))
        try await server.live { port in
            let held = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
            try await held.writeAndFlush(
                ByteBuffer(string: Self.posting(filling, 100_000) + String(repeating: " ", count: 60_000)))
            await until { server.bodies.bytes == 60_000 }
            let more = String(repeating: " ", count: 20_000)
            let refused = try await exchange(
                port, [Array((Self.posting(filling, 900_000) + more).utf8), Array(more.utf8)])
            #expect(refused.hasPrefix("HTTP/1.1 429") && refused.contains("/problems/callers-bodies"))
            let event = #"{"specversion":"1.0","id":"1","source":"/p","type":"door.opened","data":{}}"#
            for key in [filling, other] {
                let closing = Self.posting(key, event.utf8.count).replacing(
                    "Host: x", with: "Host: x\r\nConnection: close")
                let taken = try await exchange(port, [Array((closing + event).utf8)])
                #expect(taken.hasPrefix("HTTP/1.1 202"), "a small body is taken all the same: \(taken)")
            }
            #expect(try await server.get("/metrics").text.contains("gatehouse_bodies_refused_total{bound=\"key\"} 1\n"))
            try await held.close()
            await until { server.bodies.bytes == 0 }
        }
    }

    @Test func bytesOfAllCallersHaveABound() async throws {
        let server = try await TestServer(settings: Self.settings { $0.bodyBytes = 50_000 })
        let answer = try await server.live { port in
            let head = Self.head(
                "POST", "/v1/events",
                [
                    "Authorization: Bearer \(TestServer.admin)", "Content-Type: application/json",
                    "Content-Length: 900000",
                ])
            return try await exchange(port, [Array((head + String(repeating: " ", count: 60_000)).utf8)])
        }
        #expect(answer.hasPrefix("HTTP/1.1 503") && answer.contains("/problems/many-bodies"))
        #expect(answer.lowercased().contains("retry-after: 5") && answer.contains("connection: close"))
    }
}

extension TestServer {
    /// The routes of the tested server.
    var routes: [Route] { Routes.all + VendorRoute.all(of: parts.dialects) }
}
