internal import GatehouseControl
internal import GatehouseCore

/// Records when keys were last used, all of them together.
struct KeyUseKeeping: Sendable {
    static let interval = Duration.seconds(60)

    let uses: KeyUses

    func keep() async throws(StoreError) { try await uses.keep() }
}
