internal import GatehouseCore
internal import HTTPTypes
internal import Hummingbird

/// Whether a page of another site caused a browser to send a request. A browser adds a session's cookie by itself, so a
/// cookie proves the browser and not that its user wants the request.
enum ForeignPage {
    /// Checks the fields of browsers: `Sec-Fetch-Site` (Fetch Metadata) is `same-origin`, or `none` if the user typed
    /// the address; and `Origin` (RFC 6454 section 7) names this gateway. Programs send neither.
    static func sent(_ request: Request, _ settings: ServerSettings) -> Bool {
        let sites = request.headers[values: .fetchSite].map { $0.lowercased() }
        if sites.contains(where: { $0 != "same-origin" && $0 != "none" }) { return true }
        let own = [request.head.authority, settings.publicURL.flatMap(authority)].compactMap { $0?.lowercased() }
        return request.headers[values: .origin].contains { origin in
            guard let named = authority(of: origin)?.lowercased() else { return true }
            return !own.contains(named)
        }
    }

    /// Refuses such a request with a cookie. - Throws: the refusal, for the vendor's own form.
    static func refuse(_ request: Request, _ settings: ServerSettings) throws(ManageAPI.Problem) {
        if sent(request, settings) {
            throw ManageAPI.Problem(.forbidden, "a page of another site may not use this login")
        }
    }

    /// Host and port of an http or https URL, unchanged. The scheme does not matter: a proxy before the gateway may use
    /// TLS.
    private static func authority(of url: String) -> String? {
        guard let scheme = ["https://", "http://"].first(where: { url.lowercased().hasPrefix($0) }) else { return nil }
        let rest = url.dropFirst(scheme.count).prefix { $0 != "/" }
        return rest.isEmpty ? nil : String(rest)
    }
}

extension HTTPField.Name {
    fileprivate static let fetchSite = constant("sec-fetch-site")
}
