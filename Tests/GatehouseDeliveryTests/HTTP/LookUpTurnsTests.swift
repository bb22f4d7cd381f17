import GatehouseCore
import HTTPTypes
import NIOPosix
import Testing

@testable import GatehouseDelivery

/// Names of many organizations: none has more than its share, and none waits for another's.
@Suite struct LookUpTurnsTests {
    static let local = NetworkAddress(family: .v4, number: 0x7F00_0001)
    private static let (acme, globex, hooli) = (
        OrganizationID("acme"), OrganizationID("globex"), OrganizationID("hooli")
    )

    private static func limits(_ change: (inout SystemResolver.Limits) -> Void = { _ in }) -> SystemResolver.Limits {
        var limits = SystemResolver.Limits()
        change(&limits)
        return limits
    }

    // MARK: Whose turn it is

    @Test func ownersTakeTurnsHoweverMuchOneHasQueued() {
        var turns = LookUpTurns(Self.limits())
        for number in 1...5 { _ = turns.add("a\(number)", for: Self.acme) }
        for number in 1...2 { _ = turns.add("g\(number)", for: Self.globex) }
        _ = turns.add("own", for: nil)
        var names: [String] = []
        while let next = turns.next() { names.append(next.name) }
        #expect(names == ["a1", "g1", "own", "a2", "g2", "a3", "a4", "a5"])
        #expect(turns.runningInAll == 8 && !turns.hasNext)
    }

    @Test func oneOwnerHasItsShareOfTheThreadsAndOfTheQueue() {
        var turns = LookUpTurns(Self.limits())
        let queued = (1...1024).filter { turns.add("a\($0)", for: Self.acme) }.count
        #expect(queued == 256)
        var running: [LookUpTurns.Turn] = []
        while let turn = turns.next() { running.append(turn) }
        #expect(running.count == 8, "a quarter of 32")
        _ = turns.add("g", for: Self.globex)
        let theirs = turns.next()
        #expect(theirs?.name == "g")
        turns.end(running[0])
        let (again, none) = (turns.next(), turns.next())
        #expect(again?.owner == Self.acme && none == nil)
    }

    @Test func theLastThreadsAreForThoseWhoHaveNone() {
        var turns = LookUpTurns(
            Self.limits {
                $0.threads = 8
                $0.perOrganization = 4
            })
        for owner in [Self.acme, Self.globex] { for number in 1...4 { _ = turns.add("\(owner)\(number)", for: owner) } }
        var running: [LookUpTurns.Owner: Int] = [:]
        while let next = turns.next() { running[next.owner, default: 0] += 1 }
        #expect(running == [Self.acme: 3, Self.globex: 3], "6 of 8")
        for number in 1...2 { _ = turns.add("h\(number)", for: Self.hooli) }
        let (first, second) = (turns.next(), turns.next())
        #expect(first?.name == "h1")
        #expect(second == nil, "the second one waits as others do")
    }

    @Test func namesThatHadAddressesAreNotDelayedByNamesThatHang() {
        var turns = LookUpTurns(Self.limits())
        for number in 1...300 { _ = turns.add("hangs\(number)", for: Self.acme) }
        while turns.next() != nil {}
        #expect(turns.runningInAll == 8)
        let queued = (1...100).filter { turns.add("known\($0)", for: Self.acme, isKnown: true) }.count
        #expect(queued == 72, "the queue has 320 places, and 248 have no thread yet")
        var running: [LookUpTurns.Turn] = []
        while let turn = turns.next() { running.append(turn) }
        #expect(running.map(\.name) == ["known1", "known2"])
        for turn in running { turns.end(turn) }
        #expect(turns.next()?.name == "known3")
    }

    // MARK: Threads that hang

    @Test func namesThatHangCostTheirOwnerAlone() async throws {
        let (gate, count) = (Gate(), Counter())
        let resolver = SystemResolver { name in
            count.begin()
            if name.hasPrefix("held") { gate.wait() }
            return .addresses([Self.local])
        }
        await withTaskGroup(of: Void.self) { group in
            for number in 1...100 {
                group.addTask { _ = await resolver.resolve("held\(number)", for: Self.acme, within: .seconds(60)) }
            }
            #expect(await becomes { count.begun == 8 })
            let found = Resolution.addresses([Self.local], validFor: .seconds(60))
            for number in 1...20 {
                #expect(await resolver.resolve("g\(number)", for: Self.globex, within: .seconds(60)) == found)
            }
            #expect(await resolver.resolve("own", for: nil, within: .seconds(60)) == found)
            // A name in the queue of one organization is looked up for another that asks for it.
            group.addTask { _ = await resolver.resolve("shared", for: Self.acme, within: .seconds(60)) }
            #expect(await resolver.resolve("shared", for: Self.globex, within: .seconds(60)) == found)
            #expect(count.begun == 8 + 22)
            gate.open()
        }
        #expect(count.begun == 8 + 22 + 92)
    }

