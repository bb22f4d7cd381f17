/// The fields of every block: their content and their privacy class, in one table for validation and privacy, so that
/// every accepted field also has a rule for withholding it.
public enum BlockTable {
    /// The shape of a block.
    public static func shape(of block: Block) -> BlockShape {
        switch block {
        case .panel, .door: .identifier
        case .change: .word(["none", "created", "updated", "deleted"])
        case .zone: .fields([FieldRule("id", .text(128)), FieldRule("name", .text(200))])
        case .person: .fields(person)
        case .visitor: .fields(person + [FieldRule("company", .text(200), .person)])
        case .vehicle: .fields(vehicle)
        case .unit: .fields(unit)
        case .credential: .fields(credential)
        case .access: .fields(access)
        case .occurrence: .fields(occurrence)
        case .organization: .open(organization)
        case .permission: .open(permission)
        case .user: .open(person)
        case .clientInfo: .open(clientInfo)
        case .visit: .open(visit)
        case .punch: .open(punch)
        case .attendance: .open(attendance)
        case .resource: .open(resource)
        case .subscription: .open(subscription)
        case .delivery: .fields(delivery)
        case .source: .open(source)
        case .details: .open([])
        }
    }

    /// The rule of a block's field; nil if the block has no such field.
    static func rule(_ name: String, of block: Block) -> FieldRule? {
        switch shape(of: block) {
        case .identifier, .word: nil
        case .fields(let rules), .open(let rules): rules.first { $0.name == name }
        }
    }

    /// Every word of the word lists of a block and its fields.
    static func words(of block: Block) -> [String] {
        switch shape(of: block) {
        case .identifier: []
        case .word(let words): words
        case .fields(let rules), .open(let rules):
            rules.flatMap { rule -> [String] in
                if case .word(let words) = rule.content { words } else { [] }
            }
        }
    }

    /// The words for the means of access, in the order of Situator's `openingType` 0 to 15 (seed 000).
    static let methods = [
        "none", "fingerprint", "card", "password", "control", "qr", "virtual_key", "remote", "button", "face",
        "fingerprint_card", "card_password", "card_fingerprint_password", "fingerprint_password", "passive_tag", "lpr",
    ]

    /// The reasons that dialects know by name; any other reason is free text.
    static let reasons = ["remote_server", "shared", "unlinked"]

    // swift-format-ignore
    private static let person: [FieldRule] = [
        FieldRule("id",        .text(128)),
        FieldRule("firstName", .text(200),  .person),
        FieldRule("lastName",  .text(200),  .person),
        FieldRule("name",      .text(400),  .person),
        FieldRule("email",     .text(320),  .person),
        FieldRule("phone",     .text(64),   .person),
        FieldRule("birthDate", .text(32),   .person),
        FieldRule("photo",     .text(2000), .person),
        FieldRule("address",   .text(500),  .person),
        FieldRule("apartment", .text(100),  .person),
    ]

    // swift-format-ignore
    private static let vehicle: [FieldRule] = [
        FieldRule("id",    .text(128)),
        FieldRule("plate", .text(32),  .person),
        FieldRule("model", .text(200)),
        FieldRule("color", .text(64)),
    ]

    // swift-format-ignore
    private static let unit: [FieldRule] = [
        FieldRule("id",        .text(128)),
        FieldRule("name",      .text(200), .person),
        FieldRule("address",   .text(500), .person),
        FieldRule("apartment", .text(100), .person),
    ]

    // swift-format-ignore
    private static let credential: [FieldRule] = [
        FieldRule("id",           .text(128)),
        FieldRule("form",         .word(["card", "pin", "qr", "face", "fingerprint", "mobile", "plate", "other"])),
        FieldRule("number",       .code,    .credential),
        FieldRule("cardType",     .integer),
        FieldRule("value",        .code,    .credential),
        FieldRule("wiegand26",    .code,    .credential),
        FieldRule("wiegand34",    .code,    .credential),
        FieldRule("code",         .code,    .credential),
        FieldRule("facilityCode", .code,    .credential),
    ]

