import Foundation
import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// No body and no page delays the callers of other requests: while the threads for heavy work are blocked, all heavy
/// work waits there, and everything else is answered.
@Suite(.timeLimit(.minutes(1))) struct HeavyBodyTests {
    private func until(_ condition: () -> Bool) async { while !condition(), !Task.isCancelled { await Task.yield() } }

    /// More than the machine has cores: each thread that answers would have one.
    fileprivate static let callers = ProcessInfo.processInfo.activeProcessorCount + HeavyWork.places

    /// Requests of callers that take long.
    enum Burden: String, CaseIterable, Sendable {
        case event, batch, lines, gzip, object, vendors, page, list, shown

        fileprivate var line: KeyPath<HeavyLines, HeavyWork> {
            switch self {
            case .event, .batch, .lines, .object, .vendors: \.bodies
            case .gzip: \.decoding
            case .page, .list, .shown: \.pages
            }
        }

        /// Pages of one key are read one after the other, so there is one.
        fileprivate var callers: Int { self == .page ? 1 : HeavyBodyTests.callers }

        fileprivate var held: Int { min(callers, HeavyWork.places) }

        fileprivate var status: Int {
            switch self {
            case .event, .batch, .lines, .gzip: 202
            // They name a subscription that does not exist.
            case .object: 422
            case .vendors: 400
            case .page, .list, .shown: 200
            }
        }
    }

    private static let noise: String = {
        var random = SeededRandom(seed: 11)
        return String((0..<HeavyWork.begins).map { _ in "abcdefghijklmnop".randomElement(using: &random) ?? "a" })
    }()

    private static func event(_ id: String, _ note: String) -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"/p","type":"door.opened","organization":"acme","#
            + #""data":{"details":{"note":"\#(note)"}}}"#
    }

    private static func request(_ burden: Burden, _ number: Int) -> [UInt8] {
        let small = (0..<400).map { event("\(number).\($0)", String(repeating: "n", count: 100)) }
        return switch burden {
        case .event: post("/v1/events", event("\(number)", noise))
        case .batch: post("/v1/events", "[\(small.joined(separator: ","))]")
        case .lines: post("/v1/events", small.joined(separator: "\n"), ["Content-Type: application/x-ndjson"])
        case .gzip:
            post(
                "/v1/events", Gzip.member(event("\(number)", noise)),
                ["Content-Type: application/json", "Content-Encoding: gzip"])
        case .object: post("/v1/subscriptions", #"{"name":"\#(noise)"}"#)
        case .vendors: post("/plain/acme/wishes", #"{"name":"\#(noise)"}"#)
        case .page: get("/v1/events")
        case .list: get("/v1/doors")
        case .shown: get("/v1/events/\(EventID.fixed(at: ManualClock().now, 1))")
        }
    }

    private static func get(_ path: String, _ key: String = HTTPObligation.key) -> [UInt8] {
        Array("GET \(path) HTTP/1.1\r\nHost: x\r\n\(key)\r\nConnection: close\r\n\r\n".utf8)
    }

    private static func post(
        _ path: String, _ body: String, _ fields: [String] = ["Content-Type: application/json"]
    ) -> [UInt8] { post(path, Array(body.utf8), fields) }

    private static func post(_ path: String, _ body: [UInt8], _ fields: [String]) -> [UInt8] {
        let head = ["POST \(path) HTTP/1.1", "Host: x", HTTPObligation.key, "Content-Length: \(body.count)"]
        let lines = head + fields + ["Connection: close"]
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
    }

    private static func server(_ threads: StandingThreads) async throws -> TestServer {
        var settings = ServerSettings()
        settings.port = 0
        let server = try await TestServer(settings: settings, heavy: threads)
        try await server.keep(server.event(1, data: ["details": ["note": .string(noise)]]))
        let panel = Panel(id: PanelID("p-acme"), organization: OrganizationID("acme"), name: "Panel", number: 7)
        for number in 2..<1100 {
            let door = Door(id: DoorID("d\(number)"), panel: panel, number: Int64(number), name: "Door")
            try await server.parts.directory.apply(Change(.add, .door(door)), through: server.intake)
        }
        return server
    }

    @Test(arguments: Burden.allCases) func onlyHeavyWorkWaitsWhileItsThreadsAreBusy(_ burden: Burden) async throws {
        let threads = StandingThreads()
        let server = try await Self.server(threads)
        let work = server.parts.heavy[keyPath: burden.line]
        try await server.live { port in
            try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<burden.callers {
                    group.addTask { try await exchange(port, [Self.request(burden, number)]) }
                }
                await until { threads.held == burden.held && threads.held + work.waiting == burden.callers }
                for _ in 0..<Self.callers {
                    let probe = try await exchange(port, [Self.get("/livez", "Accept: */*")])
                    #expect(probe.hasPrefix("HTTP/1.1 200"))
                    let event = try await exchange(port, [Self.post("/v1/events", Self.event("small", "n"))])
                    #expect(event.hasPrefix("HTTP/1.1 202"), "\(event)")
                }
                #expect(threads.held == burden.held, "none of them is done meanwhile")
                threads.letGo()
                for try await answer in group {
                    #expect(answer.hasPrefix("HTTP/1.1 \(burden.status)"), "\(burden): \(answer.prefix(300))")
                }
            }
        }
    }

    @Test func largeBatchIsProcessedOnTheHeavyThreads() async throws {
        let threads = StandingThreads()
        threads.letGo()
        let server = try await Self.server(threads)
        for burden in [Burden.batch, .event] {
            try await server.live { port in
                let answer = try await exchange(port, [Self.request(burden, 1)])
                #expect(answer.hasPrefix("HTTP/1.1 202"), "\(answer.prefix(300))")
            }
            #expect(server.intake.executors.value.last == .some(threads.asUnownedTaskExecutor()))
        }
        _ = try await server.send(TestRequest(.post, "/v1/events", type: "application/json", Self.event("s", "n")))
        #expect(server.intake.executors.value.last == .some(nil), "what is small is taken where it came")
    }
}
