extension JSONObject {
    /// This object with a merged change (RFC 7396): members are merged at every depth, `null` removes one.
    package func merged(with change: JSONObject) -> JSONObject {
        var merged = self
        for member in change.members {
            switch member.value {
            case .object(let inner):
                merged[member.key] = .object((merged[member.key]?.object ?? JSONObject()).merged(with: inner))
            case .null:
                merged[member.key] = nil
            case .bool, .number, .string, .array:
                merged[member.key] = member.value
            }
        }
        return merged
    }
}
