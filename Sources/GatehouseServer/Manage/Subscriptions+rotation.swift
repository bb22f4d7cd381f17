internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

extension Subscriptions {
    /// Gives a subscription a new secret, and shows it only now. If the dialect allows two signatures, the old secret
    /// also signs for a while. Otherwise the new one takes effect at `effectiveAt`, or with the next attempt.
    func rotateSecret(_ call: Call) async throws -> Response {
        let present = try named(call)
        var fields = Fields(try await call.object(), known: ["secret", "effectiveAt"])
        let secret = fields.text("secret", required: false).map { Secret($0) }
        let effectiveAt = fields.future("effectiveAt", after: call.now)
        try fields.check()
        let rotated = try await service.rotate(
            present, to: secret, effectiveAt: effectiveAt, author: call.author)
        // The new secret, and no other one that may sign.
        var json = rotated.json(.masked)
        json["secret"] = .text(rotated.terms.secret?.revealed)
        json.put(service.warn(of: rotated) { $0 == "secret" })
        return Response(.ok, json: .object(json))
    }
}
