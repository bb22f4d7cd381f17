import GatehouseCore
import NIOCore
import NIOPosix
import Testing

@testable import GatehouseDelivery

@Suite struct ConnectionReuseTests {
    static let ok = HTTPSinkTests.ok

    @Test func oneConnectionServesManyRequests() async throws {
        let server = try await ScriptedServer { _, _ in [.write(Self.ok)] }
        let bench = try Workbench()
        try await onOneLoop {
            for _ in 1...50 {
                let outcome = try await bench.send("http://127.0.0.1:\(server.port)/")
                #expect(outcome.status == 200)
            }
        }
        #expect(server.counts.connections == 1)
        #expect(server.counts.requests.count == 50)
    }

    @Test(arguments: ["Connection: close\r\n", "Connection: x, Close\r\n"])
    func aConnectionThatTheServerGivesUpIsNotUsedAgain(_ field: String) async throws {
        let server = try await ScriptedServer { _, _ in
            [.write("HTTP/1.1 200 OK\r\n\(field)Content-Length: 0\r\n\r\n")]
        }
        let bench = try Workbench()
        try await onOneLoop {
            for _ in 1...3 {
                let outcome = try await bench.send("http://127.0.0.1:\(server.port)/")
                #expect(outcome.status == 200)
            }
        }
        #expect(server.counts.connections == 3)
    }

    /// A whole second answer, and the beginning of one, which would be taken for the next request's.
    @Test(arguments: ["HTTP/1.1 500 Smuggled\r\n\r\n", "HTTP/1.1 500 Smuggled\r\nX: ", "H", "\r\n"])
    func bytesAfterTheAnswerEndTheConnection(_ rest: String) async throws {
        let server = try await ScriptedServer { _, _ in [.write(Self.ok + rest)] }
        let bench = try Workbench()
        try await onOneLoop {
            for _ in 1...3 {
                let outcome = try await bench.send("http://127.0.0.1:\(server.port)/")
                #expect(outcome.status == 200)
            }
        }
        #expect(server.counts.connections == 3)
    }

    @Test func anIdleConnectionIsClosedInTime() async throws {
        let server = try await ScriptedServer { _, _ in [.write(Self.ok)] }
        var settings = PoolSettings()
        settings.keepsIdle = .milliseconds(50)
        let bench = try Workbench(settings: settings)
        let outcome = try await bench.send("http://127.0.0.1:\(server.port)/")
        #expect(outcome.status == 200)
        #expect(await becomes { server.counts.open == 0 })
    }

    @Test func shutdownClosesTheIdleAndKeepsNone() async throws {
        let server = try await ScriptedServer { _, _ in [.write(Self.ok)] }
        let bench = try Workbench()
        let outcome = try await bench.send("http://127.0.0.1:\(server.port)/")
        #expect(outcome.status == 200)
        await bench.pool.shutdown()
        #expect(await becomes { server.counts.open == 0 })
        let refused = try await bench.send("http://127.0.0.1:\(server.port)/")
        #expect(refused.word == "unreachable")
    }

    @Test func noMoreConnectionsThanTheBound() async throws {
        let server = try await ScriptedServer { _, _ in [.drip(Self.ok, every: .microseconds(50))] }
        var settings = PoolSettings()
        settings.connectionsPerReceiver = 4
        let bench = try Workbench(settings: settings)
        let statuses = try await onOneLoop {
            try await withThrowingTaskGroup(of: Int?.self) { group in
                for _ in 1...100 {
                    group.addTask {
                        try await bench.send("http://127.0.0.1:\(server.port)/", within: .seconds(20)).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
        #expect(statuses == Array(repeating: 200, count: 100))
        #expect(server.counts.mostOpen <= 4)
    }

    @Test func theLoopsOwnBoundIsSharedByReceivers() async throws {
        let first = try await ScriptedServer { _, _ in [.write(Self.ok)] }
        let second = try await ScriptedServer { _, _ in [.write(Self.ok)] }
        var settings = PoolSettings()
        settings.connectionsPerLoop = 1
        let bench = try Workbench(settings: settings)
        let words = try await onOneLoop {
            var words: [String] = []
            for port in [first.port, second.port, first.port, second.port] {
                words.append(try await bench.send("http://127.0.0.1:\(port)/").word)
            }
            return words
        }
        #expect(words == Array(repeating: "accepted", count: 4))
    }

    @Test func requestThatWaitsForAFullReceiverTimesOut() async throws {
        let server = try await ScriptedServer { _, _ in [] }
        var settings = PoolSettings()
        settings.connectionsPerReceiver = 1
        let bench = try Workbench(settings: settings)
        let outcomes = try await onOneLoop {
            async let first = bench.send("http://127.0.0.1:\(server.port)/", within: .milliseconds(400))
            async let second = bench.send("http://127.0.0.1:\(server.port)/", within: .milliseconds(300))
            return [try await first, try await second]
        }
        #expect(outcomes.contains(.timedOut(.answer)))
        #expect(outcomes.contains(.timedOut(.connect)))
    }

    @Test func aRefusedConnectionFailsEveryWaiterAndThePoolGoesOn() async throws {
        let gone = try await ScriptedServer { _, _ in [.write(Self.ok)] }
        let port = gone.port
        await gone.stop()
        var settings = PoolSettings()
        settings.connectionsPerReceiver = 2
        let bench = try Workbench(settings: settings)
        let (words, took) = try await timed {
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 1...40 { group.addTask { try await bench.send("http://127.0.0.1:\(port)/").word } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
        }
        #expect(words == ["unreachable"])
        #expect(took < .seconds(2))
    }
}

/// Waits until something is so, at most five seconds.
func becomes(_ condition: @Sendable () -> Bool) async -> Bool {
    for _ in 1...500 {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(10))
    }
    return condition()
}
