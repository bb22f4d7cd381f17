internal import GatehouseCore

// The layouts of the topics, each named after its topics. The comment of a layout with a single topic says how it
// differs.
extension ProdataKeyPayload {
    // MARK: Organization topics: flat, with the topic at the end

    /// `ou.created`: without themes, which are set later.
    static let treeCreated = tree([treeID, treeName] + applications + [parent, intercoms])
    static let treeDeleted = tree([treeID, treeName] + applications + [parent, themes, intercoms])
    /// `ou.updated`: the fields that can change come before those that cannot.
    static let treeUpdated = tree([treeName] + applications + [themes, intercoms, treeID, parent])

    static let node = tree([
        .field("id", .panel, .always), detail("name", or: .panelName), detail("ou", or: .organization),
    ])

    static let permissionAccepted = tree([ou, email, field("name", of: .permission, .text), role, userId])
    /// `permission.created`: an invited person may not be a user yet.
    static let permissionCreated = tree([
        ou, email, role, field("userId", of: .permission, .code, or: .always(.null)),
    ])
    static let permissionDeleted = tree([ou, email, role, userId])
    /// `permission.updated`: the author of the change is in the middle.
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

    // MARK: Panel topics: the facts in the body, time and names in the metadata

    static func panel(_ body: [BodyMember], names: [BodyMember] = []) -> BodyLayout {
        BodyLayout([
            id, .object("body", BodyLayout(body)), .object("metadata", BodyLayout([occurred] + names)), panelId, topic,
        ])
    }

    /// An event at a door, with further fields.
    static func door(_ more: [BodyMember] = [], names: [BodyMember] = []) -> BodyLayout {
        panel([doorId] + more, names: [doorName] + names)
    }

    /// A person at a door.
    static func passage(_ more: [BodyMember] = []) -> BodyLayout { door([personId] + more) }

    /// An event of a controller, with these details in this order.
    static func controller(_ details: String...) -> BodyLayout {
        panel(details.map { detail($0) }, names: [detail("ioLinkName")])
    }

    /// An event of the panel itself, with these details in this order.
    static func plain(_ details: String...) -> BodyLayout { panel(details.map { detail($0) }) }

    static let entity = panel([made, detail("userId"), detail("details"), detail("action")])

    static let command = panel([
        made, detail("userId"),
        .object("details", BodyLayout([.field("doorId", .doorNumber), doorName, personId])),
        detail("event"), detail("result"),
    ])

    /// `notification.device.created` and `.deleted`: each property with its default, because our directory knows only a
    /// device's name and number.
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

    /// `notification.device.updated`: the previous and the new state, as far as the event has them.
    static let deviceChange = panel([otherDetails, .field("id", .doorNumber, .always)])

    static let intercom = panel([otherDetails])

    /// A person belongs to no panel in our events, so the reporting panel is a detail: it is written if it is known,
    /// and is not required.
    static let person = BodyLayout([
        id, .object("body", BodyLayout([otherDetails, .field("id", .number(.person), .always)])),
        .object("metadata", BodyLayout([occurred])),
        .field("panelId", .detail("panelId", .text, isChecked: true), .toRead), topic,
    ])

    /// `door.input.virtualread`: no time, no names, and another order.
    static let virtualRead = BodyLayout([
        .object("body", BodyLayout([personId, doorId])), id, panelId, topic, .object("metadata", BodyLayout([])),
    ])

    /// `panel.connected` and `panel.disconnected`: no id, and a time in whole seconds. The contract's example of the
    /// second has `online` too, so the source's value is kept.
    static func connection(online: Bool) -> BodyLayout {
        BodyLayout([
            detail("ip"), detail("online", or: .always(.bool(online))),
            .field("timestamp", .spelledSeconds("timestamp"), .always), panelId, topic,
        ])
    }
}
