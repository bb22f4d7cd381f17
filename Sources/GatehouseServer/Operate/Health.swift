internal import GatehouseCore
internal import Hummingbird

/// What operators' probes ask, without a key.
enum Health {
    /// `GET /livez`: the process answers, whatever the state of the store; a restart would not help a store.
    static func live(_: OpenCall) async -> Response {
        word("live")
    }

    /// `GET /readyz`: whether events sent here would be taken now. A disk that fills up is told behind that: so far
    /// they are.
    static func ready(_ call: OpenCall) async -> Response {
        if call.parts.isDraining.value {
            return Problem(.draining, "send to another gateway, or wait for the next start").response
        }
        guard await call.parts.store.isReady() else {
            return Problem(.storeAway, "the store cannot be written to at present").response
        }
        return word(
            call.parts.isDiskFilling.value
                ? "ready\nwarning: the disk of the store is filling up" : "ready")
    }

    private static func word(_ word: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: word + "\n")))
    }
}
