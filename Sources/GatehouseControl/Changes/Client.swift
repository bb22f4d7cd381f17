package import GatehouseCore

/// Where a request came from.
package struct Client: Sendable {
    /// The client's address; nil for a request that came over no connection.
    package let address: String?
    /// What the caller's program calls itself.
    package let userAgent: String?
    /// Whether a proxy whose word counts says that the client speaks TLS to it.
    package let isSecure: Bool

    /// Joins the three.
    package init(address: String?, userAgent: String? = nil, isSecure: Bool = false) {
        self.address = address
        self.userAgent = userAgent
        self.isSecure = isSecure
    }
}

extension Client {
    /// The client as events name one.
    package var json: JSON {
        var object = JSONObject()
        object["ipAddress"] = address.map { .string($0) }
        object["userAgent"] = userAgent.map { .string(String($0.prefix(1000))) }
        return .object(object)
    }
}
