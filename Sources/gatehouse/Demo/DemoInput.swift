import FoundationEssentials
import GatehouseClient
import GatehouseCore

/// What the demo begins with: the seeds' example events, and the panels and doors that they speak of.
struct DemoInput: Sendable {
    /// The file of events; nil where there is none.
    let events: String?
    private let places: String?

    /// Where the examples stand in the project's folder.
    static let folder = "Examples/events"

    /// Looks for the files: those that were asked for, else the project's examples where this runs in its folder.
    init(events: String?) throws(CommandError) {
        let file = events ?? "\(Self.folder)/seeds.jsonl"
        let isThere = FileManager.default.isReadableFile(atPath: file)
        if events != nil, !isThere { throw CommandError(.input, "\(file) cannot be read") }
        self.events = isThere ? file : nil
        let slash = file.lastIndex(of: "/")
        let beside = (slash.map { String(file[...$0]) } ?? "") + "building.json"
        self.places = isThere && FileManager.default.isReadableFile(atPath: beside) ? beside : nil
    }

    /// Makes the panels and doors that the events speak of, in the demo's organization.
    func makePlaces(_ admin: APIClient) async throws {
        guard let places, let data = FileManager.default.contents(atPath: places) else { return }
        guard let building = try? JSONParser.parse(Array(data)) else {
            throw CommandError(.data, "\(places) is no JSON")
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
