/// Describes the target of a receiver's redirect.
///
/// The path and the query of a URL may be a secret that authenticates, and the new ones are often the same. So the text
/// gives only the origin, and how the path compares with the requested one: that says what to change.
public enum Redirect {
    /// The statuses that give another place (RFC 9110 section 15.4), without 300 and 304.
    public static let statuses: Set = [301, 302, 303, 307, 308]

    /// The maximum length of a Location that is read, in bytes.
    public static let longest = 4096

    /// The place in words: `https://ops.example.com (the same path)`; nil if there is none.
    ///
    /// - Parameters:
    ///   - location: the value of Location, a URL or a path (RFC 9110 section 10.2.2).
    /// - url: the requested URL.
    public static func words(of location: String, from url: TargetURL) -> String? {
        guard !location.isEmpty else { return nil }
        guard location.utf8.count <= longest, let target = target(location, url) else {
            return "a place that is no http or https address"
        }
        return "\(target.description) (\(comparison(path(target), path(url))))"
    }

    private static func target(_ location: String, _ url: TargetURL) -> TargetURL? {
        let bare = location.prefix { $0 != "#" }
        if bare.hasPrefix("//") { return absolute(url.scheme.rawValue + ":" + bare) }
        if let mark = bare.firstRange(of: "://"), !bare[..<mark.lowerBound].contains("/") { return absolute(bare) }
        let isRooted = bare.hasPrefix("/") || bare.hasPrefix("?")
        return TargetURL("\(url.description)\(isRooted ? "" : "/")\(bare)")
    }

    /// The URL without its user and password.
    private static func absolute(_ text: some StringProtocol) -> TargetURL? {
        guard let mark = text.firstRange(of: "://") else { return nil }
        let rest = text[mark.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let begin = rest[..<end].lastIndex(of: "@").map { rest.index(after: $0) } ?? rest.startIndex
        return TargetURL("\(text[..<mark.upperBound])\(rest[begin...])")
    }

    private static func path(_ url: TargetURL) -> Substring { url.requestTarget.prefix { $0 != "?" } }

    private static func comparison(_ path: Substring, _ called: Substring) -> String {
        if path == called { return "the same path" }
        if path == called + "/" { return "the same path with a / at its end" }
        if path + "/" == called { return "the same path without the / at its end" }
        return "another path"
    }
}
