import GatehouseCore

extension MemoryStore: NumberStore {
    /// Decimals are their own numbers; nobody here asks for another.
    func numbers(of names: [Numbers.Name]) async throws(StoreError) -> [Int64] {
        guard await isReady() else { throw .unavailable("switched off") }
        return names.map { $0.ownNumber ?? Numbers.first }
    }
}
