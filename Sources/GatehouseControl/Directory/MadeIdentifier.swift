internal import GatehouseCore

/// Identifiers that a caller left out.
package enum MadeIdentifier {
    /// A new identifier of 64 random bits, `door_4f1d…`.
    package static func make(_ prefix: String) -> String {
        prefix + "_" + Hex.text((0..<8).map { _ in UInt8.random(in: .min ... .max) })
    }
}
