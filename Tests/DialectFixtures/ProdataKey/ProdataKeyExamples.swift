internal import Foundation
internal import GatehouseCore

/// The examples that the vendor's page prints, one file for each topic, and our shipped events for them.
enum ProdataKeyExamples {
    /// Each example as compact text, the order of its keys kept, by its file's name.
    static func all() throws -> [(topic: String, body: JSON)] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return try files.filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }.map { file in
            let body = try JSONParser.parse(Array(Data(contentsOf: file)))
            return (file.deletingPathExtension().lastPathComponent, body)
        }
    }

    /// The example of one topic.
    static func body(of topic: String) throws -> JSON {
        try all().first { $0.topic == topic }?.body ?? .null
    }

    /// The shipped event of each topic.
    static func shipped() throws -> [String: JSON] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Examples/events/seeds.jsonl")
        let (source, prefix) = ("source", "/seeds/prodatakey/")
        var events: [String: JSON] = [:]
        for line in try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")) {
            let event = try JSONParser.parse(Array(line))
            guard let name = event[source]?.text, name.hasPrefix(prefix) else { continue }
            events[String(name.dropFirst(prefix.count))] = event
        }
        return events
    }
}
