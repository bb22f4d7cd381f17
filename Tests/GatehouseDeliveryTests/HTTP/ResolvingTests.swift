import GatehouseCore
import NIOPosix
import Synchronization
import Testing

@testable import GatehouseDelivery

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite struct ResolvingTests {
    static let local = NetworkAddress(family: .v4, number: 0x7F00_0001)

    @Test func aNameThatTurnsInwardIsNotFollowed() async throws {
        let server = try await ScriptedServer { _, _ in [.write(HTTPSinkTests.ok)] }
        let bench = try Workbench()
        let url = "http://rebind.example:\(server.port)/"
        bench.names.set("rebind.example", ["127.0.0.1"])
        #expect(try await bench.send(url).status == 200)
        for inward in ["10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1", "0.0.0.0", "::1"] {
            bench.names.set("rebind.example", [inward])
            #expect(try await bench.send(url).word == "forbidden")
        }
        #expect(server.counts.requests.count == 1)
    }

    @Test func oneForbiddenAddressForbidsTheName() async throws {
        let server = try await ScriptedServer { _, _ in [.write(HTTPSinkTests.ok)] }
        let bench = try Workbench()
        bench.names.set("mixed.example", ["127.0.0.1", "192.168.1.1"])
        #expect(try await bench.send("http://mixed.example:\(server.port)/").word == "forbidden")
        #expect(server.counts.connections == 0)
    }

    @Test func theOtherLoopbackOfLocalhostIsLeftOut() async throws {
        let server = try await ScriptedServer { _, _ in [.write(HTTPSinkTests.ok)] }
        let bench = try Workbench()
        bench.names.set("localhost", ["::1", "127.0.0.1"])
        #expect(try await bench.send("http://localhost:\(server.port)/").status == 200)
        bench.names.set("localhost", ["::1"])
        #expect(try await bench.send("http://localhost:\(server.port)/").word == "forbidden")
    }

    @Test func aConnectionToAnAddressThatTheNameLeftIsNotUsed() async throws {
        let server = try await ScriptedServer { _, _ in [.write(HTTPSinkTests.ok)] }
        let bench = try Workbench()
        let statuses = try await onOneLoop {
            var statuses: [Int?] = []
            bench.names.set("moves.example", ["127.0.0.1"])
            statuses.append(try await bench.send("http://moves.example:\(server.port)/").status)
            bench.names.set("moves.example", ["127.0.0.2"])
            statuses.append(try await bench.send("http://moves.example:\(server.port)/").status)
            return statuses
        }
        // The server listens on 127.0.0.1 alone: the second request must go to the new address and be refused there.
        #expect(statuses == [200, nil])
    }

    @Test func theNextAddressIsTriedWhenOneRefuses() async throws {
        let server = try await ScriptedServer { _, _ in [.write(HTTPSinkTests.ok)] }
        let bench = try Workbench()
        bench.names.set("two.example", ["127.0.0.9", "127.0.0.1"])
        #expect(try await bench.send("http://two.example:\(server.port)/").status == 200)
    }

    @Test func anAnswerOfTheResolverIsReliedOnForItsTime() async throws {
        let server = try await ScriptedServer { _, _ in [.write(HTTPSinkTests.ok)] }
        let bench = try Workbench()
        bench.names.set("steady.example", ["127.0.0.1"], validFor: .seconds(60))
        try await onOneLoop {
            for _ in 1...10 { _ = try await bench.send("http://steady.example:\(server.port)/") }
        }
        #expect(bench.names.lookUps == 1)
    }

    @Test func anUnknownNameIsUnresolvedAndALateOneTimedOut() async throws {
        let bench = try Workbench()
        #expect(try await bench.send("http://nobody.example/").word == "unresolved")
        bench.names.set("late.example", .timedOut)
        #expect(try await bench.send("http://late.example/", within: .milliseconds(100)) == .timedOut(.resolve))
    }

    @Test func aHangingNameCostsItselfAlone() async throws {
        let gate = Gate()
        let resolver = SystemResolver { name in
            if name == "hangs.example" { gate.wait() }
            return .addresses([Self.local])
        }
        async let hanging = resolver.resolve("hangs.example", for: nil, within: .seconds(60))
        let joined = await resolver.resolve("hangs.example", for: nil, within: .milliseconds(100))
        #expect(joined == .timedOut)
        let quick = await resolver.resolve("quick.example", for: nil, within: .seconds(60))
        #expect(quick == .addresses([Self.local], validFor: .seconds(60)))
        gate.open()
        #expect(await hanging == .addresses([Self.local], validFor: .seconds(60)))
    }

    @Test func oneLookUpServesAllWhoAsk() async throws {
        let gate = Gate()
        let count = Counter()
        let resolver = SystemResolver { _ in
            count.begin()
            gate.wait()
            return .addresses([Self.local])
        }
        let answers = await withTaskGroup(of: Resolution.self) { group in
            for _ in 1...50 { group.addTask { await resolver.resolve("same.example", for: nil, within: .seconds(60)) } }
            group.addTask {
                _ = await becomes { count.begun == 1 }
                gate.open()
                return await resolver.resolve("same.example", for: nil, within: .seconds(60))
            }
            return await group.reduce(into: [Resolution]()) { $0.append($1) }
        }
        #expect(answers.count == 51)
        #expect(
            answers.allSatisfy {
                if case .addresses([Self.local], _) = $0 { true } else { false }
            })
        #expect(count.begun == 1)
    }

    @Test(arguments: [(Duration.seconds(60), 1), (.zero, 3)])
    func failuresAreKeptForTheirTime(_ keeps: Duration, _ lookUps: Int) async throws {
        let count = Counter()
        var limits = SystemResolver.Limits()
        limits.keepsFailed = keeps
        let resolver = SystemResolver(limits: limits) { _ in
            count.begin()
            return .none(reason: "the name does not exist")
        }
        for _ in 1...3 {
            let resolution = await resolver.resolve("no.example", for: nil, within: .seconds(60))
            #expect(resolution == .unknown(reason: "the name does not exist"))
        }
        #expect(count.begun == lookUps)
    }

    @Test func threadsAndWaitingNamesAreBounded() async throws {
        let gate = Gate()
        let count = Counter()
        var limits = SystemResolver.Limits()
        limits.threads = 3
        limits.namesWaiting = 10
        let resolver = SystemResolver(limits: limits) { _ in
            count.begin()
            gate.wait()
            count.end()
            return .addresses([Self.local])
        }
        let answers = await withTaskGroup(of: Resolution.self) { group in
            for number in 1...15 {
                let owner = OrganizationID("tenant-\(number)")
                group.addTask { await resolver.resolve("n\(number).example", for: owner, within: .seconds(60)) }
            }
            let turnedAway = await collect(5, from: &group)
            gate.open()
            return (turnedAway, await collect(10, from: &group))
        }
        #expect(answers.0 == Array(repeating: .unknown(reason: "too many names wait to be looked up"), count: 5))
        #expect(answers.1.count == 10)
        #expect(count.most <= 3)
    }

    private func collect(_ count: Int, from group: inout TaskGroup<Resolution>) async -> [Resolution] {
        var found: [Resolution] = []
        while found.count < count, let next = await group.next() { found.append(next) }
        return found
    }

    @Test func theSystemKnowsLocalhost() async throws {
        guard
            case .addresses(let addresses, _) = await SystemResolver().resolve(
                "localhost", for: nil, within: .seconds(5))
        else {
            Issue.record("localhost does not resolve")
            return
        }
        #expect(addresses.contains(Self.local) || addresses.contains { $0.description == "::1" })
    }

    @Test func registrationRefusesWhatResolvesInwardAndLetsTheUnknownThrough() async throws {
        let names = MadeUpNames()
        names.set("inward.example", ["10.1.2.3"])
        names.set("public.example", ["93.184.216.34"])
        let check = TargetCheck(egress: EgressGuard(), resolver: names)
        func refusal(_ text: String) async throws -> String? {
            await check.refusal(of: try #require(TargetURL(text)), for: nil)
        }
        #expect(try await refusal("https://inward.example/") != nil)
        #expect(try await refusal("https://127.0.0.1/") != nil)
        #expect(try await refusal("https://2130706433/") != nil)
        #expect(try await refusal("http://public.example/") != nil)
        #expect(try await refusal("https://public.example/") == nil)
        #expect(try await refusal("https://not-yet.example/") == nil)
    }
}

/// Holds a thread until it is opened.
final class Gate: Sendable {
    private let isOpen = Mutex(false)

    func open() { isOpen.withLock { $0 = true } }

    func wait() {
        while !isOpen.withLock({ $0 }) { pause() }
    }

    private func pause() {
        usleep(1000)
    }
}

/// Counts look-ups, and how many there were at one time.
final class Counter: Sendable {
    private let counts = Mutex((begun: 0, now: 0, most: 0))

    var begun: Int { counts.withLock { $0.begun } }
    var most: Int { counts.withLock { $0.most } }

    func begin() { counts.withLock { $0 = ($0.begun + 1, $0.now + 1, max($0.most, $0.now + 1)) } }

    func end() { counts.withLock { $0.now -= 1 } }
}
