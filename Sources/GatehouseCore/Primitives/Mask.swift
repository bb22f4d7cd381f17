/// The replacement for a value that is not shown. A request with it is refused: a masked value that is sent back would
/// replace the value by dots.
public enum Mask {
    /// Three bullets.
    public static let text = "•••"

    /// The place of the first text that contains the mask, plain or percent-encoded, as `headers.X-Key`; nil if there
    /// is none. `path` is the place of the value itself, empty for a whole body.
    public static func place(in value: JSON, at path: String = "") -> String? {
        guard let steps = steps(to: value) else { return nil }
        return steps.reversed().reduce(into: path) { path, step in
            switch step {
            case .item(let number): path += "[\(number)]"
            case .member(let key): path += path.isEmpty ? key : "." + key
            }
        }
    }

    /// One step down into a value.
    private enum Step {
        case item(Int)
        case member(String)
    }

    /// The steps to the first text that contains the mask, the innermost first; nil if there is none. They are
    /// collected on the way back, because a path for each value would cost the length of its keys again and again.
    private static func steps(to value: JSON) -> [Step]? {
        switch value {
        case .string(let text): return stands(in: text) ? [] : nil
        case .array(let items):
            for (number, item) in items.enumerated() {
                if let steps = steps(to: item) { return steps + [.item(number)] }
            }
        case .object(let object):
            for member in object.members {
                if let steps = steps(to: member.value) { return steps + [.member(member.key)] }
            }
        case .null, .bool, .number: break
        }
        return nil
    }

    /// The fault of a value that contains the mask.
    public static func fault(at place: String) -> ValidationError {
        ValidationError(
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
