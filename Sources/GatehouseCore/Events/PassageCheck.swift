/// Makes an event's kind and its `access` block agree, so that no reader has to choose between them.
enum PassageCheck {
    /// Fills in what the kind implies, and the defaults for what the reporter omitted.
    ///
    /// A contradictory urgent event counts as the more alarming of the two readings, and is flagged: let in rather than
    /// refused, under duress rather than not. It keeps its reported kind and is owed to the subscriptions to that kind;
    /// under duress it also counts as `access.duress` (``Event/kinds``).
    ///
    /// - Throws: ``ValidationError/Code/contradiction`` for a normal event that contradicts itself.
    static func settle(_ parts: inout Event.Parts) throws(ValidationError) {
        guard Catalogue.row(of: parts.kind).blocks.contains(.access) else { return }
        var access = parts.data["access"]?.object ?? JSONObject()
        if let field = contradiction(of: parts.kind, access) {
            guard parts.lane == .urgent else { throw fault(parts.kind, field, access) }
            parts.flag = .contradiction
        }
        var isFilledIn = false
        for field in Passage.fields {
            let value = Event.passage(field, of: parts.kind, access: access)
            guard let value, access[field] != value else { continue }
            access[field] = value
            isFilledIn = true
        }
        if isFilledIn { parts.data["access"] = .object(access) }
    }

    /// A direction `none` has no meaning.
    private static func contradiction(of kind: Kind, _ access: JSONObject) -> String? {
        Catalogue.passage(of: kind)?.says.members.first { said in
            access[said.key].map { $0 != said.value && $0 != "none" } ?? false
        }?.key
    }

    private static func fault(_ kind: Kind, _ field: String, _ access: JSONObject) -> ValidationError {
        let said = Catalogue.passage(of: kind)?.says[field]?.compact ?? ""
        return ValidationError(
            .contradiction, field: "data.access.\(field)",
            "\(kind.name) says \(field) \(said) by itself, and data.access.\(field) says "
                + "\(access[field]?.compact ?? ""): send the kind that happened, or leave the field out")
    }
}
