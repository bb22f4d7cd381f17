import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Logging
import Testing

@testable import GatehouseServer

/// A wrong credential is reported and its answer held back; a right one is answered at once.
@Suite(.timeLimit(.minutes(1))) struct FailedProofsTests {
    private func until(_ condition: () -> Bool) async { while !condition() { await Task.yield() } }

    private func ask(_ server: TestServer, _ credential: String?, from address: String) async throws -> TestAnswer {
        var request = TestRequest(.get, "/v1/doors", credential)
        request.address = address
        return try await server.send(request)
    }

    @Test func eachFailureOfAnAddressDelaysItsNextFailure() async throws {
        let clock = ManualClock()
        let server = try await TestServer(clock: clock, holdingBack: GuessSettings())
        #expect(try await ask(server, "wrong", from: "192.0.2.7").status == 401)
        for (number, milliseconds) in [250, 500, 1000, 2000, 4000, 8000, 8000].enumerated() {
            let answer = Task { try await ask(server, "wrong", from: "192.0.2.7") }
            await until { clock.sleepers == 1 && server.parts.failedProofs.waiting == 1 }
            clock.advance(by: .milliseconds(milliseconds - 1))
            #expect(clock.sleepers == 1, "not before \(milliseconds) ms")
            #expect(
                try await ask(server, TestServer.admin, from: "192.0.2.7").status == 200, "what is right is answered")
            #expect(try await ask(server, "wrong", from: "198.51.100.\(number)").status == 401)
            clock.advance(by: .milliseconds(1))
            try await answer.value.expectProblem(401, "unknown-key")
        }
        clock.advance(by: .seconds(600))
        #expect(try await ask(server, "wrong", from: "192.0.2.7").status == 401)
        #expect(clock.sleepers == 0 && server.parts.failedProofs.waiting == 0)
    }

    @Test func missingCredentialIsNotAGuess() async throws {
        let clock = ManualClock()
        let server = try await TestServer(clock: clock, holdingBack: GuessSettings())
        for _ in 0..<10 { #expect(try await ask(server, nil, from: "192.0.2.7").status == 401) }
        #expect(try await ask(server, "wrong", from: "192.0.2.7").status == 401)
        #expect(try await server.get("/v1/audit").items.count == 1)
    }

    @Test func tooManyWaitingFailuresAreRefusedAtOnceAndRightKeysAreNot() async throws {
        let clock = ManualClock()
        var settings = GuessSettings()
        settings.waitingPerAddress = 2
        let server = try await TestServer(clock: clock, holdingBack: settings)
        _ = try await ask(server, "wrong", from: "192.0.2.7")
        let waiting = (0..<2).map { _ in Task { try await ask(server, "wrong", from: "192.0.2.7") } }
        await until { clock.sleepers == 2 }
        let refused = try await ask(server, "wrong", from: "192.0.2.7")
        refused.expectProblem(429, "too-many-guesses")
        #expect(refused.headers[.retryAfter] == "8")
        #expect(try await ask(server, TestServer.admin, from: "192.0.2.7").status == 200)
        let page = try await server.get("/metrics").text
        #expect(page.contains(#"gatehouse_failed_proofs_refused_total{interface="key"} 1"#))
        #expect(page.contains(#"gatehouse_failed_proofs_total{interface="key"} 4"#))
        #expect(page.contains("\ngatehouse_failed_proofs_waiting 2\n"))
        clock.advance(by: .seconds(8))
        for answer in waiting { #expect(try await answer.value.status == 401) }
    }

    /// The forms of the refusals that are not our own.
    @Test func refusalHasTheFormOfItsInterface() async throws {
        let clock = ManualClock()
        var settings = GuessSettings()
        settings.waiting = 1
        let server = try await TestServer(clock: clock, holdingBack: settings)
        _ = try await ask(server, "wrong", from: "192.0.2.7")
        let waiting = Task { try await ask(server, "wrong", from: "192.0.2.7") }
        await until { clock.sleepers == 1 }
        for path in ["/plain/home", "/plain/login?user=a&password=b", "/plain/login?user=a&md5=b", "/plain/pull/a/b"] {
            for isFirst in [true, false] {
                var request = TestRequest(.get, path, path == "/plain/home" ? "wrong" : nil)
                request.address = "192.0.2.8"
                let answer = try await server.send(request)
                #expect(answer.json?["no"]?.text?.isEmpty == false, "\(path): \(answer.text)")
                if !isFirst { #expect(answer.status == 429, "\(path): \(answer.text)") }
            }
        }
        let token = try await server.askForToken("a:b")
        #expect(token.status == 401)
        let refused = try await server.askForToken("a:b")
        #expect(refused.status == 429 && refused.json?["error"] == "too_many_guesses")
        #expect(refused.headers[.retryAfter] == "8")
        clock.advance(by: .seconds(8))
        _ = try await waiting.value
    }

    @Test func shutdownReleasesAllWaitingAnswers() async throws {
        let clock = ManualClock()
        let server = try await TestServer(clock: clock, holdingBack: GuessSettings())
        _ = try await ask(server, "wrong", from: "192.0.2.7")
        let waiting = Task { try await ask(server, "wrong", from: "192.0.2.7") }
        await until { clock.sleepers == 1 }
        server.parts.failedProofs.close()
        #expect(try await waiting.value.status == 401)
        #expect(try await ask(server, "wrong", from: "192.0.2.7").status == 401, "and no caller waits any more")
        #expect(clock.sleepers == 0 && server.parts.failedProofs.waiting == 0)
    }

    @Test func callerThatLeavesWaitsNoLonger() async throws {
        let clock = ManualClock()
        let server = try await TestServer(clock: clock, holdingBack: GuessSettings())
        _ = try await ask(server, "wrong", from: "192.0.2.7")
        let waiting = Task { try await ask(server, "wrong", from: "192.0.2.7") }
        await until { clock.sleepers == 1 }
        waiting.cancel()
        _ = try? await waiting.value
        await until { clock.sleepers == 0 && server.parts.failedProofs.waiting == 0 }
    }

    @Test func auditCountsFailuresByAddressInterfaceAndKey() async throws {
        let server = try await TestServer()
        let credential = try await server.credential(.manager)
        let id = try #require(Credential.keyID(in: credential))
        let wrong = String(credential.dropLast(4)) + "0000"
        for _ in 0..<500 { _ = try await ask(server, wrong, from: "192.0.2.7") }
        for _ in 0..<3 { _ = try await ask(server, "guess", from: "192.0.2.8") }
        let above = try await server.get("/v1/audit").items
        #expect(above.count == 2)
        let known = try #require(above.first { $0["details"]?["count"] == 500 })
        #expect(known["deed"] == "prove-failed" && known["subject"] == "interface" && known["id"] == "key")
        #expect(known["key"] == JSON.null && known["clientInfo"] == ["ipAddress": "192.0.2.7"])
        #expect(known["organization"] == "acme" && known["details"]?["asked"]?.text == id.text)
        let unknown = try #require(above.first { $0["details"]?["count"] == 3 })
        #expect(unknown["details"]?["asked"] == nil && unknown["organization"] == JSON.null)
        let own = try await server.get("/v1/audit", server.credential(.admin))
        #expect(own.items.count == 1, "an organization's admin hears of its own keys")
        #expect(!own.text.contains(wrong.suffix(64)) && !own.text.contains("guess"))
        #expect(try await server.get("/v1/audit").items.count == 2, "what was written is not written again")
    }

    @Test func auditCountsAnIPv6NetworkAsOneAddress() async throws {
        let server = try await TestServer()
        for number in 1...3 { _ = try await ask(server, "wrong", from: "2001:db8::\(number)") }
        _ = try await ask(server, "wrong", from: "2001:db8:0:1::1")
        let lines = try await server.get("/v1/audit").items
        let counts = lines.map { ($0["clientInfo"]?["ipAddress"]?.text, $0["details"]?["count"]?.integer) }
        #expect(lines.count == 2)
        #expect(counts.contains { $0 == ("2001:db8:0:0::/64", 3) })
        #expect(counts.contains { $0 == ("2001:db8:0:1::/64", 1) })
    }

    @Test func logHasABoundedNumberOfLinesAMinuteAndThenACount() async throws {
        let clock = ManualClock()
        let server = try await TestServer(clock: clock)
        for _ in 0..<500 { _ = try await ask(server, "a-wrong-secret", from: "192.0.2.7") }
        func warnings() -> [RecordingLog.Line] { server.log.lines.filter { $0.level == .warning } }
        #expect(warnings().count == GuessSettings().logLines)
        #expect(
            warnings().first?.metadata["address"] == "192.0.2.7" && warnings().first?.metadata["interface"] == "key")
        clock.advance(by: .seconds(60))
        _ = try await ask(server, "a-wrong-secret", from: "192.0.2.7")
        #expect(warnings().contains { $0.metadata["number"] == "480" })
        #expect(!server.log.lines.contains { "\($0.text) \($0.metadata)".contains("a-wrong-secret") })
    }
}
