import GatehouseCore
import Testing

/// What a new user creates with curl before the first event: a key, an organization, a panel, a door, a subscription.
struct Building {
    let curl: Curl
    let subscription: String
    let secret: String
    /// The key with which events are posted.
    let source: Curl

    /// Creates everything, with the receiver as subscriber.
    static func make(at gateway: GatewayProcess, for receiver: Receiver, terms: String = "") async throws -> Building {
        let admin = Curl(url: gateway.url)
        try await admin.created("/v1/organizations", #"{"id":"acme","name":"Acme","timeZone":"Europe/Lisbon"}"#)
        try await admin.created("/v1/panels", #"{"id":"1070000","organization":"acme","name":"Main panel","number":7}"#)
        try await admin.created("/v1/doors", #"{"id":"lobby","panel":"1070000","number":1,"name":"Lobby"}"#)
        let key = try await admin.created("/v1/keys", #"{"name":"panel","role":"source","organization":"acme"}"#)
        let manager = try await admin.created("/v1/keys", #"{"name":"ops","role":"manager","organization":"acme"}"#)
        let made = try await Curl(url: gateway.url, key: try #require(manager["key"]?.text)).created(
            "/v1/subscriptions",
            #"{"name":"first","dialect":"standard","url":"\#(receiver.url)","organization":"acme"\#(terms)}"#)
        let secret = try #require(made["secret"]?.text)
        receiver.trust(secret)
        return Building(
            curl: admin, subscription: try #require(made["id"]?.text), secret: secret,
            source: Curl(url: gateway.url, key: try #require(key["key"]?.text)))
    }

    /// The same building after the gateway came back on another port.
    func moved(to gateway: GatewayProcess) -> Building {
        Building(
            curl: Curl(url: gateway.url), subscription: subscription, secret: secret,
            source: Curl(url: gateway.url, key: source.key))
    }

    /// One event as JSON.
    static func event(_ id: String, kind: String = "access.granted") -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"/panels/1070000","type":"\#(kind)","#
            + #""time":"2026-03-11T08:15:30.250Z","data":{"panel":"1070000","door":"lobby"}}"#
    }
}

extension Curl {
    /// Posts and expects 201.
    @discardableResult
    func created(_ path: String, _ body: String) async throws -> JSON {
        let answer = try await post(path, body)
        try #require(answer.status == 201, "\(path): \(answer.text)")
        return answer.body
    }
}
