internal import GatehouseCore

// The layouts of the topics, each named for the topics that have it. Those of one topic alone say how it differs.
extension ProdataKeyLayout {
    // MARK: Organization topics: flat, the topic at the end

    /// `ou.created`: without themes, which are for later.
    static let treeCreated = ProdataKeyLayout.tree([treeID, treeName] + applications + [parent, intercoms])
    static let treeDeleted = ProdataKeyLayout.tree([treeID, treeName] + applications + [parent, themes, intercoms])
    /// `ou.updated`: what can be changed stands before what cannot.
    static let treeUpdated = ProdataKeyLayout.tree([treeName] + applications + [themes, intercoms, treeID, parent])

    static let node = ProdataKeyLayout.tree([
        .required("id", .panel), .detail("name", or: .panelName), .detail("ou", or: .organization),
    ])

    static let permissionAccepted = ProdataKeyLayout.tree([
        ou, email, .field("name", of: .permission, .text), role, userId,
    ])
    /// `permission.created`: whoever is invited may be nobody's user yet.
    static let permissionCreated = ProdataKeyLayout.tree([
        ou, email, role, .field("userId", of: .permission, .code, or: .value(nil)),
    ])
    static let permissionDeleted = ProdataKeyLayout.tree([ou, email, role, userId])
    /// `permission.updated`: who did it stands in the middle.
    static let permissionUpdated = ProdataKeyLayout(members: [
        role, email, .user, .clientInfo, ou, userId, .topic,
    ])

    private static func tree(_ fields: [Member]) -> ProdataKeyLayout {
        ProdataKeyLayout(members: fields + [.user, .clientInfo, .topic])
    }

    private static let treeID = Member.required("id", .field(.organization, "id", .text))
    private static let treeName = Member.field("name", of: .organization, .text)
    private static let applications = ["useBluetoothCredentials", "useTouchMobileApp"].map {
        Member.field($0, of: .organization, .boolean, or: .value(false))
    }
    private static let parent = Member.field("parent", of: .organization, .code, or: .value(nil))
    private static let themes = Member.field("themes", of: .organization, .list, or: .value([]))
    private static let intercoms = Member.field("intercoms", of: .organization, .list, or: .value([]))

    private static let ou = Member.field("ou", of: .permission, .text, or: .organization)
    private static let email = Member.field("email", of: .permission, .text)
    private static let role = Member.field("role", of: .permission, .text)
    private static let userId = Member.field("userId", of: .permission, .code)

    // MARK: Panel topics: what happened in the body, when and by which names in the metadata

    static func panel(_ body: [Member], names: [Member] = []) -> ProdataKeyLayout {
        ProdataKeyLayout(members: [
            .id, .object("body", body), .object("metadata", [.occurred] + names), .panelId, .topic,
        ])
    }

    /// Something at a door, with what else is known of it.
    static func door(_ more: [Member] = [], names: [Member] = []) -> ProdataKeyLayout {
        .panel([.doorId] + more, names: [.doorName] + names)
    }

    /// Somebody at a door.
    static func passage(_ more: [Member] = []) -> ProdataKeyLayout { .door([.personId] + more) }

    /// Something about a controller, told by these details in this order.
    static func controller(_ details: String...) -> ProdataKeyLayout {
        .panel(details.map { .detail($0) }, names: [.detail("ioLinkName")])
    }

    /// Something about the panel itself, told by these details in this order.
    static func plain(_ details: String...) -> ProdataKeyLayout { .panel(details.map { .detail($0) }) }

    static let entity = ProdataKeyLayout.panel([.made, .detail("userId"), .detail("details"), .detail("action")])

    static let command = ProdataKeyLayout.panel([
        .made, .detail("userId"),
        .object("details", [.value(ProdataKeyField(key: "doorId", place: .doorNumber)), .doorName, .personId]),
        .detail("event"), .detail("result"),
    ])

    /// `notification.device.created` and `.deleted`: each property with its value where none was set, for our
    /// directory knows a device's name and number alone.
    static let device = ProdataKeyLayout.panel([
        .detail("port", or: .value(0)), .detail("wirelessAddress", or: .value("")),
        .detail("delay", or: .value(0)), .detail("dwell", or: .value(0)),
        .detail("dps", or: .value(false)), .detail("rex", or: .value(false)), .detail("name", or: .doorName),
        .detail("connection", or: .value(0)), .detail("forcedAlarm", or: .value(false)),
        .detail("autoOpenAfterFirstAllow", or: .value(false)), .detail("propAlarm", or: .value(false)),
        .detail("propDelay", or: .value(0)), .detail("inputTypes", or: .value([])),
        .detail("osdpAddress", or: .value(0)), .detail("metadata", or: .value([:])),
        .detail("reader", or: .value(.null)), .detail("type", or: .value("primaryReader")),
        .detail("publicIcon", or: .value("swingingDoor")), .detail("readerType", or: .value("standard")),
        .otherDetails, .required("id", .doorNumber),
    ])

    /// `notification.device.updated`: what was and what is, whatever of it the event tells.
    static let deviceChange = ProdataKeyLayout.panel([.otherDetails, .required("id", .doorNumber)])

    static let intercom = ProdataKeyLayout.panel([.otherDetails])

    /// A person belongs to no panel in our events, so the panel that told of one is a detail.
    static let person = ProdataKeyLayout(members: [
        .id, .object("body", [.otherDetails, .required("id", .personNumber)]), .object("metadata", [.occurred]),
        .required("panelId", .field(.details, "panelId", .text)), .topic,
    ])

    /// `door.input.virtualread`: no time, no names, and an order of its own.
    static let virtualRead = ProdataKeyLayout(members: [
        .object("body", [.personId, .doorId]), .id, .panelId, .topic, .object("metadata", []),
    ])

    /// `panel.connected` and `panel.disconnected`: no id, and a time in whole seconds. The contract's example of the
    /// second says `online` all the same, so what a source said is kept.
    static func connection(online: Bool) -> ProdataKeyLayout {
        ProdataKeyLayout(members: [
            .detail("ip"), .detail("online", or: .value(.bool(online))), .required("timestamp", .timestamp), .panelId,
            .topic,
        ])
    }
}