    @Test func excessOfOneOrganizationIsReportedToItAlone() async throws {
        let (gate, count) = (Gate(), Counter())
        let resolver = SystemResolver(limits: Self.limits { $0.namesWaiting = 16 }) { name in
            count.begin()
            if name.hasPrefix("held") { gate.wait() }
            return .addresses([Self.local])
        }
        await withTaskGroup(of: Resolution.self) { group in
            for number in 1...8 {
                group.addTask { await resolver.resolve("held\(number)", for: Self.acme, within: .seconds(60)) }
                #expect(await becomes { count.begun == number })
            }
            for number in 9...14 {
                group.addTask { await resolver.resolve("held\(number)", for: Self.acme, within: .seconds(60)) }
            }
            let refused = Resolution.unknown(reason: "too many names of this organization wait to be looked up")
            #expect(await group.next() == refused)
            #expect(await group.next() == refused)
            let found = Resolution.addresses([Self.local], validFor: .seconds(60))
            #expect(await resolver.resolve("g", for: Self.globex, within: .seconds(60)) == found)
            gate.open()
            for await resolution in group { #expect(resolution == found) }
        }
    }

    @Test func aReceiverThatTwoShareIsFoundForTheOneWhoIsNotHeldUp() async throws {
        let (gate, count) = (Gate(), Counter())
        let resolver = SystemResolver { name in
            count.begin()
            if name.hasPrefix("held") { gate.wait() }
            return .addresses([Self.local])
        }
        let server = try await ScriptedServer { _, _ in [.write(HTTPSinkTests.ok)] }
        let pool = ConnectionPool(
            group: .singleton, egress: EgressGuard(allowed: [try AddressRange("127.0.0.0/8")]), resolver: resolver)
        var (first, second) = (
            PreparedRequest(
                url: try #require(TargetURL("http://shared:\(server.port)/")), headers: [:], body: []),
            PreparedRequest(
                url: try #require(TargetURL("http://shared:\(server.port)/")), headers: [:], body: [])
        )
        first.organization = Self.acme
        second.organization = Self.globex
        let (theirs, ours) = (first, second)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...8 {
                group.addTask { _ = await resolver.resolve("held\(number)", for: Self.acme, within: .seconds(60)) }
            }
            #expect(await becomes { count.begun == 8 })
            let statuses = try await onOneLoop {
                async let waits = HTTPSink(pool).send(theirs, within: .seconds(20))
                async let goes = HTTPSink(pool).send(ours, within: .seconds(20))
                return [await waits.status, await goes.status]
            }
            #expect(statuses == [200, 200])
            gate.open()
            try await group.waitForAll()
        }
        await pool.shutdown()
    }

    // MARK: Old answers

    /// A name that is found once and then behaves as the test says.
    private final class Fickle: Sendable {
        let gate = Gate()
        private let after: @Sendable (Gate) -> SystemResolver.Found
        private let count = Counter()

        init(after: @escaping @Sendable (Gate) -> SystemResolver.Found) { self.after = after }

        @Sendable func lookUp(_ name: String) -> SystemResolver.Found {
            count.begin()
            return count.begun == 1 ? .addresses([LookUpTurnsTests.local]) : after(gate)
        }
    }

    /// Answers that are old at once, and no patience.
    private static func impatient(_ fickle: Fickle, keepsOld: Duration = .seconds(600)) -> SystemResolver {
        SystemResolver(
            limits: limits {
                $0.keepsFound = .zero
                $0.keepsFailed = .zero
                $0.keepsOld = keepsOld
                $0.patience = .zero
            }, lookUp: fickle.lookUp)
    }

    @Test func oldAddressesAreUsedWhileTheNameHangsEachTimeAnew() async throws {
        let fickle = Fickle { gate in
            gate.wait()
            return .none(reason: "the name could not be looked up just now", isForNow: true)
        }
        let resolver = Self.impatient(fickle)
        _ = await resolver.resolve("name", for: Self.acme, within: .seconds(60))
        let old = Resolution.addresses([Self.local], validFor: .zero)
        for _ in 1...3 { #expect(await resolver.resolve("name", for: Self.acme, within: .seconds(60)) == old) }
        // The rule is checked at each use, and not when the address was found.
        let url = try #require(TargetURL("http://name/"))
        let account = TargetCheck.Account(organization: Self.acme, timeout: .seconds(60))
        for (allowed, isAdmitted) in [(["127.0.0.0/8"], true), ([], false), (["127.0.0.0/8"], true)] {
            let check = TargetCheck(
                egress: EgressGuard(allowed: try allowed.map { try AddressRange($0) }), resolver: resolver)
            switch await check.finding(for: url, on: account, allowsPlainHTTP: false) {
            case .admitted(let addresses, let validFor):
                #expect(isAdmitted && addresses == [Self.local] && validFor == .zero)
            case .refused(let outcome): #expect(!isAdmitted && outcome.word == "forbidden")
            }
        }
        fickle.gate.open()
    }

    @Test func oldAddressesAreUsedWhereTheLookUpFailsForATime() async {
        let fickle = Fickle { _ in .none(reason: "the name could not be looked up just now", isForNow: true) }
        let resolver = Self.impatient(fickle)
        for validFor in [Duration.zero, .zero, .zero] {
            let resolution = await resolver.resolve("name", for: Self.acme, within: .seconds(60))
            #expect(resolution == .addresses([Self.local], validFor: validFor))
        }
    }

    @Test func aNameThatIsGoneHasNoOldAddresses() async {
        let fickle = Fickle { _ in .none(reason: "the name does not exist") }
        let resolver = SystemResolver(limits: Self.limits { $0.keepsFound = .zero }, lookUp: fickle.lookUp)
        _ = await resolver.resolve("name", for: Self.acme, within: .seconds(60))
        for _ in 1...2 {
            let resolution = await resolver.resolve("name", for: Self.acme, within: .seconds(60))
            #expect(resolution == .unknown(reason: "the name does not exist"))
        }
    }

    @Test func oldAddressesAreForgottenInTime() async {
        #expect(Self.limits().keepsOld == .seconds(600))
        let fickle = Fickle { gate in
            gate.wait()
            return .addresses([])
        }
        let resolver = Self.impatient(fickle, keepsOld: .seconds(-1))
        _ = await resolver.resolve("name", for: Self.acme, within: .seconds(60))
        #expect(await resolver.resolve("name", for: Self.acme, within: .milliseconds(20)) == .timedOut)
        fickle.gate.open()
    }
}
