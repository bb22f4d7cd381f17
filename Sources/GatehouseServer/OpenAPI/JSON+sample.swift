internal import GatehouseCore

extension JSON {
    /// An example of the document, written as JSON text. Invalid JSON becomes null, which a test finds.
    init(sample text: String) {
        self = (try? JSONParser.parse(Array(text.utf8))) ?? .null
    }

    /// This object with the members of another, which replace its own.
    func with(_ change: JSON) -> JSON {
        var object = object ?? JSONObject()
        for member in change.object?.members ?? [] { object[member.key] = member.value }
        return .object(object)
    }

    /// A page with only this item.
    var page: JSON { ["items": [self], "next": nil] }
}
