package import GatehouseCore

/// Objects as literals, so that a fixture reads like its JSON.
extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self.init(elements.map { Member($0, $1) })
    }
}
