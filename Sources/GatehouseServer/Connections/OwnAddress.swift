internal import GatehouseControl
internal import GatehouseCore

/// The gateway's own address, for tokens, secret URLs and links. It comes from the settings, or else from the bound
/// address; never from a request's Host field, which every caller can choose.
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

    /// The host to call. If all addresses are bound, it is the loopback address, which is right only on this machine.
    private static func host(_ bound: String) -> String {
        switch bound {
        case "0.0.0.0", "": "127.0.0.1"
        case "::", "[::]", "0:0:0:0:0:0:0:0": "[::1]"
        default: bound.contains(":") && !bound.hasPrefix("[") ? "[\(bound)]" : bound
        }
    }

    /// Whether callers on other machines get an address that does not work for them.
    static func isOnlyLocal(_ settings: ServerSettings) -> Bool {
        settings.publicURL == nil && ["0.0.0.0", "::", "[::]", ""].contains(settings.host)
    }
}
