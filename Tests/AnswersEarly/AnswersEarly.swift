import Foundation
import GatehouseCore
import GatehouseDelivery
import GatehouseDialects
import GatehouseGateway
import GatehouseServer
import Logging

/// The gateway as it is, but for one thing: it answers 202 before the commit. It takes the flags that the crash test
/// gives the real one.
@main struct AnswersEarly {
    static func main() async throws {
        let arguments = CommandLine.arguments
        var settings = GatewaySettings()
        if let place = arguments.firstIndex(of: "--store") { settings.store = arguments[place + 1] }
        settings.server.port = 0
        settings.allowedTargets = [try AddressRange("127.0.0.0/8")]
        settings.adminKey = ProcessInfo.processInfo.environment["GATEHOUSE_ADMIN_KEY"].map { Secret($0) }
        let observability = Gateway.Observability(
            logger: Logger(label: "answers-early") { _ in SwiftLogNoOpLogHandler() }, metrics: PrometheusMetrics())
        let gateway = try await Gateway.build(
            settings, dialects: Dialects.all, observability: observability, gate: EarlyGate())
        async let ending: Void = gateway.run()
        if let address = await gateway.boundAddress() {
            FileHandle.standardOutput.write(Data("listening on http://\(address.host):\(address.port)\n".utf8))
        }
        try await ending
    }
}

/// Lets the caller that hands in events be answered before the commit, which a gateway must never do: a crash test that
/// this one passes proves nothing.
private struct EarlyGate: StoreGate {
    /// Nothing of what was appended is sent from memory: what arrived before a kill would not be missed after it.
    func pass<Answer: Sendable>(
        _ operation: StoreOperation, _ work: () async throws(StoreError) -> Answer
    ) async throws(StoreError) -> Answer {
        let answer = try await work()
        guard let appended = answer as? [Appended] else { return answer }
        let unsent = appended.map {
            Appended(
                event: $0.event, position: $0.position, deliveries: [], owed: $0.owed, isDuplicate: $0.isDuplicate)
        }
        return unsent as? Answer ?? answer
    }

    func commitDelay(after operation: StoreOperation) -> Duration? {
        operation == .append ? .milliseconds(20) : nil
    }
}
