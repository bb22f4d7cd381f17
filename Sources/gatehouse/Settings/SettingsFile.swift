import Configuration
import GatehouseCore
import Yams

/// The YAML file with settings, checked against the table.
struct SettingsFile {
    private let path: String

    /// The largest file that is read, in bytes.
    static let largest = 1 << 20

    /// Names a file.
    init(_ path: String) {
        self.path = path
    }

    /// Why the whole file is refused.
    struct LoadError: Error {
        let sentence: String
    }

    /// The file as a source of values, nil if it is empty; unknown keys become faults.
    func provider(faults: inout [SettingsInForce.SettingError]) async throws(LoadError) -> (any ConfigProvider)? {
        guard let root = try root(of: try text()) else { return nil }
        guard let mapping = root.mapping else {
            throw LoadError(sentence: "the file must be a list of keys and values in YAML")
        }
        let known = SettingTable.all.map(\.key)
        for key in Self.keys(in: mapping, under: []) where !known.contains(key) {
            faults.append(
                .init(
                    key: "\(key) in \(path)",
                    sentence: "there is no such setting\(Nearest.hint(for: key, among: known))"))
        }
        let place = ConfigReader(
            provider: InMemoryProvider(values: ["filePath": ConfigValue(.string(path), isSecret: false)]))
        do {
            return try await FileProvider<YAMLSnapshot>(config: place)
        } catch {
            throw LoadError(
                sentence: "the file cannot be read as settings: each key takes one value or a list of values")
        }
    }

    private func text() throws(LoadError) -> String {
        guard let descriptor = Descriptor(reading: path) else {
            throw LoadError(sentence: "the file with settings cannot be opened: \(Descriptor.reason)")
        }
        defer { descriptor.close() }
        var bytes: [UInt8] = []
        while true {
            guard let more = descriptor.read(upTo: 65_536) else {
                throw LoadError(sentence: "the file with settings cannot be read: \(Descriptor.reason)")
            }
            bytes += more
            if more.isEmpty { break }
            guard bytes.count <= Self.largest else {
                throw LoadError(sentence: "the file has more than \(Self.largest) bytes")
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw LoadError(sentence: "the file is not UTF-8")
        }
        return text
    }

    /// No text of the file is quoted: it may contain a key.
    private func root(of text: String) throws(LoadError) -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch let error as YamlError {
            let place = error.mark.map { " at line \($0.line), column \($0.column)" } ?? ""
            throw LoadError(sentence: "the file is not YAML\(place), or a key occurs twice")
        } catch {
            throw LoadError(sentence: "the file is not YAML")
        }
    }

    private static func keys(in mapping: Node.Mapping, under path: [String]) -> [String] {
        mapping.flatMap { key, value in
            let place = path + [key.string ?? "?"]
            return value.mapping.map { keys(in: $0, under: place) } ?? [place.joined(separator: ".")]
        }
    }
}

extension YamlError {
    fileprivate var mark: Mark? {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark
        case .no, .memory, .reader, .writer, .emitter, .representer, .dataCouldNotBeDecoded, .duplicatedKeysInMapping:
            nil
        }
    }
}
