public import GatehouseCore

/// Objects as literals, so that a fixture reads like the JSON that it stands for.
extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self.init(elements.map { Member($0, $1) })
    }
}
