extension Subscription {
    /// What every subscription shows beside its terms, without the values. A body that makes one does not set it.
    package static let shownBesideTerms: [String: ShownField] = [
        "hold": ShownField(nil, refusal: "hold is set by pause and resume: leave it out"),
        "created": ShownField(nil, refusal: "created is set by the gateway: leave it out"),
        "createdBy": ShownField(nil, refusal: "createdBy is set by the gateway: leave it out"),
        "health": ShownField(nil, refusal: "health is told by the gateway: leave it out"),
    ]

    /// What it shows beside its terms, with the values that a change may repeat.
    package var shownBesideTerms: [String: ShownField] {
        let values: [String: JSON] = [
            "hold": .string(hold.rawValue), "created": .string(RFC3339.text(created)), "createdBy": .text(maker),
        ]
        var shown = Self.shownBesideTerms.reduce(into: [:]) { shown, field in
            shown[field.key] = ShownField(values[field.key], refusal: field.value.refusal)
        }
        shown["id"] = ShownField(.string(id.text), refusal: "id cannot change: make another subscription")
        return shown
    }
}
