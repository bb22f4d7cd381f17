/// Checks an event's data against the blocks that its kind may carry.
struct BlockCheck {
    let kind: Kind

    func data(of draft: JSONObject) throws(ValidationError) -> JSONObject {
        guard let value = draft["data"] else { return JSONObject() }
        guard let data = value.object else {
            throw ValidationError(.wrongType, field: "data", "data takes an object, not \(value.sort)")
        }
        for member in data.members { try check(member) }
        return data
    }

    private func check(_ member: JSONObject.Member) throws(ValidationError) {
        let field = "data.\(member.key)"
        guard let block = Block(rawValue: member.key) else {
            let hint = Nearest.hint(for: member.key, among: Block.allCases.lazy.map(\.rawValue))
            throw ValidationError(.unknownField, field: field, "there is no block \"\(member.key)\"\(hint)")
        }
        let allowed = Catalogue.row(of: kind).blocks
        guard allowed.contains(block) else {
            let names = Block.allCases.filter(allowed.contains).map(\.rawValue).joined(separator: ", ")
            throw ValidationError(
                .misplacedBlock, field: field,
                "an event of kind \(kind.name) carries no \(member.key); it may carry: \(names)")
        }
        try check(member.value, BlockTable.shape(of: block), field)
    }

    private func check(_ value: JSON, _ shape: BlockShape, _ field: String) throws(ValidationError) {
        switch shape {
        case .identifier:
            guard let text = value.text, IdentifierRule.allows(text) else {
                throw ValidationError(.wrongType, field: field, "\(field) takes an id: \(IdentifierRule.sentence)")
            }
        case .word(let words):
            if let complaint = FieldRule(field, .word(words)).complaint(value) {
                throw ValidationError(.outOfBounds, field: field, "\(field) \(complaint)")
            }
        case .fields(let rules): try check(value, rules, isOpen: false, field)
        case .open(let rules): try check(value, rules, isOpen: true, field)
        }
    }

    private func check(_ value: JSON, _ rules: [FieldRule], isOpen: Bool, _ field: String) throws(ValidationError) {
        guard let object = value.object else {
            throw ValidationError(.wrongType, field: field, "\(field) takes an object, not \(value.sort)")
        }
        for member in object.members {
            let path = "\(field).\(member.key)"
            guard let rule = rules.first(where: { $0.name == member.key }) else {
                if isOpen { continue }
                let hint = Nearest.hint(for: member.key, among: rules.lazy.map(\.name))
                let names = rules.map(\.name).joined(separator: ", ")
                throw ValidationError(
                    .unknownField, field: path,
                    "\(field) has no field \"\(member.key)\"\(hint) It has: \(names). What is not common goes into "
                        + "details")
            }
            if let complaint = rule.complaint(member.value) {
                throw ValidationError(.wrongType, field: path, "\(path) \(complaint)")
            }
        }
    }
}