    // swift-format-ignore
    private static let access: [FieldRule] = [
        FieldRule("direction",  .word(["none", "entry", "exit"])),
        FieldRule("method",     .word(methods)),
        FieldRule("grantedBy",  .word(["identifier", "api", "call", "master_code", "remote_server", "shared", "button"])),
        FieldRule("authorized", .boolean),
        FieldRule("reason",     .text(500), .freeText(unless: reasons)),
        FieldRule("factor",     .text(64)),
        FieldRule("count",      .integer),
        FieldRule("duress",     .boolean),
    ]

    // swift-format-ignore
    private static let occurrence: [FieldRule] = [
        FieldRule("id",          .code),
        FieldRule("eventId",     .code),
        FieldRule("typeId",      .integer),
        FieldRule("subtype",     .integer),
        FieldRule("code",        .code),
        FieldRule("description", .text(1000), .freeText(unless: [])),
    ]

    // swift-format-ignore
    private static let organization: [FieldRule] = [
        FieldRule("id",                      .text(128)),
        FieldRule("name",                    .text(200)),
        FieldRule("parent",                  .free),
        FieldRule("timeZone",                .text(64)),
        FieldRule("useBluetoothCredentials", .boolean),
        FieldRule("useTouchMobileApp",       .boolean),
        FieldRule("themes",                  .free),
        FieldRule("intercoms",               .free),
    ]

    // swift-format-ignore
    private static let permission: [FieldRule] = [
        FieldRule("ou",     .text(128)),
        FieldRule("role",   .text(64)),
        FieldRule("userId", .free),
        FieldRule("email",  .text(320), .person),
        FieldRule("name",   .text(400), .person),
    ]

    // swift-format-ignore
    private static let clientInfo: [FieldRule] = [
        FieldRule("ipAddress", .text(64),   .person),
        FieldRule("userAgent", .text(1000), .person),
    ]

    // swift-format-ignore
    private static let visit: [FieldRule] = [
        FieldRule("id",           .code),
        FieldRule("checkedInAt",  .text(64)),
        FieldRule("checkedOutAt", .text(64)),
        FieldRule("scheduleId",   .code),
        FieldRule("purpose",      .text(1000), .freeText(unless: [])),
        FieldRule("host",         .free,       .person),
    ]

    // swift-format-ignore
    private static let punch: [FieldRule] = [
        FieldRule("id",             .code),
        FieldRule("punched_at",     .text(64)),
        FieldRule("punch_type",     .text(32)),
        FieldRule("space_id",       .code),
        FieldRule("organization_id", .code),
        FieldRule("created_at",     .text(64)),
        FieldRule("updated_at",     .text(64)),
        FieldRule("shift",          .free),
        FieldRule("attendance",     .free),
    ]

    // swift-format-ignore
    private static let attendance: [FieldRule] = [
        FieldRule("id",              .code),
        FieldRule("attendance_date", .text(32)),
        FieldRule("shift_id",        .code),
        FieldRule("person_id",       .code),
        FieldRule("created_at",      .text(64)),
        FieldRule("updated_at",      .text(64)),
    ]

    // swift-format-ignore
    private static let resource: [FieldRule] = [
        FieldRule("id",   .code),
        FieldRule("type", .text(64)),
        FieldRule("name", .text(200), .nameByType),
    ]

    // swift-format-ignore
    private static let subscription: [FieldRule] = [
        FieldRule("id",       .text(128)),
        FieldRule("name",     .text(200)),
        FieldRule("dialect",  .text(64)),
        FieldRule("reason",   .text(500)),
        FieldRule("since",    .text(64)),
        FieldRule("failures", .integer),
        FieldRule("waiting",  .integer),
        FieldRule("dead",     .integer),
        FieldRule("outcome",  .text(32)),
        FieldRule("status",   .integer),
    ]

    // swift-format-ignore
    private static let delivery: [FieldRule] = [
        FieldRule("id",       .text(32)),
        FieldRule("event",    .text(64)),
        FieldRule("kind",     .text(128)),
        FieldRule("lane",     .word(Lane.allCases.map(\.name))),
        FieldRule("attempts", .integer),
        FieldRule("outcome",  .text(32)),
        FieldRule("status",   .integer),
        FieldRule("reason",   .text(64)),
        FieldRule("count",    .integer),
    ]

    // swift-format-ignore
    private static let source: [FieldRule] = [
        FieldRule("id",      .text(128)),
        FieldRule("dialect", .text(64)),
        FieldRule("reason",  .text(500)),
    ]
}
