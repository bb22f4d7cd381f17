import Foundation
import GatehouseCore
import Testing

/// Every bound that the API's page calls a setting, set by its flag and tested from both sides with the real curl.
@Suite struct BoundTests {
    private static let flags = [
        "--bounds-event-bytes", "4096", "--bounds-batch-events", "2", "--bounds-batch-bytes", "8192",
        "--bounds-depth", "60", "--bounds-header-fields", "12", "--bounds-header-bytes", "2048",
        "--bounds-waiting-polls", "0", "--bounds-event-streams", "0", "--keep-events", "7d",
    ]

    private static func event(_ id: String, details: String = "{}") -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"/s","type":"door.opened","organization":"acme","#
            + #""data":{"details":\#(details)}}"#
    }

    /// Details that make an event this deep.
    private static func nested(_ depth: Int) -> String {
        let below = depth - 3
        return #"{"a":"# + String(repeating: "[", count: below) + String(repeating: "]", count: below) + "}"
    }

    private static func headers(_ count: Int, bytes: Int) -> [String] {
        (0..<count).flatMap { ["-H", "x-filler-\($0): \(String(repeating: "x", count: bytes))"] }
    }

    @Test func eachBoundIsASettingAndIsHonoured() async throws {
        let gateway = try GatewayProcess()
        try await gateway.start(Self.flags)
        let curl = Curl(url: gateway.url)
        try await curl.created("/v1/organizations", #"{"id":"acme","name":"Acme"}"#)
        func post(_ body: String, _ wanted: Int) async throws {
            let answer = try await curl.post("/v1/events", body)
            #expect(answer.status == wanted, "\(answer.text)")
        }
        let filler = { (count: Int) in #"{"x":"\#(String(repeating: "x", count: count))"}"# }
        try await post(Self.event("large", details: filler(3000)), 202)
        try await post(Self.event("larger", details: filler(4096)), 413)
        try await post("[\(Self.event("1")),\(Self.event("2"))]", 202)
        try await post("[\(Self.event("3")),\(Self.event("4")),\(Self.event("5"))]", 413)
        try await post("[\(Self.event("6"))]" + String(repeating: " ", count: 8192), 413)
        try await post(Self.event("deep", details: Self.nested(60)), 202)
        try await post(Self.event("deeper", details: Self.nested(61)), 413)
        let feed = try await run(
            "curl",
            ["-sS", "-H", "Authorization: Bearer \(GatewayProcess.adminKey)", gateway.url + "/v1/events?limit=9"])
        #expect(feed.output.contains(#""id":"deep""#), "what may be sent can be read: \(feed.output.prefix(500))")

        for (headers, wanted) in [
            (Self.headers(4, bytes: 10), "200"), (Self.headers(13, bytes: 10), "431"),
            (Self.headers(2, bytes: 500), "200"),
            (Self.headers(3, bytes: 700), "431"),
        ] {
            let arguments = ["-sS", "-o", "/dev/null", "-w", "%{http_code}"] + headers + [gateway.url + "/livez"]
            #expect(try await run("curl", arguments).output == wanted)
        }
        let cursor = try await curl.get("/v1/events?kind=organization.created").body["next"]?.text ?? ""
        #expect(try await curl.get("/v1/events?after=\(cursor)&wait=1s").status == 503)
        #expect(try await curl.get("/v1/events/stream").status == 503)
        #expect(await gateway.stop() == 0)
        await gateway.remove()
    }
}
