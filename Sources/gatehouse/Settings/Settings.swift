import GatehouseGateway
import Logging

/// Everything that a gateway is told before it starts: its rooms' settings, and how it writes its log.
struct Settings: Sendable {
    /// What the gateway itself is told.
    var gateway = GatewaySettings()
    /// The file of the certificate to speak TLS with.
    var certificate: String?
    /// The file of that certificate's key.
    var certificateKey: String?
    /// The least important lines that are still written.
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
