/// Recognizes JSON media types: the subtype is `json` or ends in `+json` (RFC 6839, section 3.1; CloudEvents JSON
/// format 1.0.2, section 3.1). A charset parameter must be UTF-8.
public enum JSONMediaType {
    /// Whether the value of a Content-Type field is a JSON media type.
    public static func isOne(_ text: String) -> Bool {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false).map { trimmed($0).lowercased() }
        let names = parts[0].split(separator: "/", omittingEmptySubsequences: false)
        guard names.count == 2, !names[0].isEmpty, names[1] == "json" || names[1].hasSuffix("+json") else {
            return false
        }
        return parts.dropFirst().allSatisfy { parameter in
            guard parameter.hasPrefix("charset=") else { return true }
            let charset = parameter.dropFirst("charset=".count).filter { $0 != "\"" }
            return charset == "utf-8" || charset == "utf8"
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let front = text.drop { $0 == " " || $0 == "\t" }
        guard let end = front.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return front[...end]
    }
}
