internal import GatehouseCore

extension JSON {
    /// An example of the document, written as a caller would write it. Text that is no JSON becomes null, which a test
    /// finds.
    init(sample text: String) {
        self = (try? JSONParser.parse(Array(text.utf8))) ?? .null
    }

    /// This object with those of another put in place of its own.
    func with(_ change: JSON) -> JSON {
        var object = object ?? JSONObject()
        for member in change.object?.members ?? [] { object[member.key] = member.value }
        return .object(object)
    }

    /// A page that has just this item.
    var page: JSON { ["items": [self], "next": nil] }
}
