internal import GatehouseCore

/// The type of a value in a contract, by its documents and examples. Reporters may write any type into open blocks and
/// details: a body has a value of the contract's type, or the blank.
enum BodySort: Hashable, Sendable {
    case text, integer, number, boolean, list, object
    /// Text or a whole number, as vendors write the codes of cards and people.
    case code
    /// Neither an object nor a list.
    case scalar
    case textOrObject
    /// The contract does not define a type.
    case free

    /// The value as the contract has it; nil for a value of another type.
    func fitted(_ value: JSON) -> JSON? {
        switch self {
        case .text: value.only(value.text != nil)
        case .integer: value.wholeNumber
        case .number:
            if case .number = value { value } else { JSON?.none }
        case .boolean: value.only(value.bool != nil)
        case .list: value.only(value.items != nil)
        case .object: value.only(value.object != nil)
        case .code: value.codeValue
        case .scalar: value.only(value.items == nil && value.object == nil)
        case .textOrObject: value.only(value.text != nil || value.object != nil)
        case .free: value
        }
    }
}

extension PayloadValue {
    /// Refuses a value of another type, for the types that a reader requires.
    func check(_ sort: BodySort) throws(ValidationError) {
        switch sort {
        case .text: _ = try text()
        case .integer: _ = try integer()
        case .boolean: _ = try boolean()
        case .number, .list, .object, .code, .scalar, .textOrObject, .free: break
        }
    }

    /// A vendor's id of an event: with the length limit of our CloudEvents' `id`.
    func identity() throws(ValidationError) -> String {
        let text = try text()
        guard (1...256).contains(text.utf8.count) else {
            throw ValidationError(.outOfBounds, field: path, "\(path) takes 1 to 256 bytes of text")
        }
        return text
    }

    /// An id that can be one of our directory's.
    func identifier() throws(ValidationError) -> String {
        let text = try text()
        guard IdentifierRule.allows(text) else {
            throw ValidationError(.outOfBounds, field: path, "\(path) takes \(IdentifierRule.sentence)")
        }
        return text
    }
}
