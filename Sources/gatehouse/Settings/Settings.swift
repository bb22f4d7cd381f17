import GatehouseGateway
import Logging

/// All settings of the process: those of the gateway's modules, and the form of the log.
struct Settings: Sendable {
    /// The settings of the gateway.
    var gateway = GatewaySettings()
    /// The file of the TLS certificate.
    var certificate: String?
    /// The file of that certificate's key.
    var certificateKey: String?
    /// The lowest level of lines that are written.
    var logLevel = Logger.Level.info
    /// How lines are written.
    var logFormat = LogFormat.text

    /// How lines of the log are written.
    enum LogFormat: String, CaseIterable, Sendable {
        /// For people.
        case text
        /// One JSON object a line, for programs.
        case json
    }
}
