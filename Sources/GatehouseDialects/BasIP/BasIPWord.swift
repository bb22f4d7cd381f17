internal import GatehouseCore

/// The contract's words for how somebody identifies himself, and ours.
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

    /// The contract's words for the sort of an entry and how pressing it is.
    static let categories = ["access", "info", "system", "emergency"]
    static let priorities = ["low", "medium", "high", "critical"]

    /// The word for what was presented; empty where nothing was, or two things were, for which the contract has none.
    static func type(of method: AccessMeans.Method) -> String {
        types.first { $0.form.method == method }?.type ?? ""
    }

    static func form(ofType type: String) -> AccessMeans.Form? { types.first { $0.type == type }?.form }
}
