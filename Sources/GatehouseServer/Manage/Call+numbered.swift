internal import GatehouseCore

/// Things of the directory with the integers by which contracts know them that know integers alone. What has none yet
/// is given one now, as it would be by its first event: else its owner could not learn it before.
///
/// Where the store can give none the number is null and the answer stands: the thing was made, or is shown from memory.
extension Call {
    /// A panel with its `vendorNumber`: its own number, else the one that is given to it.
    func numbered(_ panel: Panel) async -> JSONObject {
        await numbered([panel]).first ?? panel.json
    }

    /// Panels, each with its `vendorNumber`, in their order.
    func numbered(_ panels: [Panel]) async -> [JSONObject] {
        let names = panels.filter { $0.number == nil }.map { Numbers.Name($0.organization, .panel, $0.id.text) }
        let given = Dictionary(zip(names, await numbers(of: names))) { first, _ in first }
        return panels.map { panel in
            let number = panel.number ?? given[Numbers.Name(panel.organization, .panel, panel.id.text)] ?? nil
            return panel.json.knownAs(number)
        }
    }

    /// An organization with its `vendorNumber`: Situator's `accountId`, 1UPVISION's `organization_id`.
    func numbered(_ organization: Organization) async -> JSONObject {
        await numbered([organization]).first ?? organization.json
    }

    /// Organizations, each with its `vendorNumber`, in their order.
    func numbered(_ organizations: [Organization]) async -> [JSONObject] {
        let names = organizations.map { Numbers.Name($0.id, .account, $0.id.text) }
        return zip(organizations, await numbers(of: names)).map { organization, number in
            organization.json.knownAs(number)
        }
    }

    private func numbers(of names: [Numbers.Name]) async -> [Int64?] {
        (try? await parts.store.numbers(of: names)) ?? Array(repeating: nil, count: names.count)
    }
}

extension JSONObject {
    fileprivate func knownAs(_ number: Int64?) -> JSONObject {
        var object = self
        object["vendorNumber"] = number.map { .integer($0) } ?? .null
        return object
    }
}
