import GatehouseCore
import NIOCore
import NIOPosix
import Testing

@testable import GatehouseDelivery

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An attempt is one request: the pool never sends again what the socket has accepted, and it does not use a kept
/// connection that has ended.
@Suite struct OneTryTests {
    /// How a connection reaches the receiver.
    enum Way: CaseIterable {
        case plain, tls, tunnel
    }

    /// How it ends.
    enum End: CaseIterable {
        case close, halfClose, reset, cutAnswer

        var steps: [ScriptedServer.Step] {
            switch self {
            case .close: [.close]
            case .halfClose: [.halfClose]
            case .reset: [.reset]
            case .cutAnswer: [.write("HTTP/1.1 2"), .close]
            }
        }
    }

    /// A receiver and a pool that reaches it by one of the ways.
    fileprivate struct Line {
        let server: ScriptedServer
        let bench: Workbench
        let url: String
        let proxy: RealProxy?

        init(_ way: Way, script: @escaping ScriptedServer.Script) async throws {
            var settings = PoolSettings()
            var proxy: RealProxy?
            switch way {
            case .plain: server = try await ScriptedServer(script: script)
            case .tls:
                let authority = try TLSTests.Authority()
                server = try await ScriptedServer(tls: try authority.server("IP:127.0.0.1"), script: script)
            case .tunnel:
                server = try await ScriptedServer(script: script)
                let real = try await RealProxy()
                settings.proxy = EgressProxy("http://127.0.0.1:\(real.port)")
                proxy = real
            }
            self.proxy = proxy
            bench = try Workbench(settings: settings)
            url = "\(way == .tls ? "https" : "http")://127.0.0.1:\(server.port)/"
        }

        /// The receiver's certificate does not matter here.
        func send() async throws -> Outcome { try await bench.send(url, within: .seconds(10), verified: false) }

        func close() async {
            await bench.pool.shutdown()
            await proxy?.stop()
        }
    }

    @Test(arguments: Way.allCases, End.allCases)
    func requestThatAReceiverHasReadIsNotSentAgain(_ way: Way, _ end: End) async throws {
        let line = try await Line(way) { connection, request in
            connection == 1 && request == 1 ? [.write(HTTPSinkTests.ok)] : end.steps
        }
        let words = try await onOneLoop {
            var words: [String] = []
            for _ in 1...4 { words.append(try await line.send().word) }
            return words
        }
        #expect(words == ["accepted", "broken", "broken", "broken"])
        #expect(line.server.counts.requests.count == 4, "as many as tries")
        await line.close()
    }

    @Test(arguments: [Way.plain, .tls], [End.close, .halfClose, .reset])
    func aConnectionThatEndedBetweenTwoRequestsIsNotUsed(_ way: Way, _ end: End) async throws {
        let line = try await Line(way) { _, _ in [.write(HTTPSinkTests.ok)] + end.steps }
        let statuses = try await onOneLoop {
            var statuses: [Int?] = []
            for number in 1...4 {
                statuses.append(try await line.send().status)
                #expect(await becomes { line.server.counts.ended == number })
            }
            return statuses
        }
        #expect(statuses == Array(repeating: 200, count: 4))
        #expect(line.server.counts.requests.count == 4)
        await line.close()
    }

    /// The connection has ended and the loop has not noticed: a check of the socket itself sees it.
    @Test(arguments: [Way.plain, .tls], [End.close, .halfClose, .reset])
    func anEndThatTheLoopHasNotHeardOfIsSeenBeforeWriting(_ way: Way, _ end: End) async throws {
        let line = try await Line(way) { _, _ in [.write(HTTPSinkTests.ok)] + end.steps }
        let statuses = try await onOneLoop {
            var statuses: [Int?] = []
            for number in 1...5 {
                statuses.append(try await line.send().status)
                // The loop's own thread, which reads nothing meanwhile.
                line.blockUntilEnded(number)
            }
            return statuses
        }
        #expect(statuses == Array(repeating: 200, count: 5))
        #expect(line.server.counts.requests.count == 5 && line.server.counts.connections == 5)
        await line.close()
    }

    @Test func whereOneEndedUnaskedNoOtherThatServedIsUsed() async throws {
        let server = try await ScriptedServer { connection, _ in
            // Slow enough for two requests to need two connections; the second becomes idle last, and so is tried
            // first.
            let every = TimeAmount.milliseconds(connection == 2 ? 8 : 4)
            return [.drip(HTTPSinkTests.ok, every: every)] + (connection == 2 ? [.close] : [])
        }
        let bench = try Workbench()
        let url = "http://127.0.0.1:\(server.port)/"
        try await onOneLoop {
            async let one = bench.send(url, within: .seconds(10))
            async let other = bench.send(url, within: .seconds(10))
            let statuses = try await [one.status, other.status]
            #expect(statuses == [200, 200])
            #expect(await becomes { server.counts.ended == 1 })
            #expect(try await bench.send(url, within: .seconds(10)).status == 200)
        }
        #expect(server.counts.connections == 3 && server.counts.requests.count == 3)
    }

    @Test func aRequestThatWaitedIsNotGivenAConnectionThatHasEnded() async throws {
        let server = try await ScriptedServer { _, request in
            request == 1 ? [.write(HTTPSinkTests.ok), .close] : []
        }
        var settings = PoolSettings()
        settings.connectionsPerReceiver = 1
        let bench = try Workbench(settings: settings)
        let words = try await onOneLoop {
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 1...20 {
                    group.addTask {
                        try await bench.send("http://127.0.0.1:\(server.port)/", within: .seconds(10)).word
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
        let accepted = words.filter { $0 == "accepted" }.count
        #expect(words.count == 20 && Set(words).isSubset(of: ["accepted", "broken"]))
        #expect((accepted...20).contains(server.counts.requests.count), "never more than tries")
        #expect(accepted >= 18, "a server that closes unasked is trusted once")
    }

    @Test(arguments: [(true, Duration.zero, 3), (true, .seconds(1), 1), (false, .zero, 1)])
    func whereTriesCountAConnectionThatRestedIsNotUsed(
        _ countsTries: Bool, _ rest: Duration, _ connections: Int
    ) async throws {
        let server = try await ScriptedServer { _, _ in [.write(HTTPSinkTests.ok)] }
        var settings = PoolSettings()
        #expect(settings.keepsIdleWhereTriesCount == .seconds(1))
        settings.keepsIdleWhereTriesCount = rest
        let bench = try Workbench(settings: settings)
        var request = try bench.request("http://127.0.0.1:\(server.port)/")
        request.countsTries = countsTries
        let sent = request
        try await onOneLoop {
            for _ in 1...3 { #expect(await bench.sink.send(sent, within: .seconds(5)).status == 200) }
        }
        #expect(server.counts.connections == connections && server.counts.requests.count == 3)
    }
}

extension OneTryTests.Line {
    /// Blocks the thread until the server has ended this many connections, ten seconds at most.
    fileprivate func blockUntilEnded(_ number: Int) {
        for _ in 1...10_000 {
            if server.counts.ended >= number { break }
            usleep(1000)
        }
    }
}
