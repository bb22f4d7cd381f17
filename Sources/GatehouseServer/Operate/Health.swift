internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

/// The answers to operators' probes, without a key.
struct Health: Sendable {
    let queries: StatusQueries
    let condition: GatewayCondition
    let connections: ConnectionPlaces

    /// `GET /livez`: the process answers, in every state of the store; a restart would not help the store.
    func live(_: OpenCall) async -> Response {
        Self.word("live")
    }

    /// `GET /readyz`: whether events sent here would be accepted now. Warnings about the disk, the connections and the
    /// subscriptions follow: the events are accepted in spite of them.
    func ready(_ call: OpenCall) async -> Response {
        if condition.isDraining.value {
            return Problem(.draining, "send to another gateway, or wait for the next start").response
        }
        guard await queries.isStoreReady() else {
            return Problem(.storeAway, "the store cannot be written to at present").response
        }
        return Self.word((["ready"] + warnings(call)).joined(separator: "\n"))
    }

    /// The problems that do not prevent the intake of events. Only callers with a key see the subscriptions concerned.
    private func warnings(_ call: OpenCall) -> [String] {
        var warnings: [String] = []
        if condition.isDiskFilling.value { warnings.append("warning: the disk of the store is filling up") }
        let open = connections.figures.open
        if open >= call.settings.connections {
            warnings.append("warning: \(open) connections are open, as many as may be (bounds.connections)")
        }
        let troubled = condition.troubled.value
        if troubled > 0 {
            warnings.append(
                "warnings: \(troubled) subscriptions need attention (GET /v1/status says why)")
        }
        return warnings
    }

    private static func word(_ word: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: word + "\n")))
    }
}
