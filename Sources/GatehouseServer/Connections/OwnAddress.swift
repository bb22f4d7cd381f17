internal import GatehouseControl
internal import GatehouseCore

/// The address by which the gateway names itself: in tokens, secret URLs and links. It is the one of the settings, else
/// the one that was bound; never what a request says in its Host field, which every caller can write.
final class OwnAddress: Sendable {
    private let port = Snapshot<Int?>(nil)

    /// Notes the port that was bound.
    func note(port: Int) { self.port.update { $0 = port } }

    /// The address, without a slash at its end.
    func text(_ settings: ServerSettings) -> String {
        if let address = settings.publicURL { return address }
        let scheme = settings.identity == nil ? "http" : "https"
        let port = port.value ?? settings.port
        let isStandard = port == (settings.identity == nil ? 80 : 443)
        return "\(scheme)://\(Self.host(settings.host))" + (isStandard ? "" : ":\(port)")
    }

    /// The host to call. Where all addresses are bound, the loopback is the one that is right on this machine.
    private static func host(_ bound: String) -> String {
        switch bound {
        case "0.0.0.0", "": "127.0.0.1"
        case "::", "[::]", "0:0:0:0:0:0:0:0": "[::1]"
        default: bound.contains(":") && !bound.hasPrefix("[") ? "[\(bound)]" : bound
        }
    }

    /// Whether callers on other machines are told an address at which they find nothing.
    static func isOnlyLocal(_ settings: ServerSettings) -> Bool {
        settings.publicURL == nil && ["0.0.0.0", "::", "[::]", ""].contains(settings.host)
    }
}
