package import GatehouseCore

/// The integers by which contracts know things that know integers alone. What has none yet is given one now, as it
/// would be by its first event: else its owner could not learn it before.
///
/// Where the store can give none the number is nil and the answer stands: the thing was made, or is shown from memory.
package struct VendorNumbers: Sendable {
    let store: any EventStore

    /// Asks a store.
    package init(store: any EventStore) { self.store = store }

    /// The numbers of panels, in their order: a panel's own, else the one that is given to it.
    package func numbers(of panels: [Panel]) async -> [Int64?] {
        let names = panels.filter { $0.number == nil }.map { Numbers.Name($0.organization, .panel, $0.id.text) }
        let given = Dictionary(zip(names, await numbers(of: names))) { first, _ in first }
        return panels.map { panel in
            panel.number ?? given[Numbers.Name(panel.organization, .panel, panel.id.text)] ?? nil
        }
    }

    /// The numbers of organizations, in their order: Situator's `accountId`, 1UPVISION's `organization_id`.
    package func numbers(of organizations: [Organization]) async -> [Int64?] {
        await numbers(of: organizations.map { Numbers.Name($0.id, .account, $0.id.text) })
    }

    private func numbers(of names: [Numbers.Name]) async -> [Int64?] {
        (try? await store.numbers(of: names)) ?? Array(repeating: nil, count: names.count)
    }
}
