import Foundation
import GatehouseCore
import GatehouseDialects
import NIOCore
import NIOPosix
import Testing

@testable import GatehouseDelivery

/// Deliveries through an egress proxy: a real one, and proxies that refuse.
@Suite struct ProxyTests {
    private static func bench(
        _ proxy: String, roots: TrustRoots = .system, allowed: [String] = ["127.0.0.0/8"]
    ) throws -> Workbench {
        var settings = PoolSettings()
        settings.trustRoots = roots
        let known: EgressProxy = try #require(EgressProxy(proxy))
        settings.proxy = known
        let bench = try Workbench(allowed: allowed, settings: settings)
        for name in ["good.example", "other.example"] { bench.names.set(name, ["127.0.0.1"], validFor: .seconds(60)) }
        return bench
    }

    private static func receiver() async throws -> ScriptedServer {
        try await ScriptedServer { _, _ in [.write(HTTPSinkTests.ok)] }
    }

    // MARK: A real proxy

    @Test func plainHTTPGoesThroughATunnelToTheCheckedAddressAndIsKept() async throws {
        let (proxy, server) = (try await RealProxy(), try await Self.receiver())
        let bench = try Self.bench("http://127.0.0.1:\(proxy.port)")
        try await onOneLoop {
            for _ in 0..<3 {
                let outcome = try await bench.send("http://good.example:\(server.port)/a?b=c")
                #expect(outcome.status == 200)
            }
        }
        #expect(server.counts.connections == 1 && server.counts.requests.count == 3)
        let request = try #require(server.counts.requests.first)
        #expect(request.hasPrefix("POST /a?b=c HTTP/1.1\r\n") && request.contains("good.example:\(server.port)\r\n"))
        #expect(proxy.log.contains("CONNECT 127.0.0.1:\(server.port) "), "an address, and no name: \(proxy.log)")
        #expect(proxy.log.contains("Request (") && !proxy.log.contains("good.example"))
        await bench.pool.shutdown()
        await proxy.stop()
    }

    @Test func theCertificateGoesOnProvingTheName() async throws {
        let (proxy, authority) = (try await RealProxy(user: "ana s3cret"), try TLSTests.Authority())
        let server = try await ScriptedServer(tls: try authority.server("DNS:good.example")) { _, _ in
            [.write(HTTPSinkTests.ok)]
        }
        let bench = try Self.bench("http://ana:s3cret@127.0.0.1:\(proxy.port)", roots: authority.roots)
        #expect(try await bench.send("https://good.example:\(server.port)/").status == 200)
        let other = try await bench.send("https://other.example:\(server.port)/")
        #expect(other.word == "untrusted" && other.sentence.contains("does not prove the name"), "\(other)")
        #expect(try await bench.send("https://other.example:\(server.port)/", verified: false).status == 200)
        await bench.pool.shutdown()
        await proxy.stop()
    }

