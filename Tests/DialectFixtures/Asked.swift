internal import GatehouseCore
internal import GatehouseTesting

/// The requests of a caller of the native API.
enum Asked {
    static let context = Building.terms(in: Spoken.all.map(\.dialect))

    /// The smallest Standard subscription, with the named fields.
    static func standard(_ more: JSONObject = [:]) -> JSONObject {
        var object: JSONObject = ["name": "Ours", "dialect": "standard", "url": "https://receiver.example/in"]
        for member in more.members { object[member.key] = member.value }
        return object
    }
}
