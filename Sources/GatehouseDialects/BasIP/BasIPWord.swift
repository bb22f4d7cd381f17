internal import GatehouseCore

/// The contract's words for the identifiers of persons, and ours.
enum BasIPWord {
    // swift-format-ignore
    private static let types: [(form: AccessMeans.Form, type: String)] = [
        (.card,        "card"),
        (.pin,         "input_code"),
        (.qr,          "qr"),
        (.face,        "face"),
        (.fingerprint, "fingerprint"),
        (.mobile,      "mobile"),
        (.plate,       "license_plate"),
        (.other,       "other"),
    ]

    /// The contract's words for the category and the priority of an entry.
    static let categories = ["access", "info", "system", "emergency"]
    static let priorities = ["low", "medium", "high", "critical"]

    /// The word for the presented identifier; empty for none, or for two, because the contract has no word for two.
    static func type(of method: AccessMeans.Method) -> String {
        types.first { $0.form.method == method }?.type ?? ""
    }

    static func form(ofType type: String) -> AccessMeans.Form? { types.first { $0.type == type }?.form }
}
