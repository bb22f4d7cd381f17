import Foundation
import GatehouseCore
import Testing

/// A person is blanked by the real command, and by the next start if the gateway was killed meanwhile.
@Suite struct ErasureTests {
    private static func event(_ id: Int, of person: String = "31") -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"/s","type":"access.granted","organization":"acme","#
            + #""data":{"person":{"id":"\#(person)","firstName":"Ana"},"credential":{"form":"card","number":"4711"}}}"#
    }

    private static func feed(_ gateway: GatewayProcess) async throws -> String {
        let arguments = ["-sS", "-H", "Authorization: Bearer \(GatewayProcess.adminKey)"]
        return try await run("curl", arguments + [gateway.url + "/v1/events?limit=500&kind=access.*"]).output
    }

    private static func erase(_ gateway: GatewayProcess, _ arguments: [String]) async throws -> (Int32, String) {
        let command = GatewayProcess.built("gatehouse").path
        let told = try await run(
            command,
            [
                "persons", "erase", "31", "--organization", "acme", "--url", gateway.url, "--key",
                GatewayProcess.adminKey,
            ]
                + arguments)
        return (told.code, told.output)
    }

    @Test func theCommandCountsAsksAndBlanks() async throws {
        let gateway = try GatewayProcess()
        try await gateway.start()
        let curl = Curl(url: gateway.url)
        try await curl.created("/v1/organizations", #"{"id":"acme","name":"Acme"}"#)
        let events = (0..<20).map { Self.event($0) } + [Self.event(20, of: "8")]
        #expect(try await curl.post("/v1/events", "[\(events.joined(separator: ","))]").status == 202)
        let counted = try await Self.erase(gateway, ["--dry-run"])
        #expect(counted.0 == 0 && counted.1.contains("20 events mention 31"), "\(counted)")
        let unasked = try await Self.erase(gateway, [])
        #expect(unasked.0 != 0 && unasked.1.contains("--yes"))
        #expect(try await Self.feed(gateway).components(separatedBy: "Ana").count == 22)
        let done = try await Self.erase(gateway, ["--yes", "--json"])
        let json = try JSONParser.parse(Array(done.1.utf8))
        #expect(done.0 == 0 && json["state"] == "ended" && json["events"] == 20, "\(done)")
        let left = try await Self.feed(gateway)
        #expect(left.components(separatedBy: "Ana").count == 2, "the other person's")
        let again = try await curl.post("/v1/events", Self.event(3))
        #expect(again.body["events"]?.items?.first?["duplicate"] == true)
        let audit = try await curl.get("/v1/audit").body["items"]?.items?.filter { $0["deed"] == "erase" }
        #expect(audit?.count == 1)
        #expect(await gateway.stop() == 0)
        await gateway.remove()
    }

    @Test func aKilledGatewayGoesOnWithIt() async throws {
        let gateway = try GatewayProcess()
        try await gateway.start()
        let curl = Curl(url: gateway.url)
        try await curl.created("/v1/organizations", #"{"id":"acme","name":"Acme"}"#)
        for batch in 0..<3 {
            let events = (0..<400).map { Self.event(batch * 400 + $0) }
            let file = gateway.folder.appending(path: "events.json")
            try Data("[\(events.joined(separator: ","))]".utf8).write(to: file)
            #expect(try await curl.post("/v1/events", "@\(file.path)").status == 202)
        }
        #expect(try await curl.post("/v1/persons/31/erase?organization=acme", "{}").status == 202)
        await gateway.kill()
        try await gateway.start()
        let next = Curl(url: gateway.url)
        try await eventually("the erasure has ended") {
            try await next.get("/v1/persons/31/erase?organization=acme").body["state"] == "ended"
        }
        #expect(try await next.get("/v1/persons/31/erase?organization=acme").body["events"] == 1200)
        #expect(try await !Self.feed(gateway).contains("Ana"))
        #expect(await gateway.stop() == 0)
        await gateway.remove()
    }
}
