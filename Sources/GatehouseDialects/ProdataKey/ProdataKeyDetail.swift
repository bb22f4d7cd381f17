internal import GatehouseCore

/// The type of each name in our events' `details`, by the contract's examples: a reporter may write any type there, and
/// a body has a value of the contract's type or none.
enum ProdataKeyDetail {
    // swift-format-ignore
    private static let sorts: [(sort: BodySort, names: [String])] = [
        (.text,    ["ruleName", "ioLinkName", "address", "type", "state", "chargeCategory", "cardFormat", "errorMessage", "action", "event",
                    "ip", "name", "ou", "panelId", "manufacturer", "wirelessAddress", "publicIcon", "readerType", "activeDate", "expireDate",
                    "firstName", "lastName"]),
        (.integer, ["ruleId", "ioLinkId", "elevatorId", "readerId", "port", "occurred", "delay", "dwell", "connection", "propDelay",
                    "osdpAddress", "partition"]),
        (.number,  ["batteryLevel", "time", "current", "voltage"]),
        (.boolean, ["aoscan", "explicit", "disabled", "inputPowerOn", "peripheralPowerOn", "online", "dps", "rex", "forcedAlarm",
                    "autoOpenAfterFirstAllow", "propAlarm", "enabled"]),
        (.list,    ["inputTypes"]),
        (.object,  ["details", "metadata", "prevState", "newState"]),
        (.code,    ["userId", "id"]),
        (.scalar,  ["result", "reader", "authenticationPolicy"]),
    ]

    private static let byName = Dictionary(
        sorts.flatMap { sort, names in names.map { ($0, sort) } }, uniquingKeysWith: { first, _ in first })

    /// The type of a name; any type if the contract does not know the name.
    static func sort(of name: String) -> BodySort { byName[name] ?? .free }
}
