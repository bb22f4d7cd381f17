internal import GatehouseCore

extension JSON {
    /// The whole number that stands here where a contract has one: a number, or a text that spells one as it is always
    /// spelled. Nothing else is made to fit.
    var wholeNumber: JSON? {
        if integer != nil { return self }
        guard let text, let number = Int64(text), String(number) == text else { return .none }
        return .integer(number)
    }

    /// The value where it is right, else nothing: `nil` alone would be JSON's null.
    func only(_ isRight: Bool) -> JSON? { isRight ? .some(self) : .none }

    /// Text or a whole number, as vendors write the codes of cards and people.
    var codeValue: JSON? {
        if let text, text.unicodeScalars.count <= FieldRule.longestCode { return self }
        return only(integer != nil)
    }
}
