import Foundation
import GRDB
import GatehouseCore
import GatehouseTesting
import Testing

@testable import GatehouseStores

/// The behaviour of the embedded store in a file, beyond the promises of every store.
@Suite struct SQLiteStoreTests {
    private func open(_ folder: String, _ settings: StoreSettings = StoreSettings()) throws -> SQLiteStore {
        try SQLiteStore(path: folder + "/gatehouse.db", settings: settings)
    }

    @Test func everyCommitIsSyncedAndTheLogIsWrittenAhead() async throws {
        try await withFolder { folder in
            let store = try open(folder)
            #expect(try await store.write(.applyChange) { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 2)
            #expect(
                try await store.write(.applyChange) { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
            #expect(try await store.write(.applyChange) { try Int.fetchOne($0, sql: "PRAGMA foreign_keys") } == 1)
            await store.close()
        }
    }

    @Test func aSecondGatewayIsRefusedUntilTheFirstIsGone() async throws {
        try await withFolder { folder in
            let first = try open(folder)
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/link.db", withDestinationPath: folder + "/gatehouse.db")
            for name in ["gatehouse.db", "link.db"] {
                do {
                    _ = try SQLiteStore(path: folder + "/" + name, settings: StoreSettings())
                    Issue.record("a second gateway opened \(name)")
                } catch StoreError.unavailable(let sentence) {
                    #expect(sentence.contains("another gateway"))
                }
            }
            await first.close()
            await first.close()
            await (try open(folder)).close()
        }
    }

    @Test func numbersContinueAfterReopening() async throws {
        try await withFolder { folder in
            for (place, id) in ["ana", "bia", "ana"].enumerated() {
                let store = try open(folder)
                let me = try await store.begin(at: Scene.start)
                let entry = Sample.entry(Sample.event("\(place)", person: id))
                let given = try await store.append([entry], by: me)[0].numbers
                #expect(given[.person] == Numbers.first + (id == "ana" ? 0 : 1))
                await store.close()
            }
        }
    }

    @Test func reopeningKeepsEverything() async throws {
        try await withFolder { folder in
            let first = try open(folder)
            let scene = try await Scene(setUpIn: first)
            try await first.apply(
                .add, .organization(Organization(id: OrganizationID("acme"), name: "Acme", parent: nil)))
            let event = Sample.event("a")
            let entry = Sample.entry(event, owed: [.init(Scene.s1, isBornLeased: true)])
            let appended = try await first.append([entry], by: scene.me)[0]
            await first.close()
            let second = try open(folder)
            let me = try await second.begin(at: Scene.start)
            #expect(me.number > scene.me.number)
            #expect(try await second.event(event.id)?.stored == event.numbered(appended.numbers).stored)
            #expect(try await second.subscriptions().count == 2)
            #expect(try await second.directory().organizations.count == 1)
            let later = try await second.append(
                [entry, Sample.entry(Sample.event("b"), owed: [.init(Scene.s1, isBornLeased: false)])], by: me)
            #expect(later[0].isDuplicate && later[0].event == event.id && later[0].owed == 1)
            #expect(later[1].position > appended.position && later[1].deliveries[0] > appended.deliveries[0])
            await second.close()
        }
    }

    @Test func acknowledgedEventIsInTheFilesAtTheMomentOfTheAnswer() async throws {
        try await withFolder { folder in
            let store = try open(folder)
            let scene = try await Scene(setUpIn: store)
            var ids: [DeliveryID] = []
            for number in 0..<40 { ids.append(try await scene.deliver("\(number)", leased: number.isMultiple(of: 2))) }
            // A kill leaves exactly this behind: the file and its log, without the shared memory.
            let image = folder + "/image"
            try FileManager.default.createDirectory(atPath: image, withIntermediateDirectories: true)
            for end in ["", "-wal"] {
                try FileManager.default.copyItem(
                    atPath: folder + "/gatehouse.db" + end, toPath: image + "/gatehouse.db" + end)
            }
            let survivor = try open(image)
            let me = try await survivor.begin(at: Scene.start)
            #expect(try await survivor.rescueOrphaned(heardBefore: Scene.start, now: Scene.start, survivor: me) == 20)
            let claim = try await survivor.claimDue(Scene.s1, limit: 100, now: Scene.start, by: me)
            #expect(Set(claim.deliveries.map(\.id)) == Set(ids))
            await survivor.close()
            await store.close()
        }
    }

    @Test func storeDroppedWithoutCloseLetsTheNextOneOpen() async throws {
        try await withFolder { folder in
            let id = try await { () async throws -> DeliveryID in
                let scene = try await Scene(setUpIn: try open(folder))
                return try await scene.deliver("a")
            }()
            var next: SQLiteStore?
            while next == nil {
                next = try? open(folder)
                await Task.yield()
            }
            #expect(try await next?.delivery(id)?.delivery.state == .waiting(until: Scene.start))
            await next?.close()
        }
    }

    @Test func fullDiskIsUnavailableUntilThereIsSpace() async throws {
        try await withFolder { folder in
            var settings = StoreSettings()
            settings.pages = 90
            let store = try open(folder, settings)
            let scene = try await Scene(setUpIn: store)
            var acknowledged: [DeliveryID] = []
            var refusal: StoreError?
            while refusal == nil, acknowledged.count < 10_000 {
                do throws(any Error) {
                    acknowledged.append(try await scene.deliver("\(acknowledged.count)"))
                } catch {
                    refusal = error as? StoreError
                }
            }
            #expect(refusal == .unavailable("the disk is full"))
            await #expect(throws: StoreError.self) { try await scene.deliver("x") }
            #expect(try await store.backlog().waiting == acknowledged.count)
            try await store.write(.applyChange) { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
            acknowledged.append(try await scene.deliver("\(acknowledged.count)"))
            #expect(await store.isReady())
            let claim = try await scene.claim(limit: 100_000)
            #expect(Set(claim.deliveries.map(\.id)) == Set(acknowledged))
            await store.close()
        }
    }

    @Test func failedCommitFailsAllItsCallersAndLeavesNothingInMemory() async throws {
        try await withFolder { folder in
            let store = try open(folder)
            let scene = try await Scene(setUpIn: store)
            let ghost = SubscriptionID("ghost")
            let gate = await Gate(shutting: store)
            let refusals = try await withThrowingTaskGroup(of: StoreError?.self) { group in
                group.addTask {
                    await refusal { () throws(StoreError) in
                        _ = try await store.add(Scene.subscription(ghost, "acme"))
                    }
                }
                await gate.gathered(1)
                group.addTask {
                    await refusal { () throws(StoreError) in
                        try await store.write(.applyChange) { _ in throw DatabaseError(resultCode: .SQLITE_IOERR) }
                    }
                }
                await gate.open(once: 2)
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for refusal in refusals {
                guard case .unavailable = refusal else { Issue.record("not refused: \(refusal as Any)"); continue }
            }
            await #expect(throws: StoreError.missing) { try await scene.deliver("a", to: ghost) }
            try await store.add(Scene.subscription(ghost, "acme"))
            #expect(try await scene.state(scene.deliver("b", to: ghost)) == .waiting(until: Scene.start))
            await store.close()
        }
    }

    @Test func aDamagedEventIsClaimedWithoutIt() async throws {
        try await withFolder { folder in
            let store = try open(folder)
            let scene = try await Scene(setUpIn: store)
            let event = Sample.event("a")
            let entry = Sample.entry(event, owed: [.init(Scene.s1, isBornLeased: false)])
            _ = try await store.append([entry], by: scene.me)
            try await store.write(.applyChange) { try $0.execute(sql: "UPDATE events SET body = x'7b00'") }
            let claimed = try #require(try await scene.claim().deliveries.first)
            #expect(claimed.event == nil)
            do {
                _ = try await store.event(event.id)
                Issue.record("a damaged event was read")
            } catch StoreError.corrupt {
            }
            await store.close()
        }
    }

    @Test func fileThatIsNoDatabaseIsCorruptAndANewerOneIsRefused() async throws {
        try await withFolder { folder in
            let path = folder + "/text.db"
            try Data(repeating: 65, count: 8192).write(to: URL(fileURLWithPath: path))
            do {
                _ = try SQLiteStore(path: path, settings: StoreSettings())
                Issue.record("a text was opened")
            } catch StoreError.corrupt(let sentence) {
                #expect(sentence.hasPrefix("\(path) is not an SQLite file"))
            }
            let store = try open(folder)
            try await store.write(.applyChange) {
                try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9999 the future')")
            }
            await store.close()
            do {
                _ = try open(folder)
                Issue.record("a newer file was opened")
            } catch StoreError.unavailable(let sentence) {
                #expect(sentence.contains("newer"))
            }
        }
    }

    @Test(arguments: ["", "sqlite", "sqlite:", "mysql://root:hunter2@db/x", "gatehouse.db"])
    func anUnknownURLIsRefusedWithTheKnownOnes(_ url: String) async throws {
        let error = await #expect(throws: Stores.UnknownStore.self) { try await Stores.open(url) }
        #expect(error?.description.contains("sqlite:") == true)
        #expect(error?.description.contains("hunter2") == false)
        let isSchemeKnown = url == "sqlite:"
        #expect(error?.description.contains("begins with") == !isSchemeKnown)
        #expect(error?.description.contains("the path of the file is missing") == isSchemeKnown)
    }

    @Test func postgresIsRefusedByName() async throws {
        let error = await #expect(throws: Stores.UnknownStore.self) {
            try await Stores.open("postgresql://u:hunter2@db/x")
        }
        #expect(error?.description.contains("not built yet") == true && error?.description.contains("hunter2") == false)
    }

    @Test func missingFolderIsUnavailable() async throws {
        await #expect(throws: StoreError.self) { try await Stores.open("sqlite:/nowhere/at/all/gatehouse.db") }
    }
}

private func refusal(_ call: () async throws(StoreError) -> Void) async -> StoreError? {
    do {
        try await call()
        return nil
    } catch {
        return error
    }
}
