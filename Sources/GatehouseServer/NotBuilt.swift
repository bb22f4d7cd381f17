internal import GatehouseCore
internal import HTTPTypes

/// The routes of the API that are not built yet: each answers 501 with its name, so that no caller mistakes it for
/// success. A route leaves this table when it is built; a test lists the remaining ones.
enum NotBuilt {
    // swift-format-ignore
    static let routes: [Route] = [
        row(.post,   "/v1/sources",                            .administer, "making a source"),
        row(.get,    "/v1/sources",                            .read,       "listing sources"),
        row(.get,    "/v1/sources/{source}",                   .read,       "showing a source"),
        row(.patch,  "/v1/sources/{source}",                   .administer, "changing a source"),
        row(.delete, "/v1/sources/{source}",                   .administer, "deleting a source"),

        row(.post,   "/v1/status/{item}/acknowledge",          .manage,     "acknowledging what needs attention"),

        row(.get,    "/",                                      .read,       "the dashboard"),
    ]

    /// Vendors post to `/in/{source}` with their own signatures, not with our keys.
    static let open: [Route] = [
        Route(
            method: .post, pattern: "/in/{source}",
            access: .open { _ in { _ in refusal(of: "taking a vendor's messages").response } }, query: nil)
    ]

    private static func row(
        _ method: HTTPRequest.Method, _ pattern: String, _ action: Role.Action, _ what: String
    ) -> Route {
        Route(
            method: method, pattern: pattern, access: .keyed(action) { _ in { _ in throw refusal(of: what) } },
            query: nil)
    }

    private static func refusal(of what: String) -> Problem {
        Problem(.routeNotBuilt, "\(what) is not built yet in this version of the gateway")
    }
}
