/// The names that are known in every place, each with its sort of value in the contracts' examples.
enum KnownNames {
    // swift-format-ignore
    /// In no class: facts about devices, rules, states and records in the contracts' examples.
    static let table: [(sort: ValueSort, names: [String])] = [
        // objects that hold other fields
        (.objects,          ["metadata", "details", "body", "prevState", "newState"]),
        // ids
        (.identifier,       ["id", "uuid", "ou", "form_schema_revision_id", "people_form_schema_revision_id"]),
        (.identifiers,      ["ids"]),
        // what happened, and its sort
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

    /// The sort of value under a name, by the name's words, so that other spellings count as the same name; nil if it
    /// is not known in every place.
    static func sort(of words: [String]) -> ValueSort? { byWords[words.joined(separator: " ")] }

    private static let byWords = Dictionary(
        table.flatMap { row in row.names.map { (NameWords.split($0).joined(separator: " "), row.sort) } },
        uniquingKeysWith: { first, _ in first })
}
