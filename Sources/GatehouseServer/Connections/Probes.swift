internal import NIOHTTP1

/// What operators' probes ask. They get their answer also where a bound on connections is met: that is when operators
/// need it, and a probe that fails has the gateway restarted, which helps no caller.
enum Probes {
    /// The paths.
    static let paths = ["/livez", "/readyz", "/metrics"]

    /// Whether a request is a probe's: it reads one of the paths and has no body.
    static func ask(_ head: HTTPRequestHead) -> Bool {
        guard head.method == .GET || head.method == .HEAD else { return false }
        return paths.contains { path in
            guard head.uri.hasPrefix(path) else { return false }
            return head.uri.utf8.count == path.utf8.count || head.uri.dropFirst(path.count).first == "?"
        }
    }
}
