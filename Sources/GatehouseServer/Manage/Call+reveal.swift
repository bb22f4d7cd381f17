internal import GatehouseCore

extension Call {
    /// Whether the caller asks by `reveal=true` for values that are masked otherwise.
    ///
    /// - Throws: ``ValidationError/Code/forbidden`` if the role may not manage, ``ValidationError/Code/outOfBounds``
    ///   for another word.
    func reveals() throws(ValidationError) -> Bool {
        switch query["reveal"] {
        case nil, "false": return false
        case "true": break
        default: throw ValidationError(.outOfBounds, field: "reveal", "reveal takes true or false; this is neither")
        }
        guard key.role.allows(.manage) else {
            let able = Role.allCases.filter { $0.allows(.manage) }.map(\.rawValue).joined(separator: " or ")
            throw ValidationError(
                .forbidden, field: "reveal",
                "a key of the role \(key.role.rawValue) is not shown secret values; it needs \(able)")
        }
        return true
    }
}
