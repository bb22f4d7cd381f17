import GatehouseCore
import NIOCore
import Testing

@testable import GatehouseDelivery

/// R8: receivers that misbehave, each with the right outcome and its time limit.
@Suite(.serialized) struct HostileReceiverTests {
    /// One way to misbehave.
    struct Behaviour: Sendable, CustomTestStringConvertible {
        let name: String
        let steps: [ScriptedServer.Step]
        let expected: Expected
        var on = ScriptedServer.Trigger.request

        var testDescription: String { name }
    }

    enum Expected: Sendable {
        case status(Int)
        case broken
        /// Whether the reset comes before or after the connection is reported is the kernel's choice.
        case cut
        case timedOut(Outcome.Phase)

        func accepts(_ outcome: Outcome) -> Bool {
            switch (self, outcome) {
            case (.status(let status), .answered(let answer)): answer.status == status && answer.excerpt.count <= 1024
            case (.broken, .broken), (.cut, .broken), (.cut, .unreachable): true
            case (.timedOut(let phase), .timedOut(let met)): phase == met
            case (.status, _), (.broken, _), (.cut, _), (.timedOut, _): false
            }
        }
    }

    static let head = "HTTP/1.1 200 OK\r\n"
    static let kib = String(repeating: "a", count: 1024)

    static let behaviours: [Behaviour] = heads + framings + bodies + cuts

