import FoundationEssentials
import GatehouseClient
import GatehouseCore

/// The first events of the demo: the seeds' example events, and the panels and doors that they mention.
struct DemoInput: Sendable {
    /// The file of events; nil if there is none.
    let events: String?
    private let places: String?

    /// The folder of the examples in the project.
    static let folder = "Examples/events"

    /// Finds the files: the given file, else the project's examples if the demo runs in the project's folder.
    init(events: String?) throws(CommandError) {
        let file = events ?? "\(Self.folder)/seeds.jsonl"
        let isThere = FileManager.default.isReadableFile(atPath: file)
        if events != nil, !isThere { throw CommandError(.input, "\(file) cannot be read") }
        self.events = isThere ? file : nil
        let slash = file.lastIndex(of: "/")
        let beside = (slash.map { String(file[...$0]) } ?? "") + "building.json"
        self.places = isThere && FileManager.default.isReadableFile(atPath: beside) ? beside : nil
    }

    /// Creates the panels and doors that the events mention, in the demo's organization.
    func makePlaces(_ admin: APIClient) async throws {
        guard let places, let data = FileManager.default.contents(atPath: places) else { return }
        guard let building = try? JSONParser.parse(Array(data)) else {
            throw CommandError(.data, "\(places) is not JSON")
        }
        for collection in ["panels", "doors"] {
            for item in building[collection]?.items ?? [] {
                var body = item.object ?? JSONObject()
                if body["organization"] == nil { body["organization"] = .string(DemoBuilding.organization.text) }
                try await DemoEnvironment.make("/v1/\(collection)", .object(body), admin)
            }
        }
    }
}
