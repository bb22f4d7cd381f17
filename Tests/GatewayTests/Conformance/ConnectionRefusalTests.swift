internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseGateway
internal import GatehouseServer
internal import HTTPTypes
internal import NIOCore
internal import NIOPosix
import Testing

/// A refusal by the connection's own code has the form of the vendor of the requested path, like every refusal there.
@Suite(.timeLimit(.minutes(2))) struct ConnectionRefusalTests {
    /// A head that the connection refuses.
    private struct Head: Sendable {
        let what: String
        let status: Int
        var host: [String] = ["Host: x"]
        var fields: [String] = ["Content-Length: 0"]
        var target: @Sendable (String) -> String = { $0 }
    }

    private static let heads: [Head] = [
        Head(what: "no Host", status: 400, host: []),
        Head(what: "two Hosts", status: 400, host: ["Host: x", "Host: y"]),
        Head(what: "a Host that is none", status: 400, host: ["Host: a b"]),
        Head(what: "an unknown expectation", status: 417, fields: ["Content-Length: 0", "Expect: tea"]),
        Head(what: "an unknown transfer coding", status: 400, fields: ["Transfer-Encoding: gzip, chunked"]),
        Head(what: "a fragment", status: 400, target: { $0 + "#x" }),
        Head(what: "an absolute target with a user", status: 400, target: { "http://u@x" + $0 }),
        Head(what: "a query", status: 417, fields: ["Expect: tea"], target: { $0 + "?a=/v1/b" }),
        Head(what: "a slash at the end", status: 417, fields: ["Expect: tea"], target: { $0 + "/" }),
    ]

    /// The paths of the operations, and one that no operation has below each root.
    private static func paths(_ dialect: any Dialect) -> Set<String> {
        let patterns = (dialect.manage?.routes ?? []).map { route in
            "/" + route.pattern.split(separator: "/").map { $0.hasPrefix("{") ? "1" : $0 }.joined(separator: "/")
        }
        return Set(patterns + (dialect.manage?.roots ?? []).map { $0 + "/no/such/path" })
    }

    @Test func refusedHeadHasTheVendorsForm() async throws {
        var tried = 0
        try await LiveGateway.with(Dialects.all) { gateway in
            for dialect in Dialects.all {
                for path in Self.paths(dialect) {
                    for head in Self.heads {
                        let answer = try await Self.say("POST", path, head, to: gateway.base)
                        let isRight = VendorAPIs.isRefusal(answer, of: dialect.name.text, head.status)
                        #expect(isRight, "\(dialect.name) \(path) \(head.what): \(answer.status) \(answer.text)")
                        #expect(answer.field("connection") == "close")
                        tried += 1
                    }
                }
            }
            for path in ["/v1/events", "/v1/nothing", "/oauth2/token", "/apis", "/"] {
                for head in Self.heads {
                    let answer = try await Self.say("POST", path, head, to: gateway.base)
                    #expect(answer.status == head.status, "\(path) \(head.what)")
                    #expect(answer.field("content-type") == "application/problem+json", "\(path) \(head.what)")
                }
            }
        }
        #expect(tried > 200, "\(tried)")
    }

    @Test func refusedConnectionHasTheVendorsForm() async throws {
        try await LiveGateway.with(Dialects.all) {
            $0.server.connectionsPerAddress = 0
        } _: { gateway in
            for dialect in Dialects.all {
                for path in Self.paths(dialect) {
                    let head = Head(what: "a connection too many", status: 503)
                    let answer = try await Self.say("GET", path, head, to: gateway.base)
                    let isRight = VendorAPIs.isRefusal(answer, of: dialect.name.text, 503)
                    #expect(isRight, "\(dialect.name) \(path): \(answer.status) \(answer.text)")
                    #expect(answer.field("retry-after") == "5")
                }
            }
        }
    }

    /// A coding of an unread body is not a fault of its type, for which some contracts have a word.
    @Test func unsupportedCodingIs415InTheVendorsForm() async throws {
        try await VendorAPIs.each(where: { $0.route.takesBody }) { apis, operation, request in
            var headers: HTTPFields = [.contentType: "application/json"]
            for coding in ["br", "deflate", "gzip, gzip"] {
                headers[.contentEncoding] = coding
                let answer = try await apis.gateway.send(
                    request.method, request.target, key: request.key, headers: headers,
                    body: request.body?.bytes ?? [])
                #expect(answer.status == 415, "\(operation) \(coding): \(answer.status) \(answer.text)")
                #expect(answer.field("accept-encoding") == "gzip", "\(operation)")
                let hasForm = VendorAPIs.hasForm(answer, of: operation.vendor.name)
                #expect(hasForm && answer.text.contains("gzip"), "\(operation): \(answer.text)")
            }
        }
    }

    // MARK: Words

    /// Advice to a contract's clients contains no native name that the contract spells differently or does not have.
    @Test func adviceUsesTheContractsNames() throws {
        let names = [
            "privacyLevel", "standardSignature", "extraHeaders", "expiresAt", "tls.verification", "settings.events",
            "settings.description", "settings.doors",
        ]
        for dialect in Dialects.all {
            guard let api = dialect.manage else { continue }
            let declared = Set(api.routes.flatMap { $0.body?.names ?? [] })
            for name in names {
                let bare = name.hasPrefix("settings.") ? String(name.dropFirst("settings.".count)) : name
                let own = [api.words[name], bare].compactMap(\.self).first { declared.contains($0) }
                let word = own ?? "\(name) (a field of /v1)"
                let told = api.worded("make the \(name) of it 1 first, or \(name).")
                #expect(told == "make the \(word) of it 1 first, or \(word).", "\(dialect.name)")
            }
            for word in api.words.values { #expect(declared.contains(word), "\(dialect.name) has no \(word)") }
            let plain = "use gatehouse.example, Door 1.5 and iPhone."
            #expect(api.worded(plain) == plain)
        }
    }

    /// The refusal of a lower key names the field that it can change there.
    @Test(arguments: VendorClient.all.filter(\.hasView))
    func lowerKeyIsToldTheNameToChange(_ vendor: VendorClient) async throws {
        try await VendorClient.withGateway { gateway in
            var body = try #require(vendor.body("https://receiver.example/in").object)
            if vendor.name == "prodatakey" { body["secrecyLevel"] = 0 }
            let path = try await vendor.make(gateway, .object(body))
            let made = try await gateway.make(
                "/v1/keys", ["name": "K", "role": "manager", "organization": "acme", "privacyLevel": 1])
            let key = try #require(made["key"]?.text)
            body["url"] = "https://elsewhere.example/in"
            let answer = try await gateway.put(path, .object(body), key: key)
            #expect(answer.status == 403, "\(answer.text)")
            let word =
                ["prodatakey": "make the secrecyLevel of", "oneupvision": "make the privacyLevel of"][vendor.name]
                ?? "make the privacyLevel (a field of /v1) of"
            #expect(answer.text.contains(word), "\(answer.text)")
            #expect(answer.text.contains("privacyLevel") == (vendor.name != "prodatakey"), "\(answer.text)")
        }
    }
}

extension ConnectionRefusalTests {
    /// Sends a head over one connection and reads until the gateway closes it.
    private static func say(
        _ method: String, _ path: String, _ head: Head, to base: String
    ) async throws -> LiveGateway.Client.Answer {
        let url = try #require(TargetURL(base))
        let lines = ["\(method) \(head.target(path)) HTTP/1.1"] + head.host + head.fields
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: url.host, port: url.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: lines.joined(separator: "\r\n") + "\r\n\r\n"))
            var answer = ""
            for try await buffer in inbound { answer += String(buffer: buffer) }
            return try parsed(answer)
        }
    }

    private static func parsed(_ answer: String) throws -> LiveGateway.Client.Answer {
        let end = try #require(answer.firstRange(of: "\r\n\r\n"), "\(answer)")
        let lines = answer[..<end.lowerBound].split(separator: "\r\n")
        var headers = HTTPFields()
        for line in lines.dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1)
            if let name = HTTPField.Name(String(pair[0])) { headers[name] = String(pair[1].dropFirst()) }
        }
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return LiveGateway.Client.Answer(
            status: try #require(status), headers: headers, body: Array(answer[end.upperBound...].utf8))
    }
}