    static let heads: [Behaviour] = [
        Behaviour(name: "silence", steps: [], expected: .timedOut(.answer)),
        Behaviour(
            name: "slow-loris head", steps: [.drip(head + "X: " + kib, every: .milliseconds(20))],
            expected: .timedOut(.answer)),
        Behaviour(name: "a head that stops", steps: [.write(head + "X: 1\r\n")], expected: .timedOut(.answer)),
        Behaviour(name: "endless header", steps: [.write(head + "X: "), .endless(kib)], expected: .status(200)),
        Behaviour(name: "endless fields", steps: [.write(head), .endless("A: b\r\n")], expected: .status(200)),
        Behaviour(name: "endless reason", steps: [.write("HTTP/1.1 200 "), .endless(kib)], expected: .broken),
        Behaviour(
            name: "65 KiB of header", steps: [.write(head + "X: " + String(repeating: kib, count: 65) + "\r\n\r\n")],
            expected: .status(200)),
        Behaviour(
            name: "201 fields", steps: [.write(head + String(repeating: "A: b\r\n", count: 201) + "\r\n")],
            expected: .status(200)),
        Behaviour(name: "bad status line", steps: [.write("HTTP/1.1 OK 200\r\n\r\n")], expected: .broken),
        Behaviour(name: "status 99", steps: [.write("HTTP/1.1 099 Low\r\n\r\n")], expected: .broken),
        Behaviour(name: "status of four digits", steps: [.write("HTTP/1.1 2000 OK\r\n\r\n")], expected: .broken),
        Behaviour(name: "negative status", steps: [.write("HTTP/1.1 -20 OK\r\n\r\n")], expected: .broken),
        Behaviour(name: "HTTP/2 preface", steps: [.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")], expected: .broken),
        Behaviour(name: "HTTP/0.9", steps: [.write("<html>hello</html>\n")], expected: .broken),
        Behaviour(name: "another protocol", steps: [.write("220 mail ESMTP\r\n")], expected: .broken, on: .connection),
        Behaviour(name: "garbage", steps: [.bytes((0...255).map { UInt8($0) })], expected: .broken),
        Behaviour(name: "TLS alert", steps: [.bytes([0x15, 3, 1, 0, 2, 2, 70])], expected: .broken),
        Behaviour(
            name: "non-ASCII fields",
            steps: [.bytes(Array(head.utf8) + Array("X: \u{e9}".utf8) + [0xFF, 0x80, 13, 10, 13, 10]), .close],
            expected: .status(200)),
        Behaviour(
            name: "non-ASCII name", steps: [.bytes(Array(head.utf8) + [0xE9, 58, 49, 13, 10, 13, 10])],
            expected: .status(200)),
        Behaviour(
            name: "NUL in a field", steps: [.bytes(Array(head.utf8) + Array("X: a\0b\r\n\r\n".utf8))],
            expected: .status(200)),
        Behaviour(name: "folded field", steps: [.write(head + "X: a\r\n b\r\n\r\n")], expected: .status(200)),
        Behaviour(
            name: "space before the colon", steps: [.write(head + "Content-Length : 0\r\n\r\n")],
            expected: .status(200)),
        Behaviour(name: "stray carriage return", steps: [.write(head + "X: a\rb\r\n\r\n")], expected: .status(200)),
        Behaviour(name: "field without a name", steps: [.write(head + ": a\r\n\r\n")], expected: .status(200)),
        Behaviour(name: "field without a colon", steps: [.write(head + "hello\r\n\r\n")], expected: .status(200)),
        // RFC 9112 §2.2 allows a reader to accept a lone line feed as a line's end.
        Behaviour(
            name: "lone line feeds", steps: [.write("HTTP/1.1 200 OK\nContent-Length: 0\n\n")], expected: .status(200)),
    ]

    static let framings: [Behaviour] = [
        Behaviour(
            name: "1xx flood", steps: [.endless("HTTP/1.1 100 Continue\r\n\r\n")], expected: .broken),
        Behaviour(
            name: "a few 1xx and an answer",
            steps: [
                .write("HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + head),
                .write("Content-Length: 0\r\n\r\n"),
            ], expected: .status(200)),
        Behaviour(
            name: "101", steps: [.write("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\nxxxx")], expected: .broken),
        Behaviour(
            name: "redirect to itself",
            steps: [.write("HTTP/1.1 307 Again\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")],
            expected: .status(307)),
        Behaviour(
            name: "two lengths", steps: [.write(head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab")],
            expected: .status(200)),
        Behaviour(
            name: "negative length", steps: [.write(head + "Content-Length: -1\r\n\r\n")], expected: .status(200)),
        Behaviour(
            name: "length of words", steps: [.write(head + "Content-Length: many\r\n\r\n")], expected: .status(200)),
        Behaviour(
            name: "listed lengths", steps: [.write(head + "Content-Length: 1, 1\r\n\r\na")], expected: .status(200)),
        Behaviour(
            name: "length over 64 bits",
            steps: [.write(head + "Content-Length: 99999999999999999999999\r\n\r\n")], expected: .status(200)),
        // RFC 9112 §6.3 says that such an answer ought to be handled as an error: the connection is given up.
        Behaviour(
            name: "both framings",
            steps: [.write(head + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")],
            expected: .status(200)),
        Behaviour(
            name: "an unknown coding", steps: [.write(head + "Transfer-Encoding: gzip\r\n\r\nxx"), .close],
            expected: .status(200)),
    ]

    static let bodies: [Behaviour] = [
        Behaviour(
            name: "slow-loris body",
            steps: [.write(head + "Content-Length: 9999\r\n\r\n"), .drip(kib, every: .milliseconds(20))],
            expected: .status(200)),
        Behaviour(
            name: "a body that never comes", steps: [.write(head + "Content-Length: 9\r\n\r\n")], expected: .status(200)
        ),
        Behaviour(name: "endless body", steps: [.write(head + "\r\n"), .endless(kib)], expected: .status(200)),
        Behaviour(
            name: "10 GB body", steps: [.write(head + "Content-Length: 10000000000\r\n\r\n"), .endless(kib)],
            expected: .status(200)),
        Behaviour(
            name: "gzip bomb",
            steps: [.write(head + "Content-Encoding: gzip\r\n\r\n"), .endless("\u{1f}" + kib)], expected: .status(200)),
        Behaviour(
            name: "endless chunks",
            steps: [.write(head + "Transfer-Encoding: chunked\r\n\r\n"), .endless("1\r\na\r\n")], expected: .status(200)
        ),
        Behaviour(
            name: "endless chunk extension",
            steps: [.write(head + "Transfer-Encoding: chunked\r\n\r\n1;"), .endless(kib)], expected: .status(200)),
        Behaviour(
            name: "endless trailers",
            steps: [.write(head + "Transfer-Encoding: chunked\r\n\r\n0\r\n"), .endless("A: b\r\n")],
            expected: .status(200)),
        Behaviour(
            name: "chunk of no size", steps: [.write(head + "Transfer-Encoding: chunked\r\n\r\n\r\nabc")],
            expected: .status(200)),
        Behaviour(
            name: "chunk size over 64 bits",
            steps: [.write(head + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffffffff\r\n")],
            expected: .status(200)),
        Behaviour(
            name: "chunk longer than it says",
            steps: [.write(head + "Transfer-Encoding: chunked\r\n\r\n2\r\nabcdef\r\n0\r\n\r\n")], expected: .status(200)
        ),
        Behaviour(
            name: "body on a 204", steps: [.write("HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\nhello")],
            expected: .status(204)),
        Behaviour(
            name: "more than the length", steps: [.write(head + "Content-Length: 1\r\n\r\n" + kib)],
            expected: .status(200)),
    ]

    static let cuts: [Behaviour] = [
        Behaviour(name: "close at connection", steps: [.close], expected: .broken, on: .connection),
        Behaviour(name: "reset at connection", steps: [.reset], expected: .cut, on: .connection),
        Behaviour(name: "close without answer", steps: [.close], expected: .broken),
        Behaviour(name: "half-close without answer", steps: [.halfClose], expected: .broken),
        Behaviour(name: "reset without answer", steps: [.reset], expected: .broken),
        Behaviour(name: "close in the head", steps: [.write("HTTP/1.1 20"), .close], expected: .broken),
        Behaviour(name: "reset in the fields", steps: [.write(head + "X: "), .reset], expected: .broken),
        Behaviour(
            name: "close in the body", steps: [.write(head + "Content-Length: 9\r\n\r\nabc"), .close],
            expected: .status(200)),
        Behaviour(
            name: "close in a chunk", steps: [.write(head + "Transfer-Encoding: chunked\r\n\r\n9\r\nabc"), .close],
            expected: .status(200)),
        Behaviour(
            name: "answer before the request",
            steps: [.write(head + "Content-Length: 0\r\n\r\n")], expected: .status(200), on: .connection),
    ]

    @Test(arguments: behaviours)
    func aHostileReceiverCostsItsTimeAndNoMore(_ behaviour: Behaviour) async throws {
        let server = try await ScriptedServer(on: behaviour.on) { _, _ in behaviour.steps }
        let bench = try Workbench()
        let (outcome, took) = try await timed {
            try await bench.send("http://127.0.0.1:\(server.port)/", within: .milliseconds(500))
        }
        #expect(behaviour.accepts(outcome), "\(outcome)")
        #expect(took < .seconds(3))
        if !behaviour.keepsConnection { #expect(await becomes { server.counts.open == 0 }) }
        #expect(server.counts.bytesWritten < 64 << 20)
    }

    @Test func thereAreEnoughOfThem() {
        #expect(Self.behaviours.count >= 50)
        #expect(Set(Self.behaviours.map(\.name)).count == Self.behaviours.count)
    }

    @Test func aReceiverThatReadsNothingEndsTheWriting() async throws {
        let server = try await ScriptedServer(readsRequests: false) { _, _ in [] }
        let body = String(repeating: "x", count: 32 << 20)
        let (outcome, took) = try await timed {
            try await Workbench().send("http://127.0.0.1:\(server.port)/", body: body, within: .milliseconds(500))
        }
        #expect(outcome == .timedOut(.write))
        #expect(took < .seconds(3))
    }

    @Test func anAnswerBeforeALongRequestIsOutCounts() async throws {
        let server = try await ScriptedServer(on: .connection, readsRequests: false) { _, _ in
            [.write("HTTP/1.1 413 Too Long\r\nContent-Length: 0\r\n\r\n")]
        }
        let body = String(repeating: "x", count: 32 << 20)
        let outcome = try await Workbench().send("http://127.0.0.1:\(server.port)/", body: body)
        #expect(outcome.status == 413)
        #expect(await becomes { server.counts.open <= 1 })
    }

    @Test func hostileReceiversDoNotHoldUpAGoodOne() async throws {
        let bad = try await ScriptedServer { _, _ in [] }
        let good = try await ScriptedServer { _, _ in [.write(HTTPSinkTests.ok)] }
        let bench = try Workbench()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 1...100 {
                group.addTask {
                    let outcome = try await bench.send("http://127.0.0.1:\(bad.port)/", within: .seconds(2))
                    #expect(outcome == .timedOut(.answer))
                }
            }
            let (outcome, took) = try await timed {
                try await bench.send("http://127.0.0.1:\(good.port)/", within: .seconds(2))
            }
            #expect(outcome.status == 200)
            #expect(took < .seconds(1))
            try await group.waitForAll()
        }
    }
}

extension HostileReceiverTests.Behaviour {
    func accepts(_ outcome: Outcome) -> Bool { expected.accepts(outcome) }

    /// The few that end so well that the connection may be used again.
    var keepsConnection: Bool {
        ["a few 1xx and an answer", "redirect to itself", "answer before the request"].contains(name)
    }
}
