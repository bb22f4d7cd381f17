internal import GatehouseCore

extension JSONObject {
    /// This object with more members, which replace those of the same name.
    func with(_ more: JSONObject) -> JSONObject {
        var object = self
        for member in more.members { object[member.key] = member.value }
        return object
    }
}
