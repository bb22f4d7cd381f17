import GatehouseCore
import GatehouseTesting
import Testing

@testable import GatehouseServer

/// How the keys that sign tokens come, stay and go, with one gateway on the store and with two.
@Suite struct TokenKeyRotationTests {
    private static let day: Duration = .seconds(24 * 3600)

    @Test func aDayLaterAnotherKeySignsAndTheOldOneStaysForAnother() async throws {
        let clock = ManualClock()
        let house = try await House(clock: clock)
        let credential = try await house.credential(.manager)
        let first = try signer(of: try await house.token(for: credential))
        clock.advance(by: Self.day - .seconds(1))
        let last = try await house.token(for: credential)
        #expect(try signer(of: last) == first)
        clock.advance(by: .seconds(1))
        let second = try signer(of: try await house.token(for: credential))
        #expect(second != first)
        #expect(await house.proves(last) != nil)
        #expect(try await house.publishedKeys() == [second, first])
        clock.advance(by: Self.day + .seconds(600))
        #expect(try await house.publishedKeys() == [second, first])
        let third = try signer(of: try await house.token(for: credential))
        #expect(try await house.publishedKeys() == [third, second, first])
        clock.advance(by: .milliseconds(1))
        #expect(try await house.publishedKeys() == [third, second])
        #expect(try await house.store.tokenKeys().count == 3)
        clock.advance(by: Self.day)
        let fourth = try signer(of: try await house.token(for: credential))
        #expect(try await house.publishedKeys() == [fourth, third])
        #expect(try await house.store.tokenKeys().map(\.id.text) == [third, fourth])
    }

    @Test func whatIsTooOldVerifiesNothingThoughTheStoreHasIt() async throws {
        let clock = ManualClock()
        let house = try await House(clock: clock)
        var forgery = try await Forgery(of: try await house.token(for: try await house.credential(.manager)), in: house)
        forgery.claims["exp"] = .integer(clock.now.seconds + 1_000_000)
        let token = try forgery.signed()
        clock.advance(by: Self.day + Self.day + .seconds(600))
        #expect(await house.proves(token) != nil)
        clock.advance(by: .seconds(1))
        #expect(await house.proves(token) == nil)
    }

    @Test func manyAtOnceMakeOneKey() async throws {
        let house = try await House()
        let credential = try await house.credential(.manager)
        let signers = try await withThrowingTaskGroup(of: String.self) { tasks in
            for _ in 0..<20 { tasks.addTask { try signer(of: try await house.token(for: credential)) } }
            return try await tasks.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(signers.count == 1)
        #expect(try await house.store.tokenKeys().count == 1)
    }

    @Test func aRestartKeepsTheKeyAndItsTokens() async throws {
        let house = try await House()
        let credential = try await house.credential(.manager)
        let token = try await house.token(for: credential)
        let keys = try await KeyRegistry(opening: house.store, now: house.parts.clock.now)
        let restarted = try await IDTokens(opening: house.store, keys: keys)
        let now = house.parts.clock.now
        #expect(await restarted.key(provenBy: token, at: now, issuer: nil)?.role == .manager)
        let next = try await restarted.token(for: KeyID("key_1"), issuer: "http://a", at: now)
        #expect(try signer(of: next) == signer(of: token))
    }

    @Test func aSecondGatewayOnTheStoreVerifiesTheFirstOnesTokens() async throws {
        let house = try await House()
        let second = try await IDTokens(opening: house.store, keys: house.parts.keys)
        let now = house.parts.clock.now
        let token = try await house.token(for: try await house.credential(.manager))
        #expect(await second.key(provenBy: token, at: now, issuer: nil)?.role == .manager)
        #expect(await second.published(at: now).compactMap { $0["kid"]?.text } == [try signer(of: token)])
        let other = try await second.token(for: KeyID("key_1"), issuer: "http://a", at: now)
        #expect(try signer(of: other) == signer(of: token))
    }

    @Test func madeUpNamesLookIntoTheStoreOnceASecond() async throws {
        let clock = ManualClock()
        let house = try await House(clock: clock)
        var forgery = try await Forgery(of: try await house.token(for: try await house.credential(.manager)), in: house)
        let before = house.gate.count(of: .readTokenKeys)
        for number in 0..<50 {
            forgery.header["kid"] = .string("made up \(number)")
            #expect(await house.proves(try forgery.signed()) == nil)
        }
        #expect(house.gate.count(of: .readTokenKeys) == before + 1)
        clock.advance(by: .seconds(1))
        for _ in 0..<50 { #expect(await house.proves(try forgery.signed()) == nil) }
        #expect(house.gate.count(of: .readTokenKeys) == before + 2)
        house.gate.goAway()
        clock.advance(by: .seconds(1))
        for _ in 0..<50 { #expect(await house.proves(try forgery.signed()) == nil) }
        #expect(house.gate.count(of: .readTokenKeys) == before + 3)
    }

    @Test func textThatIsNoTokenNeverLooksIntoTheStore() async throws {
        let house = try await House()
        let before = house.gate.count(of: .readTokenKeys)
        for text in ["gk_00_00", "a.b.c", "e30.e30.", ""] { #expect(await house.proves(text) == nil) }
        #expect(house.gate.count(of: .readTokenKeys) == before)
    }

    @Test(arguments: [3600, 30 * 24 * 3600])
    func aKeyFromTheFutureSignsWhereTheClocksOnlyDiffer(seconds: Int) async throws {
        let house = try await House()
        let ahead = SigningKey.made(at: house.parts.clock.now + .seconds(seconds))
        try await house.store.add(ahead)
        let token = try await house.token(for: try await house.credential(.manager))
        #expect((try signer(of: token) == ahead.id.text) == (seconds == 3600))
        #expect(await house.proves(token) != nil)
    }

    @Test func aDamagedKeyIsToldWithoutBeingShown() async throws {
        let house = try await House()
        let damaged = TokenKey(
            id: TokenKeyID("damaged"), privateKey: Secret("-----BEGIN NONSENSE-----"), created: house.parts.clock.now)
        try await house.store.add(damaged)
        await #expect(throws: StoreError.corrupt("a token key is no private key of P-256")) {
            try await IDTokens(opening: house.store, keys: house.parts.keys)
        }
        let credential = try await house.credential(.manager)
        let id = try #require(Credential.keyID(in: credential))
        let answer = try await house.askForToken("\(id):\(credential)")
        #expect(answer.status == 500 && answer.json?["error"]?.text == "server_error")
        #expect(!answer.text.contains("NONSENSE"))
        #expect("\(damaged)".contains("•••") && !"\(damaged)".contains("NONSENSE"))
    }
}
