/// What stands in the place of a value that is not shown. It is never taken in: what is shown masked and sent back
/// would replace the value by dots.
public enum Mask {
    /// Three bullets.
    public static let text = "•••"

    /// The place of the first text that has the mask in it, plain or percent-encoded, as `headers.X-Key`; nil where
    /// there is none. `path` is the place of the value itself, empty for a whole body.
    public static func place(in value: JSON, at path: String = "") -> String? {
        switch value {
        case .string(let text): stands(in: text) ? path : nil
        case .array(let items): place(in: items, at: path)
        case .object(let object): place(in: object, at: path)
        case .null, .bool, .number: nil
        }
    }

    private static func place(in items: [JSON], at path: String) -> String? {
        for (number, item) in items.enumerated() {
            if let place = place(in: item, at: "\(path)[\(number)]") { return place }
        }
        return nil
    }

    private static func place(in object: JSONObject, at path: String) -> String? {
        for member in object.members {
            let inner = path.isEmpty ? member.key : "\(path).\(member.key)"
            if let place = place(in: member.value, at: inner) { return place }
        }
        return nil
    }

    /// What is said of a value that has the mask in it.
    public static func fault(at place: String) -> Fault {
        Fault(
            .maskedValue, field: place.isEmpty ? nil : place,
            "\(place.isEmpty ? "a value" : place) has \(text) in it, which stands for a value that is not shown: "
                + "send the real value, or leave the field out")
    }

    private static func stands(in text: String) -> Bool {
        // Most texts are ASCII without an escape, and need no search.
        guard text.utf8.contains(where: { $0 == 0x25 || $0 == 0xE2 }) else { return false }
        return text.contains(Self.text) || text.uppercased().contains(encoded)
    }

    private static let encoded = "%E2%80%A2%E2%80%A2%E2%80%A2"
}
