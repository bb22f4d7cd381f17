import GatehouseControl
import GatehouseCore
import HTTPTypes
import Testing

@testable import GatehouseServer

/// No input of a caller leads to a 5xx (guarantee R11): mutated bodies at every route, from printed seeds.
@Suite struct MalformedInputTests {
    private static let bodies = [
        #"{"specversion":"1.0","id":"1","source":"/p","type":"door.opened","organization":"acme","data":{"door":"d"}}"#,
        #"[{"specversion":"1.0","id":"a","source":"/p","type":"access.denied","organization":"acme","data":{}}]"#,
        #"{"name":"N","dialect":"plain","url":"https://r.example/","organization":"acme","kinds":["d*"],"timeout":1}"#,
        #"{"id":"x","organization":"acme","name":"N","number":4,"panel":"p-acme","role":"reporter","timeZone":"UTC"}"#,
    ]
    private static let types = [
        "application/json", "application/cloudevents+json", "application/cloudevents-batch+json",
        "application/x-ndjson", "application/merge-patch+json", "text/plain", ";", "application/json; charset=\"",
    ]

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func mutatedRequestsAreAnsweredBelow500(seed: UInt64) async throws {
        var random = Dice(state: seed)
        let server = try await TestServer()
        // A stream ends only with the gateway.
        server.parts.commitSignal.close()
        for round in 0..<600 {
            let route = Routes.all.randomElement(using: &random) ?? Routes.all[0]
            let name = ["x", "acme", "1", "d-acme", "%00", "%", "..", "\u{e9}"].randomElement(using: &random) ?? ""
            var request = TestRequest(route.method, route.pattern.replacing(#/\{[a-z]+\}/#, with: name))
            request.headers[.contentType] = Self.types.randomElement(using: &random)
            request.body = Self.mutated(using: &random)
            let answer = try await server.send(request)
            #expect(
                answer.status < 500 || answer.status == 501,
                "seed \(seed) round \(round): \(route.method) \(route.pattern): \(answer.text)")
            guard answer.status >= 400 else { continue }
            if route.pattern == "/oauth2/token" {
                // Its callers get refusals in the form of RFC 6749, not in ours.
                #expect(answer.json?["error"]?.text?.isEmpty == false, "\(answer.text)")
            } else {
                answer.expectProblem(answer.status)
            }
        }
    }

    private static func mutated(using random: inout Dice) -> [UInt8] {
        var bytes = Array((bodies.randomElement(using: &random) ?? "").utf8)
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: place)
            case 1: bytes.removeSubrange(min(place, bytes.count)..<min(place + 5, bytes.count))
            case 2: bytes.insert(contentsOf: Array("[{\"\\u".utf8).shuffled(using: &random), at: place)
            default: bytes.insert(contentsOf: Array("99999999999999999999".utf8), at: place)
            }
        }
        return bytes
    }
}

/// Repeatable random numbers: splitmix64.
struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
