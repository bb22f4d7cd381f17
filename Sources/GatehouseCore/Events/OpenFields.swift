/// Judges fields that no block knows by their names alone: those inside `details` and other open blocks.
enum OpenFields {
    static func redacted(_ member: JSONObject.Member, to level: PrivacyLevel) -> JSONObject.Member? {
        if credentials.contains(member.key) { return nil }
        if level >= .noPersons, !harmless.contains(member.key) { return nil }
        return JSONObject.Member(member.key, redacted(member.value, to: level))
    }

    static func redacted(_ value: JSON, to level: PrivacyLevel) -> JSON {
        switch value {
        case .object(let object): .object(JSONObject(object.members.compactMap { redacted($0, to: level) }))
        case .array(let items): .array(items.map { redacted($0, to: level) })
        case .null, .bool, .number, .string: value
        }
    }

    /// Class C wherever it stands, in the vendors' spellings and ours.
    private static let credentials: Set<String> = [
        "number", "cardNumber", "card_number", "card_id", "cardId", "value", "wiegand26", "wiegand34", "code",
        "facilityCode", "facility_code", "pin", "PIN", "duressPin", "duress_pin", "password", "token", "secret", "qr",
        "qrContent", "qr_content", "qrCode", "fingerprint", "fingerprints", "template", "faceTemplate", "face_template",
        "faceImage", "face_image", "primary_face_image_url",
    ]

    /// In no class: what the vendors' examples tell of devices, rules and states. Everything else counts as personal.
    private static let harmless: Set<String> = [
        // identifiers and names of things
        "id", "ids", "doorId", "doorName", "panelId", "panelName", "personId", "userId", "groupId", "groupName",
        "ruleId",
        "ruleName", "readerId", "elevatorId", "ioLinkId", "ioLinkName", "shift_id", "person_id", "space_id",
        "organization_id", "attendance_id", "entityType", "action", "event", "type", "subtype", "topic", "category",
        "priority", "channel", "alarm", "lock", "floor", "floors",
        // states of devices
        "state", "port", "address", "wirelessAddress", "connection", "voltage", "current", "inputPowerOn",
        "peripheralPowerOn", "chargeCategory", "batteryLevel", "time", "occurred", "timestamp", "online", "aoscan",
        "explicit", "disabled", "enabled", "partition", "result", "dps", "rex", "delay", "dwell", "forcedAlarm",
        "autoOpenAfterFirstAllow", "propAlarm", "propDelay", "inputTypes", "osdpAddress", "reader", "publicIcon",
        "readerType", "authenticationPolicy", "manufacturer", "phase", "cardFormat", "activeDate", "expireDate",
        // commands to doors
        "outcome",
        // what holds others
        "metadata", "details", "body", "prevState", "newState", "shift", "attendance",
        // attendance
        "attendance_date", "created_at", "updated_at", "punched_at", "punch_type",
    ]
}