    @Test func credentialsAreAskedForAndTold() async throws {
        let (proxy, server) = (try await RealProxy(user: "ana s3cret"), try await Self.receiver())
        for (user, wanted) in [("", "proxy-failed"), ("ana:wrong@", "proxy-failed"), ("ana:s3%63ret@", "accepted")] {
            let bench = try Self.bench("http://\(user)127.0.0.1:\(proxy.port)")
            let outcome = try await bench.send("http://good.example:\(server.port)/")
            #expect(outcome.word == wanted, "\(user) \(outcome)")
            if wanted != "accepted" { #expect(outcome.sentence.contains("credentials")) }
            await bench.pool.shutdown()
        }
        #expect(server.counts.connections == 1)
        await proxy.stop()
    }

    @Test func aReceiverThatTheProxyCannotReachIsToldApartAndTheNextAddressTried() async throws {
        let (proxy, server) = (try await RealProxy(), try await Self.receiver())
        let bench = try Self.bench("http://localhost:\(proxy.port)")
        bench.names.set("localhost", ["127.0.0.1"])
        bench.names.set("two.example", ["127.0.0.77", "127.0.0.1"], validFor: .seconds(60))
        #expect(try await bench.send("http://two.example:\(server.port)/").status == 200)
        await proxy.stop()
        let away = try await bench.send("http://two.example:\(server.port + 1)/")
        #expect(away == .proxyFailed(reason: "the egress proxy refused the connection"))
        await bench.pool.shutdown()
    }

    @Test func forbiddenTargetIsNotAskedOfTheProxy() async throws {
        let proxy = try await RealProxy()
        let bench = try Self.bench("http://127.0.0.1:\(proxy.port)", allowed: [])
        bench.names.set("inside.example", ["10.0.0.8"], validFor: .seconds(60))
        for url in ["https://inside.example/", "https://good.example/", "https://169.254.169.254/", "http://1.1.1.1/"] {
            #expect(try await bench.send(url).word == "forbidden")
        }
        #expect(try await bench.send("https://nowhere.example/").word == "unresolved", "the proxy resolves nothing")
        #expect(!proxy.log.contains("Request ("), "it was asked for nothing")
        await bench.pool.shutdown()
        await proxy.stop()
    }

    // MARK: Proxies that refuse

    private static let refusals: [(answer: String, sentence: String)] = [
        ("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 2\r\n\r\nno", "credentials (407)"),
        ("HTTP/1.0 401 Unauthorized\r\n\r\n", "credentials (401)"),
        ("HTTP/1.1 403 Forbidden\r\n\r\n", "does not allow this target (403)"),
        ("HTTP/1.0 502 Bad Gateway\r\n\r\n", "could not reach the receiver (502)"),
        ("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", "answered 410 instead of opening a tunnel"),
        ("HTTP/1.1 429 Slow\r\nRetry-After: 1\r\n\r\n", "answered 429 instead of opening a tunnel"),
        ("SSH-2.0-OpenSSH_9.2\r\n\r\n", "is not a proxy"), ("HTTP/1.1 2000 OK\r\n\r\n", "is not a proxy"),
        (String(repeating: "x", count: 20_000), "is not a proxy"),
    ]

    @Test(arguments: refusals, ["http", "https"])
    func answerOfTheProxyIsNotTheReceivers(_ refusal: (answer: String, sentence: String), scheme: String)
        async throws
    {
        let proxy = try await ScriptedServer { _, _ in [.write(refusal.answer)] }
        let bench = try Self.bench("http://127.0.0.1:\(proxy.port)")
        let outcome = try await bench.send("\(scheme)://good.example:9/")
        #expect(outcome.word == "proxy-failed" && outcome.status == nil)
        #expect(outcome.sentence.contains(refusal.sentence), "\(outcome.sentence)")
        let dialect = try #require(Dialects.all.first)
        let url = try #require(TargetURL("https://good.example/"))
        let terms = Terms(name: "n", dialect: dialect.name, url: url, defaults: dialect.defaults)
        var random = SystemRandomNumberGenerator()
        let verdict = RetryPolicy(of: .standard, terms: terms)
            .verdict(on: outcome, attempt: 1, lane: .normal, now: Instant(seconds: 1), using: &random)
        #expect(verdict.word == "due-again", "it disables no subscription")
        await bench.pool.shutdown()
    }

    @Test(arguments: ["http", "https"]) func aProxyThatHangsOrHangsUpIsToldApartInTime(scheme: String) async throws {
        let mute = try await ScriptedServer { _, _ in [] }
        let bench = try Self.bench("http://127.0.0.1:\(mute.port)")
        let (outcome, time) = try await timed {
            try await bench.send("\(scheme)://good.example:9/", within: .milliseconds(300))
        }
        #expect(outcome == .proxyFailed(reason: "the egress proxy did not open a tunnel in time"))
        #expect(time < .seconds(5))
        let rude = try await ScriptedServer { _, _ in [.close] }
        let other = try Self.bench("http://127.0.0.1:\(rude.port)")
        #expect(try await other.send("\(scheme)://good.example:9/").sentence.contains("before there was a tunnel"))
        let unknown = try Self.bench("http://nowhere.example:3128")
        #expect(
            try await unknown.send("\(scheme)://good.example:9/")
                == .proxyFailed(reason: "the name of the egress proxy could not be resolved"))
        for bench in [bench, other, unknown] { await bench.pool.shutdown() }
    }

    // MARK: Its address

    @Test(arguments: [
        ("http://proxy.example:3128", "http://proxy.example:3128"), ("HTTP://10.0.0.1/", "http://10.0.0.1:80"),
        ("http://ana:p%40ss@[::1]:8080", "http://•••@[::1]:8080"),
    ])
    func anAddressIsReadAndShownWithoutItsPassword(text: String, shown: String) {
        #expect(EgressProxy(text)?.description == shown)
    }

    @Test(arguments: [
        "", "proxy.example:3128", "https://proxy.example:3128", "socks5://proxy.example:1080", "http://",
        "http://ana@proxy.example:3128", "http://proxy.example:3128/path", "http://a:%zz@proxy.example:1",
        "http://proxy.example:99999",
    ])
    func addressThatIsNoProxyIsRefused(text: String) {
        #expect(EgressProxy(text) == nil)
    }
}
