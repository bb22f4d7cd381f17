import GatehouseControl
import GatehouseCore
import GatehouseTesting
import Testing

@testable import GatehouseServer

/// The creation, publication and end of the keys that sign tokens, with one gateway on the store and with two.
@Suite struct TokenKeyRotationTests {
    private static let day: Duration = .seconds(24 * 3600)

    @Test func tokenKeyIsReplacedAfterADayAndPublishedForAnother() async throws {
        let clock = ManualClock()
        let server = try await TestServer(clock: clock)
        let credential = try await server.credential(.manager)
        let first = try signer(of: try await server.token(for: credential))
        clock.advance(by: Self.day - .seconds(1))
        let last = try await server.token(for: credential)
        #expect(try signer(of: last) == first)
        clock.advance(by: .seconds(1))
        let second = try signer(of: try await server.token(for: credential))
        #expect(second != first)
        #expect(await server.proves(last) != nil)
        #expect(try await server.publishedKeys() == [second, first])
        clock.advance(by: Self.day + .seconds(600))
        #expect(try await server.publishedKeys() == [second, first])
        let third = try signer(of: try await server.token(for: credential))
        #expect(try await server.publishedKeys() == [third, second, first])
        clock.advance(by: .milliseconds(1))
        #expect(try await server.publishedKeys() == [third, second])
        #expect(try await server.store.tokenKeys().count == 3)
        clock.advance(by: Self.day)
        let fourth = try signer(of: try await server.token(for: credential))
        #expect(try await server.publishedKeys() == [fourth, third])
        #expect(try await server.store.tokenKeys().map(\.id.text) == [third, fourth])
    }

    @Test func storedButExpiredTokenKeyVerifiesNothing() async throws {
        let clock = ManualClock()
        let server = try await TestServer(clock: clock)
        var forgery = try await Forgery(
            of: try await server.token(for: try await server.credential(.manager)), in: server)
        forgery.claims["exp"] = .integer(clock.now.seconds + 1_000_000)
        let token = try forgery.signed()
        clock.advance(by: Self.day + Self.day + .seconds(600))
        #expect(await server.proves(token) != nil)
        clock.advance(by: .seconds(1))
        #expect(await server.proves(token) == nil)
    }

    @Test func simultaneousRequestsCreateOneKey() async throws {
        let server = try await TestServer()
        let credential = try await server.credential(.manager)
        let signers = try await withThrowingTaskGroup(of: String.self) { tasks in
            for _ in 0..<20 { tasks.addTask { try signer(of: try await server.token(for: credential)) } }
            return try await tasks.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(signers.count == 1)
        #expect(try await server.store.tokenKeys().count == 1)
    }

    @Test func restartKeepsTheKeyAndItsTokens() async throws {
        let server = try await TestServer()
        let credential = try await server.credential(.manager)
        let token = try await server.token(for: credential)
        let keys = try await KeyRegistry(opening: server.store, now: server.parts.clock.now)
        let restarted = try await IDTokens(opening: server.store, keys: keys)
        let now = server.parts.clock.now
        #expect(await restarted.key(provenBy: token, at: now, issuer: nil)?.role == .manager)
        let next = try await restarted.token(for: KeyID("key_1"), issuer: "http://a", at: now)
        #expect(try signer(of: next) == signer(of: token))
    }

    @Test func secondGatewayVerifiesTheTokensOfTheFirst() async throws {
        let server = try await TestServer()
        let second = try await IDTokens(opening: server.store, keys: server.parts.keys)
        let now = server.parts.clock.now
        let token = try await server.token(for: try await server.credential(.manager))
        #expect(await second.key(provenBy: token, at: now, issuer: nil)?.role == .manager)
        #expect(await second.published(at: now).compactMap { $0["kid"]?.text } == [try signer(of: token)])
        let other = try await second.token(for: KeyID("key_1"), issuer: "http://a", at: now)
        #expect(try signer(of: other) == signer(of: token))
    }

    @Test func unknownNamesReadTheStoreOnceASecond() async throws {
        let clock = ManualClock()
        let server = try await TestServer(clock: clock)
        var forgery = try await Forgery(
            of: try await server.token(for: try await server.credential(.manager)), in: server)
        let before = server.gate.count(of: .readTokenKeys)
        for number in 0..<50 {
            forgery.header["kid"] = .string("made up \(number)")
            #expect(await server.proves(try forgery.signed()) == nil)
        }
        #expect(server.gate.count(of: .readTokenKeys) == before + 1)
        clock.advance(by: .seconds(1))
        for _ in 0..<50 { #expect(await server.proves(try forgery.signed()) == nil) }
        #expect(server.gate.count(of: .readTokenKeys) == before + 2)
        server.gate.goAway()
        clock.advance(by: .seconds(1))
        for _ in 0..<50 { #expect(await server.proves(try forgery.signed()) == nil) }
        #expect(server.gate.count(of: .readTokenKeys) == before + 3)
    }

    @Test func textThatIsNotATokenNeverReadsTheStore() async throws {
        let server = try await TestServer()
        let before = server.gate.count(of: .readTokenKeys)
        for text in ["gk_00_00", "a.b.c", "e30.e30.", ""] { #expect(await server.proves(text) == nil) }
        #expect(server.gate.count(of: .readTokenKeys) == before)
    }

    @Test(arguments: [3600, 30 * 24 * 3600])
    func keyFromTheNearFutureSigns(seconds: Int) async throws {
        let server = try await TestServer()
        let ahead = SigningKey.made(at: server.parts.clock.now + .seconds(seconds))
        try await server.store.apply(.add, .tokenKey(ahead))
        let token = try await server.token(for: try await server.credential(.manager))
        #expect((try signer(of: token) == ahead.id.text) == (seconds == 3600))
        #expect(await server.proves(token) != nil)
    }

    @Test func damagedKeyIsReportedWithoutItsText() async throws {
        let server = try await TestServer()
        let damaged = TokenKey(
            id: TokenKeyID("damaged"), privateKey: Secret("-----BEGIN NONSENSE-----"), created: server.parts.clock.now)
        try await server.store.apply(.add, .tokenKey(damaged))
        await #expect(throws: StoreError.corrupt("a token key is no private key of P-256")) {
            try await IDTokens(opening: server.store, keys: server.parts.keys)
        }
        let credential = try await server.credential(.manager)
        let id = try #require(Credential.keyID(in: credential))
        let answer = try await server.askForToken("\(id):\(credential)")
        #expect(answer.status == 500 && answer.json?["error"]?.text == "server_error")
        #expect(!answer.text.contains("NONSENSE"))
        #expect("\(damaged)".contains("•••") && !"\(damaged)".contains("NONSENSE"))
    }
}
