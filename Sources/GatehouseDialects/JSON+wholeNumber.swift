internal import GatehouseCore

extension JSON {
    /// The value as a whole number: a number, or text with the usual spelling of one. No other value is converted.
    var wholeNumber: JSON? {
        if integer != nil { return self }
        guard let text, let number = Int64(text), String(number) == text else { return .none }
        return .integer(number)
    }

    /// The value if it is right, else nothing: a plain `nil` would be JSON's null.
    func only(_ isRight: Bool) -> JSON? { isRight ? .some(self) : .none }

    /// Text or a whole number, as vendors write the codes of cards and people.
    var codeValue: JSON? {
        if let text, text.unicodeScalars.count <= FieldRule.longestCode { return self }
        return only(integer != nil)
    }
}
