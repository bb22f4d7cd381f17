internal import GatehouseControl
internal import GatehouseCore

/// The JSON of panels and organizations, each with its `vendorNumber`.
extension VendorNumbers {
    /// A panel with its number.
    func json(_ panel: Panel) async -> JSONObject {
        await json([panel]).first ?? panel.json
    }

    /// Panels with their numbers, in their order.
    func json(_ panels: [Panel]) async -> [JSONObject] {
        zip(panels, await numbers(of: panels)).map { panel, number in panel.json.knownAs(number) }
    }

    /// An organization with its number.
    func json(_ organization: Organization) async -> JSONObject {
        await json([organization]).first ?? organization.json
    }

    /// Organizations with their numbers, in their order.
    func json(_ organizations: [Organization]) async -> [JSONObject] {
        zip(organizations, await numbers(of: organizations)).map { organization, number in
            organization.json.knownAs(number)
        }
    }
}

extension JSONObject {
    fileprivate func knownAs(_ number: Int64?) -> JSONObject {
        var object = self
        object["vendorNumber"] = number.map { .integer($0) } ?? .null
        return object
    }
}
