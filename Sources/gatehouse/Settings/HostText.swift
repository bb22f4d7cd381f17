import GatehouseCore
import GatehouseDelivery

/// A host to listen on, as a person writes it: an address or a name of this machine, and nothing else.
enum HostText {
    /// What is wrong and what to do; nil if nothing is wrong.
    ///
    /// - Parameters:
    ///   - host: the name of the host setting, such as `host`.
    ///   - port: the name of the port setting, such as `--port`.
    static func flaw(in text: String, host: String = "host", port: String = "--port") -> String? {
        guard NetworkAddress(text) == nil else { return nil }
        let said = "'\(text)' is not a \(host) to listen on"
        if text.contains("://") { return "\(said): it is a URL; write its host alone, for example 127.0.0.1" }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if text.hasPrefix("[") {
            let inside = text.dropFirst().prefix { $0 != "]" }
            return
                "\(said): write an IPv6 address without brackets, such as \(inside.isEmpty ? "::1" : String(inside)), "
                + "and set the port with \(port)"
        }
        if parts.count == 2, !parts[0].isEmpty {
            let isNumber = UInt16(parts[1]) != nil
            return "\(said): it contains a port; write \(parts[0]), and set the port with \(port)"
                + (isNumber ? " \(parts[1])" : "")
        }
        if parts.count > 1 {
            return "\(said): write one address, for example 127.0.0.1 or ::1, and set the port with \(port)"
        }
        let isName = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || [0x2D, 0x2E, 0x5F].contains(byte)
        }
        return isName
            ? nil : "\(said): a host has letters, digits, hyphens and dots, or is an address such as 127.0.0.1"
    }
}
