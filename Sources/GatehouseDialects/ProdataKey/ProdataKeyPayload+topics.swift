internal import GatehouseCore

// The layouts of the topics, each named for the topics that have it. Those of one topic alone say how it differs.
extension ProdataKeyPayload {
    // MARK: Organization topics: flat, the topic at the end

    /// `ou.created`: without themes, which are for later.
    static let treeCreated = tree([treeID, treeName] + applications + [parent, intercoms])
    static let treeDeleted = tree([treeID, treeName] + applications + [parent, themes, intercoms])
    /// `ou.updated`: what can be changed stands before what cannot.
    static let treeUpdated = tree([treeName] + applications + [themes, intercoms, treeID, parent])

    static let node = tree([
        .field("id", .panel, .always), detail("name", or: .panelName), detail("ou", or: .organization),
    ])

    static let permissionAccepted = tree([ou, email, field("name", of: .permission, .text), role, userId])
    /// `permission.created`: whoever is invited may be nobody's user yet.
    static let permissionCreated = tree([
        ou, email, role, field("userId", of: .permission, .code, or: .always(.null)),
    ])
    static let permissionDeleted = tree([ou, email, role, userId])
    /// `permission.updated`: who did it stands in the middle.
    static let permissionUpdated = BodyLayout([role, email, user, clientInfo, ou, userId, topic])

    private static func tree(_ fields: [BodyMember]) -> BodyLayout {
        BodyLayout(fields + [user, clientInfo, topic])
    }

    private static let treeID = BodyMember.field("id", .field(.organization, "id", .text), .always)
    private static let treeName = field("name", of: .organization, .text)
    private static let applications = ["useBluetoothCredentials", "useTouchMobileApp"].map {
        field($0, of: .organization, .boolean, or: .always(false))
    }
    private static let parent = field("parent", of: .organization, .code, or: .always(.null))
    private static let themes = field("themes", of: .organization, .list, or: .always([]))
    private static let intercoms = field("intercoms", of: .organization, .list, or: .always([]))

    private static let ou = field("ou", of: .permission, .text, or: .organization)
    private static let email = field("email", of: .permission, .text)
    private static let role = field("role", of: .permission, .text)
    private static let userId = field("userId", of: .permission, .code)

    // MARK: Panel topics: what happened in the body, when and by which names in the metadata

    static func panel(_ body: [BodyMember], names: [BodyMember] = []) -> BodyLayout {
        BodyLayout([
            id, .object("body", BodyLayout(body)), .object("metadata", BodyLayout([occurred] + names)), panelId, topic,
        ])
    }

    /// Something at a door, with what else is known of it.
    static func door(_ more: [BodyMember] = [], names: [BodyMember] = []) -> BodyLayout {
        panel([doorId] + more, names: [doorName] + names)
    }

    /// Somebody at a door.
    static func passage(_ more: [BodyMember] = []) -> BodyLayout { door([personId] + more) }

    /// Something about a controller, told by these details in this order.
    static func controller(_ details: String...) -> BodyLayout {
        panel(details.map { detail($0) }, names: [detail("ioLinkName")])
    }

    /// Something about the panel itself, told by these details in this order.
    static func plain(_ details: String...) -> BodyLayout { panel(details.map { detail($0) }) }

    static let entity = panel([made, detail("userId"), detail("details"), detail("action")])

    static let command = panel([
        made, detail("userId"),
        .object("details", BodyLayout([.field("doorId", .doorNumber), doorName, personId])),
        detail("event"), detail("result"),
    ])

    /// `notification.device.created` and `.deleted`: each property with its value where none was set, for our
    /// directory knows a device's name and number alone.
    static let device = panel([
        detail("port", or: .always(0)), detail("wirelessAddress", or: .always("")),
        detail("delay", or: .always(0)), detail("dwell", or: .always(0)),
        detail("dps", or: .always(false)), detail("rex", or: .always(false)), detail("name", or: .doorName),
        detail("connection", or: .always(0)), detail("forcedAlarm", or: .always(false)),
        detail("autoOpenAfterFirstAllow", or: .always(false)), detail("propAlarm", or: .always(false)),
        detail("propDelay", or: .always(0)), detail("inputTypes", or: .always([])),
        detail("osdpAddress", or: .always(0)), detail("metadata", or: .always([:])),
        detail("reader", or: .always(.null)), detail("type", or: .always("primaryReader")),
        detail("publicIcon", or: .always("swingingDoor")), detail("readerType", or: .always("standard")),
        otherDetails, .field("id", .doorNumber, .always),
    ])

    /// `notification.device.updated`: what was and what is, whatever of it the event tells.
    static let deviceChange = panel([otherDetails, .field("id", .doorNumber, .always)])

    static let intercom = panel([otherDetails])

    /// A person belongs to no panel in our events, so the panel that told of one is a detail: it is written where it is
    /// told, and is not required.
    static let person = BodyLayout([
        id, .object("body", BodyLayout([otherDetails, .field("id", .number(.person), .always)])),
        .object("metadata", BodyLayout([occurred])),
        .field("panelId", .detail("panelId", .text, isChecked: true), .toRead), topic,
    ])

    /// `door.input.virtualread`: no time, no names, and an order of its own.
    static let virtualRead = BodyLayout([
        .object("body", BodyLayout([personId, doorId])), id, panelId, topic, .object("metadata", BodyLayout([])),
    ])

    /// `panel.connected` and `panel.disconnected`: no id, and a time in whole seconds. The contract's example of the
    /// second says `online` all the same, so what a source said is kept.
    static func connection(online: Bool) -> BodyLayout {
        BodyLayout([
            detail("ip"), detail("online", or: .always(.bool(online))),
            .field("timestamp", .spelledSeconds("timestamp"), .always), panelId, topic,
        ])
    }
}
