internal import GatehouseCore

extension EventID {
    /// Reads the 16 bytes that ``bytes`` wrote.
    init(bytes: [UInt8]) {
        let halves = [bytes.prefix(8), bytes.dropFirst(8)].map { $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        self.init(high: halves[0], low: halves[1])
    }
}
