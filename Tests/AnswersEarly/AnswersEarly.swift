import Foundation
import GatehouseCore
import GatehouseDelivery
import GatehouseDialects
import GatehouseGateway
import GatehouseServer
import GatehouseTesting
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
        let telling = Gateway.Telling(
            logger: Logger(label: "answers-early") { _ in SwiftLogNoOpLogHandler() }, metrics: PrometheusMetrics())
        let gateway = try await Gateway.build(
            settings, dialects: Dialects.all, telling: telling, wrapping: { FaultyStore(answeringEarly: $0) })
        async let ending: Void = gateway.run()
        if let address = await gateway.boundAddress() {
            FileHandle.standardOutput.write(Data("listening on http://\(address.host):\(address.port)\n".utf8))
        }
        try await ending
    }
}
