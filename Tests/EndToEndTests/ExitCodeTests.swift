import Foundation
import GatehouseCore
import HTTPTypes
import Hummingbird
import Logging
import Testing

@testable import gatehouse

/// The real binary, ended in every way that its help describes.
@Suite(.serialized) struct ExitCodeTests {
    private typealias Ended = (code: Int32, output: String)

    private func gatehouse(_ arguments: [String], input: String? = nil) async throws -> Ended {
        try await run(GatewayProcess.built("gatehouse").path, arguments, input: input)
    }

    private static let secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

    @Test func everyCodeIsMetAndSaysWhatToDo() async throws {
        try await withGateway { gateway, receiver in
            _ = try await Building.make(at: gateway, for: receiver)
            let here = ["--url", gateway.url, "--key", GatewayProcess.adminKey]
            let settings = gateway.folder.appending(path: "bad.yaml")
            try "port: many\nprot: 1\n".write(to: settings, atomically: true, encoding: .utf8)
            let request = "POST / HTTP/1.1\r\nHost: x\r\n\r\n{}"
            let cases: [(CommandError.Sort?, [String], String?, String)] = [
                (nil, ["organizations", "list"] + here, nil, "acme"),
                (.negative, ["verify", "--secret", Self.secret], request, "not verified"),
                (.usage, ["organizations", "list", "--colour"], nil, "--colour"),
                (.usage, ["doors", "show", "a/b"] + here, nil, "is not an id"),
                (.data, ["send", "door.ajar", "--organization", "acme"] + here, nil, "door.ajar"),
                (.data, ["doors", "show", "nowhere"] + here, nil, "there is no door nowhere"),
                (.input, ["send", "--file", "nowhere.jsonl"] + here, nil, "nowhere.jsonl cannot be opened"),
                (.input, ["doors", "import", "nowhere.csv"] + here, nil, "nowhere.csv"),
                (.input, ["keys", "list", "--authorities", "nowhere.pem"] + here, nil, "nowhere.pem cannot be opened"),
                (
                    .unavailable, ["keys", "list", "--url", "http://127.0.0.1:1", "--key", "k"], nil,
                    "Is the gateway running"
                ),
                (.transfer, ["send", "--file", gateway.folder.path] + here, nil, "reading failed"),
                (.permission, ["keys", "list", "--url", gateway.url, "--key", "gk_no_key"], nil, "GATEHOUSE_KEY"),
                (.configuration, ["config", "--config", settings.path], nil, "port in"),
                (.configuration, ["serve", "--config", settings.path], nil, "prot"),
            ]
            for (sort, arguments, input, word) in cases {
                let ended = try await gatehouse(arguments, input: input)
                #expect(ended.code == sort?.rawValue ?? 0, "\(arguments): \(ended.output)")
                #expect(ended.output.contains(word), "\(arguments): \(ended.output)")
            }
            let met = Set(cases.compactMap(\.0))
            #expect(met.union([.software]) == Set(CommandError.Sort.allCases), "one that is told of and never met")
        }
    }

    /// An alarm that a subscription asks for and cannot get is shown with the field that its contract requires, and the
    /// command ends with 1.
    @Test func statusEndsWithOneWhereAnAlarmCouldNotBeTold() async throws {
        try await withGateway { gateway, receiver in
            let building = try await Building.make(at: gateway, for: receiver)
            let here = ["--url", gateway.url, "--key", GatewayProcess.adminKey]
            let calm = try await gatehouse(["status"] + here)
            #expect(calm.code == 0 && calm.output.contains("nothing needs attention"), "\(calm.output)")
            let other = try await building.curl.created(
                "/v1/subscriptions",
                #"{"name":"rhombus","dialect":"placeos","url":"\#(receiver.url)","organization":"acme"}"#)
            let sent = try await gatehouse(["send", "device.tampered", "--organization", "acme"] + here)
            #expect(sent.code == 0, "\(sent.output)")
            let ended = try await gatehouse(["status", "--json"] + here)
            #expect(ended.code == CommandError.Sort.negative.rawValue, "\(ended.output)")
            let line = ended.output.split(separator: "\n").first { $0.hasPrefix("{") }
            let items = try JSONParser.parse(Array((line ?? "").utf8))["attention"]?.items ?? []
            let subject = "subscriptions/\(other["id"]?.text ?? "")"
            let item = try #require(items.first { $0["subject"]?.text == subject }, "\(ended.output)")
            #expect(item["kind"] == "device.tampered" && item["lacking"] == ["door_id"] && item["count"] == 1)
        }
    }

    @Test func aGatewayThatFailsIsNotTheCallersFault() async throws {
        try await withFailingServer { url in
            let failed = try await gatehouse(["organizations", "list", "--url", url, "--key", "k"])
            #expect(failed.code == 70, "\(failed.output)")
        }
    }

    @Test func anOutputThatCannotBeWrittenIsTold() async throws {
        let binary = GatewayProcess.built("gatehouse").path
        let full = try await run("bash", ["-c", "\"$0\" catalogue > /dev/full", binary])
        #expect(full.code == 74 && full.output.contains("the output could not be written"), "\(full.output)")
        let gone = try await run("bash", ["-c", "set -o pipefail; \"$0\" catalogue | head -n 1", binary])
        #expect(gone.code != 74, "who has read enough may go: \(gone.output)")
    }

    @Test func eventsComeFromAPipeAndAreToldAsJSON() async throws {
        try await withGateway { gateway, receiver in
            let building = try await Building.make(at: gateway, for: receiver)
            let lines = [Building.event("s1"), "{broken", Building.event("s2"), Building.event("s1")]
            let arguments = ["send", "--file", "-", "--json", "--url", gateway.url, "--key", building.source.key]
            let ended = try await gatehouse(arguments, input: lines.joined(separator: "\n"))
            #expect(ended.code == 65 && ended.output.contains("line 2: "), "\(ended.output)")
            let told = ended.output.split(separator: "\n").first { $0.hasPrefix("{") }
            let tally = try JSONParser.parse(Array((told ?? "").utf8))
            #expect(tally == ["new": 2, "duplicates": 1, "deliveries": 2, "refused": 1])
            let again = try await gatehouse(arguments, input: Building.event("s1") + "\n")
            #expect(again.code == 0 && again.output.contains(#""duplicates":1"#), "\(again.output)")
            try await eventually("both arrive") { Set(receiver.sourceIDs.keys) == ["s1", "s2"] }
        }
    }

    /// A server that answers everything with 500.
    private func withFailingServer(_ test: (_ url: String) async throws -> Void) async throws {
        let router = Router()
        router.get("**") { _, _ in Response(status: .internalServerError) }
        let (bound, ready) = AsyncStream<Int>.makeStream()
        let app = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in ready.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "failing") { _ in SwiftLogNoOpLogHandler() })
        let running = Task { try await app.run() }
        defer { running.cancel() }
        for await port in bound {
            try await test("http://127.0.0.1:\(port)")
            return
        }
    }
}
