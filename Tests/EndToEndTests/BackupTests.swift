import Foundation
import GatehouseCore
import Testing

/// A backup made under load, and the gateway that is restored from it.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BackupTests {
    private static func store(
        _ gateway: GatewayProcess, _ arguments: [String]
    ) async throws -> (code: Int32, output: String) {
        try await run(
            GatewayProcess.built("gatehouse").path,
            ["store"] + arguments + ["--store", "sqlite:\(gateway.folder.path)/gatehouse.db", "--json"])
    }

    private static func json(_ output: String) throws -> JSON {
        try JSONParser.parse(Array(output.utf8.prefix { $0 != UInt8(ascii: "\n") }))
    }

    /// The callers' ids of all events in the store, read as a feed.
    private static func ids(_ curl: Curl) async throws -> Set<String> {
        var ids: Set<String> = []
        var cursor = "0"
        while true {
            let page = try await curl.get("/v1/events?limit=500&kind=access.*&after=\(cursor)").body
            ids.formUnion((page["events"]?.items ?? []).compactMap { $0["id"]?.text })
            guard let next = page["next"]?.text else { return ids }
            cursor = next
        }
    }

    @Test func eventAcceptedBeforeABackupUnderLoadComesBackFromIt() async throws {
        try await withGateway { gateway, receiver in
            let building = try await Building.make(at: gateway, for: receiver, terms: #","retries":[1,1,1,1,1,1]"#)
            let load = Load()
            let (url, key) = (gateway.url, building.source.key)
            async let posting: Void = load.post(to: url, key: key, round: 1)
            try await eventually("the load is under way") { load.acknowledged.count > 200 }
            let before = load.acknowledged
            let backup = gateway.folder.path + "/backup.db"
            let made = try await Self.store(gateway, ["backup", backup])
            #expect(made.code == 0, "\(made.output)")
            let summary = try Self.json(made.output)
            #expect(summary["sound"] == true && summary["file"]?.text == backup, "\(made.output)")
            let rights = try FileManager.default.attributesOfItem(atPath: backup)[.posixPermissions] as? Int
            #expect(rights == 0o600)
            try await eventually("the gateway goes on") { load.acknowledged.count > before.count + 100 }
            let refused = try await Self.store(gateway, ["restore", backup])
            #expect(refused.code == 69 && refused.output.contains("another gateway has"), "\(refused)")
            await gateway.kill()
            await posting
            let restored = try await Self.store(gateway, ["restore", backup])
            #expect(restored.code == 0, "\(restored.output)")
            try await gateway.start()
            let back = building.moved(to: gateway)
            let kept = try await Self.ids(back.curl)
            #expect(before.isSubset(of: kept), "\(before.subtracting(kept).count) of \(before.count) are missing")
            try await eventually(within: .seconds(60), "nothing is owed any more") {
                let waiting = try await back.curl.get("/v1/deliveries?state=waiting&limit=1")
                let leased = try await back.curl.get("/v1/deliveries?state=leased&limit=1")
                return waiting.body["items"] == [] && leased.body["items"] == []
            }
            #expect(kept.subtracting(receiver.sourceIDs.keys).isEmpty && receiver.bad == 0)
            let repeated = try await back.source.post("/v1/events", Building.event(try #require(before.first)))
            #expect(repeated.body["events"]?.items?.first?["duplicate"] == true)
            let proof = try await back.curl.get("/v1/audit/proof")
            #expect(proof.body["intact"] == true, "\(proof.text)")
        }
    }

    /// Deliveries made after the backup are made again, with the same id, by which receivers drop them.
    @Test func deliveryMadeAfterTheBackupIsRepeatedWithItsID() async throws {
        try await withGateway { gateway, receiver in
            let building = try await Building.make(at: gateway, for: receiver)
            let pause = "/v1/subscriptions/\(building.subscription)/pause"
            #expect(try await building.curl.post(pause, "").status == 200)
            try await building.source.post("/v1/events", Building.event("e1"))
            let backup = gateway.folder.path + "/backup.db"
            #expect(try await Self.store(gateway, ["backup", backup]).code == 0)
            try await building.curl.post("/v1/subscriptions/\(building.subscription)/resume", "")
            try await eventually("it is delivered") { receiver.sourceIDs["e1"] == 1 }
            #expect(await gateway.stop() == 0)
            #expect(try await Self.store(gateway, ["restore", backup]).code == 0)
            try await gateway.start()
            try await building.moved(to: gateway).curl.post(
                "/v1/subscriptions/\(building.subscription)/resume", "")
            try await eventually("it is delivered again") { receiver.sourceIDs["e1"] == 2 }
            #expect(receiver.verified.count == 1, "one webhook-id")
        }
    }

    @Test func theExitCodesTellWhy() async throws {
        try await withGateway { gateway, _ in
            let folder = gateway.folder.path
            let backup = folder + "/backup.db"
            #expect(try await Self.store(gateway, ["backup", backup]).code == 0)
            let again = try await Self.store(gateway, ["backup", backup])
            #expect(again.code == 65 && again.output.contains("--force replaces it"), "\(again)")
            #expect(try await Self.store(gateway, ["backup", backup, "--force"]).code == 0)
            let sound = try await Self.store(gateway, ["check", backup, "--whole"])
            #expect(try sound.code == 0 && Self.json(sound.output)["sound"] == true, "\(sound)")
            #expect(try await Self.store(gateway, ["check"]).code == 0, "the store itself, while the gateway runs")
            #expect(try await Self.store(gateway, ["check", folder + "/none.db"]).code == 66)
            #expect(try await Self.store(gateway, ["backup", folder + "/none/b.db"]).code == 69)
            try Data("no database, but long enough to be taken for one".utf8).write(to: URL(filePath: folder + "/x.db"))
            #expect(try await Self.store(gateway, ["check", folder + "/x.db"]).code == 65)
            let memory = try await run(
                GatewayProcess.built("gatehouse").path, ["store", "backup", "b.db", "--store", "sqlite::memory:"])
            #expect(memory.code == 78, "\(memory)")
        }
    }

    /// A real disk that is full: a file system in memory with less space than the store needs.
    @Test func aFullDiskLeavesNoHalfFileAndTheGatewayGoesOn() async throws {
        try await withGateway { gateway, receiver in
            let building = try await Building.make(at: gateway, for: receiver)
            let disk = gateway.folder.appending(path: "disk")
            try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: false)
            let script = """
                mount -t tmpfs -o size=96k none "$1" || exit 99
                "$2" store backup "$1/b.db" --store "sqlite:$3/gatehouse.db"
                code=$?; ls -A "$1"; exit $code
                """
            let arguments = ["sh", "-c", script, "sh", disk.path, GatewayProcess.built("gatehouse").path]
            let names = getuid() == 0 ? [] : ["--user", "--map-root-user"]
            let told = try await run("unshare", names + ["--mount"] + arguments + [gateway.folder.path])
            #expect(
                told.code == 69 && told.output.contains("the disk is full. The incomplete copy was removed"), "\(told)")
            #expect(told.output.split(separator: "\n").count == 1, "no file is left: \(told.output)")
            #expect(try await building.source.post("/v1/events", Building.event("after")).status == 202)
        }
    }
}
