internal import GatehouseCore

/// What a contract has under a key, by its documents and examples. Reporters may write anything into open blocks and
/// details: a body has what the contract has, or what stands for nothing.
enum BodySort: Hashable, Sendable {
    case text, integer, number, boolean, list, object
    /// Text or a whole number, as vendors write the codes of cards and people.
    case code
    /// Neither an object nor a list.
    case scalar
    case textOrObject
    /// The contract names no sort.
    case free

    /// The value as the contract has it; nil for one of another sort.
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
    /// Refuses a value of another sort than its place has, of the sorts that a reader cannot do without.
    func check(_ sort: BodySort) throws(ValidationError) {
        switch sort {
        case .text: _ = try text()
        case .integer: _ = try integer()
        case .boolean: _ = try boolean()
        case .number, .list, .object, .code, .scalar, .textOrObject, .free: break
        }
    }

    /// A vendor's id of an event: as long as CloudEvents' `id` may be here.
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
