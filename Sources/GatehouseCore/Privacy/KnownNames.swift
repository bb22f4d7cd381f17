/// The names that are known wherever they stand, each with the sort of value that the contracts' examples have there.
enum KnownNames {
    // swift-format-ignore
    /// In no class: what the contracts' examples tell of devices, rules, states and records.
    static let table: [(sort: ValueSort, names: [String])] = [
        // what holds other fields
        (.objects,          ["metadata", "details", "body", "prevState", "newState"]),
        // ids
        (.identifier,       ["id", "uuid", "ou", "form_schema_revision_id", "people_form_schema_revision_id"]),
        (.identifiers,      ["ids"]),
        // what happened, and of what sort
        (.word,             ["entityType", "action", "topic", "punch_type"]),
        (.wordOrUUID,       ["event"]),
        (.wordOrMeasure,    ["type", "subtype"]),
        (.oneOf(["access", "emergency", "info", "system"]),                     ["category"]),
        (.oneOf(["low", "medium", "high", "critical"]),                         ["priority"]),
        (.oneOf(["api", "gui"]),                                                ["channel"]),
        (.oneOf(CommandOutcome.Result.allCases.map(\.rawValue) + Outcome.words), ["outcome"]),
        // states of devices
        (.word,             ["state", "chargeCategory", "publicIcon", "readerType", "authenticationPolicy", "result"]),
        (.words,            ["inputTypes"]),
        (.flag,             ["inputPowerOn", "peripheralPowerOn", "online", "aoscan", "explicit", "disabled", "enabled", "dps", "rex",
                             "alarm", "forcedAlarm", "autoOpenAfterFirstAllow", "propAlarm", "derived",
                             "useBluetoothCredentials", "useTouchMobileApp"]),
        (.measure,          ["port", "osdpAddress", "connection", "voltage", "current", "batteryLevel", "partition", "delay", "dwell",
                             "propDelay", "phase", "floor", "lock"]),
        (.measures,         ["floors"]),
        (.objectsOrMeasure, ["reader"]),
        (.identifier,       ["wirelessAddress"]),
        // names of things that people chose
        (.name,             ["manufacturer"]),
        (.lettered,         ["cardFormat"]),
        // times
        (.time,             ["time", "occurred", "timestamp", "activeDate", "expireDate", "attendance_date", "created_at", "updated_at",
                             "punched_at", "checkedInAt", "checkedOutAt"]),
    ]

    /// The sort of value under a name, by the name's words, so that another spelling is the same name; nil for a name
    /// that is not known wherever it stands.
    static func sort(of words: [String]) -> ValueSort? { byWords[words.joined(separator: " ")] }

    private static let byWords = Dictionary(
        table.flatMap { row in row.names.map { (NameWords.split($0).joined(separator: " "), row.sort) } },
        uniquingKeysWith: { first, _ in first })
}
