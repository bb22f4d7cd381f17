internal import GatehouseCore

extension PayloadValue {
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

    /// Refuses a value of another sort than its place has.
    func check(_ sort: ProdataKeyPlace.Sort) throws(ValidationError) {
        switch sort {
        case .text: _ = try text()
        case .integer: _ = try integer()
        case .boolean: _ = try boolean()
        case .number, .list, .object, .code, .scalar, .free: break
        }
    }
}
