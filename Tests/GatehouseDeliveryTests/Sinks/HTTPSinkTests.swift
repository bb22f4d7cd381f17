import GatehouseCore
import HTTPTypes
import NIOCore
import NIOPosix
import Testing

@testable import GatehouseDelivery

@Suite struct HTTPSinkTests {
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    @Test(arguments: [200, 201, 204, 301, 302, 304, 307, 400, 404, 410, 429, 500, 503, 599])
    func theStatusIsTheReceivers(_ status: Int) async throws {
        let body = status == 204 || status == 304 ? "" : "Content-Length: 0\r\n"
        let server = try await ScriptedServer { _, _ in
            [.write("HTTP/1.1 \(status) Any\r\n\(body)Location: http://169.254.169.254/\r\n\r\n")]
        }
        let bench = try Workbench()
        let outcome = try await bench.send("http://127.0.0.1:\(server.port)/in")
        var answer = Outcome.Answer(status: status)
        if (300..<400).contains(status), status != 304 { answer.redirect = "http://169.254.169.254 (another path)" }
        #expect(outcome == .answered(answer))
        #expect(server.counts.requests.count == 1)
    }

    @Test(arguments: ["120", "Fri, 31 Dec 1999 23:59:59 GMT", "soon"])
    func retryAfterIsHandedOnAsItCame(_ value: String) async throws {
        let server = try await ScriptedServer { _, _ in
            [.write("HTTP/1.1 503 Busy\r\nretry-after:  \(value)\t\r\nContent-Length: 0\r\n\r\n")]
        }
        let outcome = try await Workbench().send("http://127.0.0.1:\(server.port)/")
        #expect(outcome == .answered(Outcome.Answer(status: 503, retryAfter: value)))
    }

    @Test func theExcerptIsTheFirstKiB() async throws {
        let server = try await ScriptedServer { _, _ in
            [.write("HTTP/1.1 500 Oops\r\nContent-Length: 5000\r\n\r\n" + String(repeating: "x", count: 5000))]
        }
        let outcome = try await Workbench().send("http://127.0.0.1:\(server.port)/")
        #expect(
            outcome
                == .answered(
                    Outcome.Answer(status: 500, excerpt: Array(repeating: UInt8(ascii: "x"), count: 1024))))
    }

    @Test func theRequestIsWrittenWhole() async throws {
        let server = try await ScriptedServer { _, _ in [.write(Self.ok)] }
        let bench = try Workbench()
        let request = try bench.request(
            "http://127.0.0.1:\(server.port)/in?token=a%20b", body: #"{"a":1}"#,
            headers: [.contentType: "application/json", .userAgent: "Gatehouse"])
        _ = await bench.sink.send(request, within: .seconds(2))
        #expect(
            server.counts.requests == [
                "POST /in?token=a%20b HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"
                    + "Content-Type: application/json\r\nUser-Agent: Gatehouse\r\nContent-Length: 7\r\n\r\n{\"a\":1}"
            ])
    }

    @Test func aLongBodyArrivesWhole() async throws {
        let server = try await ScriptedServer { _, _ in [.write(Self.ok)] }
        let body = String(repeating: "0123456789abcdef", count: 64 << 10)
        let outcome = try await Workbench().send("http://127.0.0.1:\(server.port)/", body: body, within: .seconds(20))
        #expect(outcome.status == 200)
        #expect(server.counts.requests.first?.hasSuffix(body) == true)
    }

    @Test(arguments: ["Host", "Content-Length", "Transfer-Encoding", "Connection"])
    func framingFieldsFromOutsideAreRefused(_ name: String) async throws {
        let server = try await ScriptedServer { _, _ in [.write(Self.ok)] }
        let bench = try Workbench()
        let field = try #require(HTTPField.Name(name))
        let request = try bench.request("http://127.0.0.1:\(server.port)/", headers: [field: "1"])
        #expect(await bench.sink.send(request, within: .seconds(2)).word == "broken")
        #expect(server.counts.requests.isEmpty)
    }

    @Test func exchangeGivesHeadersAndBodyToTheBound() async throws {
        let server = try await ScriptedServer { _, request in
            [.write("HTTP/1.1 200 OK\r\nX-A: 1\r\nX-A: 2\r\nContent-Length: 10\r\n\r\n0123456789")]
        }
        let bench = try Workbench()
        let request = try bench.request("http://127.0.0.1:\(server.port)/")
        let whole = try await bench.pool.exchange(request, timeout: .seconds(2), answerBytes: 10)
        #expect(whole.body == Array("0123456789".utf8))
        #expect(!whole.isTruncated)
        #expect(whole.headers[values: try #require(HTTPField.Name("x-a"))] == ["1", "2"])
        let cut = try await bench.pool.exchange(request, timeout: .seconds(2), answerBytes: 4)
        #expect(cut.body == Array("0123".utf8))
        #expect(cut.isTruncated)
    }

    /// A contract may give the whole attempt less time than a phase, or more than two.
    @Test func aTryEndsWhenItsContractSays() async throws {
        let server = try await ScriptedServer { _, _ in [] }
        let bench = try Workbench()
        var request = try bench.request("http://127.0.0.1:\(server.port)/")
        request.longest = .milliseconds(100)
        let (short, took) = await timed { await bench.sink.send(request, within: .seconds(30)) }
        #expect(short == .timedOut(.answer))
        #expect(took < .seconds(10))
        for (timeout, contracts, expected): (Duration, Duration?, Duration) in [
            (.seconds(1), nil, .seconds(2)), (.seconds(30), nil, .seconds(60)), (.seconds(45), nil, .seconds(60)),
            (.seconds(1), .seconds(3), .seconds(3)), (.seconds(30), .seconds(30), .seconds(30)),
        ] {
            request.longest = contracts
            let wanted = PoolRequest(prepared: request, timeout: timeout, bodyKept: 0, allowsPlainHTTP: false)
            #expect(wanted.longest == expected)
        }
    }

    @Test func exchangeThrowsWhatSendReturns() async throws {
        let bench = try Workbench(allowed: [])
        let request = try bench.request("http://127.0.0.1:9/")
        await #expect(throws: ExchangeError.self) {
            try await bench.pool.exchange(request, timeout: .seconds(1), answerBytes: 10)
        }
    }

    @Test func aChunkedAnswerIsReadAndTheConnectionKept() async throws {
        let server = try await ScriptedServer { _, _ in
            [
                .write(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: 1\r\n\r\n")
            ]
        }
        let bench = try Workbench()
        try await onOneLoop {
            for _ in 1...3 {
                let outcome = try await bench.send("http://127.0.0.1:\(server.port)/")
                #expect(outcome == .answered(Outcome.Answer(status: 200, excerpt: Array("abcde".utf8))))
            }
        }
        #expect(server.counts.connections == 1)
    }

    @Test func itWorksFromATaskOnAnEventLoopAndStaysThere() async throws {
        let server = try await ScriptedServer { _, _ in [.write(Self.ok)] }
        let bench = try Workbench()
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let executor = LoopExecutor(loop)
        let stayed = await Task(executorPreference: executor) {
            var stayed = true
            for _ in 1...20 {
                let outcome = try? await bench.send("http://127.0.0.1:\(server.port)/")
                stayed = stayed && outcome?.status == 200 && loop.inEventLoop
            }
            return stayed
        }.value
        #expect(stayed)
        #expect(server.counts.connections == 1)
    }
}
