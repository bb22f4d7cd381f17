import Foundation
package import GatehouseCore

extension SeededRandom {
    /// Begins at `GATEHOUSE_SEED`, which repeats a failed run, or at a new seed.
    package static func fresh() -> SeededRandom {
        let given = ProcessInfo.processInfo.environment["GATEHOUSE_SEED"].flatMap { UInt64($0) }
        return SeededRandom(seed: given ?? UInt64.random(in: .min ... .max))
    }
}
