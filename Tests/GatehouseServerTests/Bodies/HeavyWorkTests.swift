import Foundation
import GatehouseCore
import NIOCore
import Synchronization
import Testing

@testable import GatehouseServer

/// No body holds up those who ask something else.
@Suite(.timeLimit(.minutes(3))) struct HeavyWorkTests {
    /// Events with as many members as one may have, in a batch.
    private static func request(_ number: Int) -> [UInt8] {
        let members = (0..<9000).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        let events = (0..<4).map { place in
            #"{"specversion":"1.0","id":"\#(number).\#(place)","source":"/p","type":"door.opened","#
                + #""organization":"acme","data":{"details":{\#(members)}}}"#
        }
        let body = Array("[\(events.joined(separator: ","))]".utf8)
        let head = [
            "POST /v1/events HTTP/1.1", "Host: x", HTTPObligation.key, "Content-Type: application/json",
            "Content-Length: \(body.count)", "Connection: close",
        ]
        return Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
    }

    @Test func probesAreAnsweredWhileLargeBodiesAreRead() async throws {
        var settings = ServerSettings()
        settings.port = 0
        let house = try await House(settings: settings)
        // More of them than the machine has cores: each thread that answers would be reading one.
        let posts = ProcessInfo.processInfo.activeProcessorCount + 2
        let answered = Answers()
        let probe = Array("GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8)
        let probes = try await house.live { port in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<posts {
                    group.addTask {
                        let answer = try await exchange(port, [Self.request(number)])
                        answered.note()
                        #expect(answer.hasPrefix("HTTP/1.1 202"), "\(answer.prefix(300))")
                    }
                }
                var probes: [Duration] = []
                while answered.count < posts {
                    let start = ContinuousClock.now
                    let answer = try await exchange(port, [probe])
                    #expect(answer.hasPrefix("HTTP/1.1 200"))
                    if answered.count < posts { probes.append(ContinuousClock.now - start) }
                }
                try await group.waitForAll()
                return probes
            }
        }
        // While the bodies are read, which takes a second and more: without threads of their own next to none.
        #expect(probes.count >= 20, "\(probes.count) probes were answered")
        let median = probes.sorted()[probes.count / 2]
        #expect(median < .milliseconds(50), "half of the probes took \(median) and more")
    }
}

/// Counts answers.
private final class Answers: Sendable {
    private let noted = Atomic(0)
    var count: Int { noted.load(ordering: .relaxed) }
    func note() { noted.add(1, ordering: .relaxed) }
}
