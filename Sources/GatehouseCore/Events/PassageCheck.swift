/// Makes an event's kind and its `access` block agree, so that no reader has to choose which of them to believe.
enum PassageCheck {
    /// Fills in what the kind says, and what holds where the reporter does not say.
    ///
    /// Where an urgent event contradicts itself it is taken as the more alarming of the two, and flagged: let in rather
    /// than refused, under duress rather than not. The kind stays as it was told, and subscriptions to it are owed it:
    /// under duress it is told as `access.duress` too (``Event/kinds``).
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
            let value = Event.passage(field, of: parts.kind, telling: access)
            guard let value, access[field] != value else { continue }
            access[field] = value
            isFilledIn = true
        }
        if isFilledIn { parts.data["access"] = .object(access) }
    }

    /// A direction `none` says nothing.
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
