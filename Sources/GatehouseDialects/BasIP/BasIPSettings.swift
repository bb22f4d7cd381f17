internal import GatehouseCore

/// The `settings` of a subscription of this dialect: `event_types`, the names that trigger it, `max_retries`, and a
/// `description` for people.
enum BasIPSettings {
    /// How often a delivery may be tried again.
    static let retries = 0...5
    /// The longest description, in characters.
    static let longestDescription = 1000

    static func asksFor(_ name: String, _ terms: Terms) -> Bool {
        terms.settings["event_types"]?.items?.contains(.string(name)) ?? false
    }

    /// The names that trigger it.
    static func eventTypes(of terms: Terms) -> [String] {
        terms.settings["event_types"]?.items?.compactMap(\.text) ?? []
    }

    static func maxRetries(of terms: Terms) -> Int {
        Int(terms.settings["max_retries"]?.integer ?? Int64(retries.upperBound))
    }

    static func description(of terms: Terms) -> String { terms.settings["description"]?.text ?? "" }

    static func faults(in terms: Terms) -> [ValidationError] {
        terms.settings.members.compactMap { member in
            ["event_types", "max_retries", "description"].contains(member.key)
                ? nil
                : ValidationError(
                    .unknownField, field: "settings.\(member.key)",
                    "this dialect has the settings event_types, max_retries and description")
        } + faults(inEventTypesOf: terms.settings) + faults(inMaxRetriesOf: terms.settings)
            + faults(inDescriptionOf: terms.settings)
    }

    private static func faults(inEventTypesOf settings: JSONObject) -> [ValidationError] {
        func fault(_ code: ValidationError.Code, _ sentence: String) -> [ValidationError] {
            [ValidationError(code, field: "settings.event_types", sentence)]
        }
        guard let value = settings["event_types"] else {
            return fault(.missingField, "event_types is missing: the names that trigger the webhook")
        }
        let names = value.items?.compactMap(\.text) ?? []
        guard let items = value.items, items.count == names.count, !names.isEmpty else {
            return fault(.wrongType, "event_types takes a list of at least one name")
        }
        guard let unknown = names.first(where: { BasIPEvents.table.row(named: $0) == nil }) else { return [] }
        let hint = Nearest.hint(for: unknown, among: BasIPEvents.table.names)
        return fault(.outOfBounds, "there is no event type \"\(unknown)\"\(hint)")
    }

    private static func faults(inMaxRetriesOf settings: JSONObject) -> [ValidationError] {
        guard let value = settings["max_retries"] else {
            return [ValidationError(.missingField, field: "settings.max_retries", "max_retries is missing: 0 to 5")]
        }
        guard let number = value.integer, retries.contains(Int(clamping: number)) else {
            return [
                ValidationError(
                    .outOfBounds, field: "settings.max_retries", "max_retries takes a whole number from 0 to 5")
            ]
        }
        return []
    }

    private static func faults(inDescriptionOf settings: JSONObject) -> [ValidationError] {
        guard let value = settings["description"] else { return [] }
        guard let text = value.text, text.unicodeScalars.count <= longestDescription else {
            return [
                ValidationError(
                    .outOfBounds, field: "settings.description",
                    "description takes text of at most \(longestDescription) characters")
            ]
        }
        return []
    }
}
