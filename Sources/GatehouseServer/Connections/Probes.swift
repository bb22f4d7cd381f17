internal import NIOHTTP1

/// The requests of operators' probes. They are answered even if a bound on connections is met: operators need the
/// answer then, and a failed probe would make an orchestrator restart the gateway, which helps no caller.
enum Probes {
    /// The paths.
    static let paths = ["/livez", "/readyz", "/metrics"]

    /// Whether a request is a probe: it reads one of the paths and has no body.
    static func ask(_ head: HTTPRequestHead) -> Bool {
        guard head.method == .GET || head.method == .HEAD else { return false }
        return paths.contains { path in
            guard head.uri.hasPrefix(path) else { return false }
            return head.uri.utf8.count == path.utf8.count || head.uri.dropFirst(path.count).first == "?"
        }
    }
}
