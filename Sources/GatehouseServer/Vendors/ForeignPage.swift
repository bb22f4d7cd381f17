internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird

/// Whether a page of another site had a browser send a request. A browser adds a session's cookie by itself, so a
/// cookie proves whose browser it is and not that its user wants what is asked.
enum ForeignPage {
    /// Says so by what browsers tell: `Sec-Fetch-Site` (Fetch Metadata), which is `same-origin` or, where the user
    /// typed the address, `none`; and `Origin` (RFC 6454 section 7), which names this gateway. Programs send neither.
    static func sent(_ request: Request, _ settings: ServerSettings) -> Bool {
        let sites = request.headers[values: .fetchSite].map { $0.lowercased() }
        if sites.contains(where: { $0 != "same-origin" && $0 != "none" }) { return true }
        let own = [request.head.authority, settings.publicURL.flatMap(authority)].compactMap { $0?.lowercased() }
        return request.headers[values: .origin].contains { origin in
            guard let named = authority(of: origin)?.lowercased() else { return true }
            return !own.contains(named)
        }
    }

    /// Refuses such a request where it bears a cookie. - Throws: the refusal, for the vendor's own shape.
    static func refuse(_ request: Request, _ settings: ServerSettings) throws(ManageAPI.Problem) {
        if sent(request, settings) {
            throw ManageAPI.Problem(.forbidden, "a page of another site may not use this login")
        }
    }

    /// Host and port of an http or https URL, as they are written. Whether it is http or https does not matter: a
    /// proxy may speak TLS before the gateway.
    private static func authority(of url: String) -> String? {
        guard let scheme = ["https://", "http://"].first(where: { url.lowercased().hasPrefix($0) }) else { return nil }
        let rest = url.dropFirst(scheme.count).prefix { $0 != "/" }
        return rest.isEmpty ? nil : String(rest)
    }
}

extension HTTPField.Name {
    fileprivate static let fetchSite = constant("sec-fetch-site")
}
