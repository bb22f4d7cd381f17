internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

extension Subscriptions {
    /// Gives a subscription another secret, and shows it this once. Where the dialect has room for two signatures the
    /// old one signs beside it for a while; else the new one takes over at `effectiveAt`, or with the next attempt.
    func rotateSecret(_ call: Call) async throws -> Response {
        let present = try named(call)
        var fields = Fields(try await call.object(), known: ["secret", "effectiveAt"])
        let secret = fields.text("secret", required: false).map { Secret($0) }
        let effectiveAt = fields.future("effectiveAt", after: call.now)
        try fields.check()
        let rotated = try await service.rotate(
            present, to: secret, effectiveAt: effectiveAt, author: call.author)
        // The one that was given, and no other that it may sign with.
        var json = rotated.json(.masked)
        json["secret"] = .text(rotated.terms.secret?.revealed)
        json.put(service.warn(of: rotated) { $0 == "secret" })
        return Response(.ok, json: .object(json))
    }
}
