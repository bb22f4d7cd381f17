import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// A vendor's manage API as it is served: its clients get what its table says, always in the vendor's form.
@Suite struct VendorRouteTests {
    private static let path = "/plain/acme/wishes"
    private static let wish: JSON = ["name": "Ours", "url": "https://receiver.example/in"]

    private func field(_ answer: TestAnswer, _ name: String) -> String? {
        HTTPField.Name(name).flatMap { answer.headers[$0] }
    }

    private func expectRefusal(_ answer: TestAnswer, _ status: Int, fields: [String] = []) {
        #expect(answer.status == status, "\(answer.text)")
        #expect(answer.headers[.contentType] == "application/json")
        #expect(answer.json?["no"]?.text?.isEmpty == false)
        #expect(answer.json?["fields"]?.items?.compactMap(\.text) == fields)
    }

    @Test func resourceOfAVendorsInterfaceIsShownNativelyAndBack() async throws {
        let server = try await TestServer()
        let made = try await server.post(Self.path, Self.wish)
        #expect(made.status == 201)
        let id = try #require(made.json?["made"]?.text)
        #expect(try await server.get("/v1/subscriptions/\(id)").json?["dialect"] == "plain")
        _ = try await server.post(
            "/v1/subscriptions",
            ["name": "Theirs", "url": "https://receiver.example", "dialect": "plain", "organization": "acme"])
        #expect(Set(try await server.get(Self.path).json?.items ?? []) == ["Ours", "Theirs"])
        #expect(try await server.get(Self.path + "?loud=1").json?.items?.contains("OURS") == true)
        #expect(try await server.get(Self.path).headers[.location] == "http://127.0.0.1:8080" + Self.path)
        #expect(try await server.get("/plain/acme-north/wishes").json == [])
    }

    @Test func pageTextIsEscaped() async throws {
        let server = try await TestServer()
        _ = try await server.post(Self.path, Self.wish)
        let answer = try await server.post("/plain/acme/trials", "no object is asked for")
        #expect(answer.status == 200)
        #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
        #expect(field(answer, "X-Content-Type-Options") == "nosniff")
        #expect(field(answer, "Content-Security-Policy") == "default-src 'none'; sandbox")
        #expect(answer.text == "&lt;b&gt;&amp;&quot;nothing&quot;&lt;/b&gt;no program is there")
    }

    @Test func refusalsOfEveryPartHaveTheVendorsForm() async throws {
        let server = try await TestServer()
        let reporter = try await server.credential(.reporter)
        let source = try await server.credential(.source)
        expectRefusal(try await server.get(Self.path, nil), 401)
        expectRefusal(try await server.get(Self.path, "gk_0_0"), 401)
        expectRefusal(try await server.post(Self.path, Self.wish, reporter), 403)
        expectRefusal(try await server.get(Self.path, source), 403)
        expectRefusal(try await server.get("/plain/other/wishes", reporter), 403)
        expectRefusal(try await server.get("/plain/never/wishes", reporter), 403)
        expectRefusal(try await server.get("/plain/never/wishes"), 404)
        expectRefusal(try await server.get(Self.path + "?loud=1&LOUD=1"), 400, fields: ["loud"])
        expectRefusal(try await server.get("/plain/acme/nothing/at/all"), 404)
        expectRefusal(try await server.send(TestRequest(.patch, Self.path)), 405)
        expectRefusal(try await server.get(Self.path + "?" + String(repeating: "x", count: 9000)), 414)
        expectRefusal(try await server.get("/plain/broken"), 500)
        expectRefusal(try await server.post(Self.path, ["name": 5]), 400, fields: ["name", "url"])
        let text = TestRequest(.post, Self.path, type: "text/plain", "{}")
        expectRefusal(try await server.send(text), 415, fields: ["content-type"])
        let broken = TestRequest(.post, Self.path, type: "application/json", "{\"name\":")
        #expect(try await server.send(broken).status == 400)
        #expect(server.parts.subscriptions.index.all.isEmpty)
    }

    @Test func storeOutageIs503InTheVendorsForm() async throws {
        let server = try await TestServer()
        server.gate.goAway()
        let answer = try await server.post(Self.path, Self.wish)
        expectRefusal(answer, 503)
        #expect(answer.headers[.retryAfter] == "1")
    }

    @Test func everyAnswerHasTheRateAndTooManyAre429() async throws {
        let server = try await TestServer()
        let credential = try await server.credential(.manager)
        for remaining in [4, 3, 2, 1, 0] {
            let path = remaining == 2 ? "/plain/never/wishes" : Self.path
            let answer = try await server.get(path, credential)
            #expect(field(answer, "X-RateLimit-Limit") == "5")
            #expect(field(answer, "X-RateLimit-Remaining") == "\(remaining)")
            #expect(field(answer, "X-RateLimit-Reset") == "1773216990")
        }
        let refused = try await server.get(Self.path, credential)
        expectRefusal(refused, 429)
        #expect(refused.headers[.retryAfter] != nil)
        #expect(try await server.get(Self.path).status == 200, "another key has a rate of its own")
    }
}
