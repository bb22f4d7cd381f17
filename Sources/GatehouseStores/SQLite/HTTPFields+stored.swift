internal import GatehouseCore
internal import HTTPTypes

extension HTTPFields {
    /// The fields in order, as a JSON array of pairs, because a name may occur more than once.
    var stored: [UInt8] {
        JSON.array(map { .array([.string($0.name.rawName), .string($0.value)]) }).bytes
    }

    /// Reads the result of ``stored``; nil if the bytes are damaged.
    init?(stored bytes: [UInt8]) {
        guard let pairs = (try? JSONParser.parse(bytes))?.items else { return nil }
        self.init()
        for pair in pairs {
            guard let parts = pair.items, parts.count == 2, let name = parts[0].text.flatMap({ HTTPField.Name($0) }),
                let value = parts[1].text
            else { return nil }
            append(HTTPField(name: name, value: value))
        }
    }
}
