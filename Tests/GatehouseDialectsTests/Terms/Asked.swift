internal import GatehouseCore
internal import GatehouseTesting

/// What a caller of the native API asks for.
enum Asked {
    static let context = Building.terms(in: Spoken.all.map(\.dialect))

    /// The least that a Standard subscription needs, and what is named.
    static func standard(_ more: JSONObject = [:]) -> JSONObject {
        var object: JSONObject = ["name": "Ours", "dialect": "standard", "url": "https://receiver.example/in"]
        for member in more.members { object[member.key] = member.value }
        return object
    }
}
