internal import GatehouseCore

/// The topics of ProdataKey, in the order of its manual, and the reasons why other kinds have no topic.
enum ProdataKeyEvents {
    /// A kind with a topic in ProdataKey.
    struct Row: NameRow {
        let kind: Kind
        /// The topic.
        let name: String
        let layout: BodyLayout
        /// The blocks that follow from the topic, without a field for them, in addition to the facts of a passage's
        /// kind.
        let said: JSON
    }

    // swift-format-ignore
    /// Topics about a tree's settings, permissions and cloud nodes.
    static let organizationRows: [Row] = [
        row(.organizationCreated,            "ou.created",                    Body.treeCreated),
        row(.organizationDeleted,            "ou.deleted",                    Body.treeDeleted),
        row(.organizationUpdated,            "ou.updated",                    Body.treeUpdated),
        row(.panelCreated,                   "panel.created",                 Body.node),
        row(.panelDeleted,                   "panel.deleted",                 Body.node),
        row(.panelUpdated,                   "panel.updated",                 Body.node),
        row(.permissionAccepted,             "permission.accepted",           Body.permissionAccepted),
        row(.permissionCreated,              "permission.created",            Body.permissionCreated),
        row(.permissionDeleted,              "permission.deleted",            Body.permissionDeleted),
        row(.permissionUpdated,              "permission.updated",            Body.permissionUpdated),
    ]

    // swift-format-ignore
    /// Topics about a cloud node: its doors, people, controllers and rules.
    static let panelRows: [Row] = [
        row(.doorForced,                     "door.alarm.forced",             Body.door()),
        row(.doorForcedCleared,              "door.alarm.forced.cleared",     Body.door()),
        row(.doorProppedAllCleared,          "door.alarm.propped.alloff",     Body.door()),
        row(.doorProppedCleared,             "door.alarm.propped.off",        Body.door()),
        row(.doorPropped,                    "door.alarm.propped.on",         Body.door()),
        row(.doorAutoOpenEnded,              "door.autoopen.off",             Body.door([Body.detail("ruleId")])),
        row(.doorAutoOpenStarted,            "door.autoopen.on",              Body.door([Body.detail("ruleId"), Body.detail("aoscan")], names: [Body.detail("ruleName")])),
        row(.doorAutoOpenOverrideEnded,      "door.autoopen.override.off",    Body.door()),
        row(.doorAutoOpenOverrideStarted,    "door.autoopen.override.on",     Body.door()),
        row(.doorForceCloseEnded,            "door.forceclose.off",           Body.door()),
        row(.doorForceCloseStarted,          "door.forceclose.on",            Body.door()),
        row(.doorForceOpenEnded,             "door.forceopen.off",            Body.door()),
        row(.doorForceOpenStarted,           "door.forceopen.on",             Body.door()),
        row(.doorClosed,                     "door.input.dps.closed",         Body.door()),
        row(.doorOpened,                     "door.input.dps.opened",         Body.door()),
        row(.doorLocked,                     "door.input.relay.off",          Body.door()),
        row(.doorUnlocked,                   "door.input.relay.on",           Body.door()),
        row(.doorExitReleased,               "door.input.rex.off",            Body.door()),
        row(.doorExitRequested,              "door.input.rex.on",             Body.door()),
        row(.accessVirtualRead,              "door.input.virtualread",        Body.virtualRead),
        row(.accessGranted,                  "door.request.allowed",          Body.passage([Body.requestFactor])),
        row(.accessDenied,                   "door.request.denied",           Body.passage([Body.requestFactor, Body.detail("explicit"), Body.detail("disabled")])),
        row(.accessDuress,                   "door.request.duress",           Body.passage()),
        row(.accessRecognized,               "door.request.found",            Body.passage([Body.requestFactor])),
        row(.accessMultiGranted,             "door.request.multiallowed",     Body.passage([Body.field("count", of: .access, .integer)])),
        row(.accessUnrecognized,             "door.request.unknown",          Body.door()),
        row(.controllerAdded,                "endpoint.added",                Body.controller("ioLinkId", "port", "address", "type")),
        row(.controllerCommunicationRestored, "endpoint.alarm.comloss.off",   Body.controller("ioLinkId", "address")),
        row(.controllerCommunicationLost,    "endpoint.alarm.comloss.on",     Body.controller("ioLinkId", "address")),
        row(.controllerRemoved,              "endpoint.deleted",              Body.controller("ioLinkId", "port", "address", "type")),
        row(.controllerBatteryHealth,        "endpoint.input.bh.state",       Body.controller("state", "ioLinkId", "address")),
        row(.controllerLowPowerEnded,        "endpoint.input.lp.off",         Body.controller("ioLinkId", "address")),
        row(.controllerLowPowerStarted,      "endpoint.input.lp.on",          Body.controller("ioLinkId", "address")),
        row(.controllerBatteryConnected,     "endpoint.input.pb.connected",   Body.controller("ioLinkId", "address")),
        row(.controllerBatteryDisconnected,  "endpoint.input.pb.disconnected", Body.controller("ioLinkId", "address")),
        row(.controllerBatteryStatus,        "endpoint.input.pb.status",      Body.controller("chargeCategory", "batteryLevel", "time", "current", "ioLinkId", "address")),
        row(.controllerPowerDisconnected,    "endpoint.input.pi.off",         Body.controller("ioLinkId", "address")),
        row(.controllerPowerConnected,       "endpoint.input.pi.on",          Body.controller("ioLinkId", "address")),
        row(.controllerPowerStatus,          "endpoint.input.pi.status",      Body.controller("voltage", "current", "inputPowerOn", "ioLinkId", "address")),
        row(.controllerOvercurrentEnded,     "endpoint.input.po.absent",      Body.controller("ioLinkId", "address")),
        row(.controllerOvercurrentStarted,   "endpoint.input.po.present",     Body.controller("ioLinkId", "address")),
        row(.controllerPeripheralPowerStatus, "endpoint.input.pp.status",     Body.controller("peripheralPowerOn", "voltage", "current", "ioLinkId", "address")),
        row(.entityAdded,                    "entity.added",                  Body.entity),
        row(.entityModified,                 "entity.modified",               Body.entity),
        row(.entityRemoved,                  "entity.removed",                Body.entity),
        row(.cardParseFailed,                "error.card.parse",              Body.plain("cardFormat", "errorMessage")),
        row(.bluetoothProtocolFailed,        "error.packetized.protocol",     Body.door()),
        row(.elevatorFloorGroupActivated,    "floorgroup.activated",          Body.plain("elevatorId", "readerId")),
        row(.commandSent,                    "notification.client.command",   Body.command),
        row(.deviceCreated,                  "notification.device.created",   Body.device),
        row(.deviceDeleted,                  "notification.device.deleted",   Body.device),
        row(.deviceUpdated,                  "notification.device.updated",   Body.deviceChange),
        row(.intercomCreated,                "notification.intercom.created", Body.intercom),
        row(.intercomDeleted,                "notification.intercom.deleted", Body.intercom),
        row(.intercomUpdated,                "notification.intercom.updated", Body.intercom),
        row(.personCreated,                  "notification.person.created",   Body.person, ["change": "created"]),
        row(.personDeleted,                  "notification.person.deleted",   Body.person, ["change": "deleted"]),
        row(.personUpdated,                  "notification.person.updated",   Body.person, ["change": "updated"]),
        row(.panelConnected,                 "panel.connected",               Body.connection(online: true)),
        row(.panelDisconnected,              "panel.disconnected",            Body.connection(online: false)),
    ]

    // swift-format-ignore
    /// The kinds that the contract has no topic for.
    static let silent: [(kinds: [Kind], reason: String)] = [
        ([.accessMultiDenied],             "the contract reports several scans in sequence only if they end with an entry"),
        ([.doorLockHeld],                  "the contract reports a door that is held open, not a lock that is held open"),
        ([.doorEmergencyOpened, .doorFreeAccessOpened], "the contract reports that a lock opens, with people and rules as the cause; it has no such lock or button"),
        ([.panicRaised],                   "the contract has only duress by a PIN at a door, not a panic button"),
        ([.intercomTriggered, .callIncoming, .callOutgoing, .callMissed, .callWeb], "the contract reports how intercoms are configured, not their calls"),
        ([.deviceTampered, .deviceBooted, .deviceSipRegistrationLost], "the contract reports a device's power and connection, not its case, start or telephony"),
        ([.loginSucceeded, .loginFailed],  "the contract does not report who logs in to a device"),
        ([.elevatorCalled, .elevatorCallFailed, .elevatorModuleFailed, .elevatorBondRequested], "the contract reports only the activation of a floor group of elevators"),
        ([.personBulkCreated, .personBulkUpdated, .personBulkDeleted], "the contract reports one person per request, and one of our events is one request"),
        ([.personAccessChanged, .personUnitChanged, .personZonesChanged, .personVehicleChanged, .personCredentialChanged, .personProfileChanged], "the contract reports what a person gets or loses as entity.modified, which is another kind"),
        ([.credentialChanged, .credentialFingerprintChanged, .credentialFaceChanged], "the contract reports credentials as entity.modified, which is another kind"),
        ([.unitChanged, .zoneChanged, .vehicleChanged], "the contract has no units, zones or vehicles"),
        ([.serverResourceChanged],         "the contract has separate topics for devices and controllers"),
        ([.visitScheduled, .visitVisitorScheduled, .visitCheckedIn, .visitCheckedOut, .visitUpdated, .visitorChanged], "the contract has no visits and no visitors"),
        ([.punchCreated, .punchUpdated, .attendanceCreated, .attendanceUpdated], "the contract has no time clock"),
        ([.alarmRaised, .securityBreached, .occurrenceRaised], "the contract has only the alarms of doors and controllers, each with its own topic"),
        ([.doorUnlockCommanded],           "the contract reports commands of its own clients, not those that go through the gateway"),
        ([.subscriptionFailing, .subscriptionRecovered, .subscriptionDisabled, .deliveryDead, .sourceUnmapped, .gatewayTest], "the gateway reports this about itself, and the contract has no names for a gateway"),
    ]

    private typealias Body = ProdataKeyPayload

    private static func row(_ kind: Kind, _ topic: String, _ layout: BodyLayout, _ said: JSON = [:]) -> Row {
        Row(kind: kind, name: topic, layout: layout, said: said)
    }
}

// MARK: Asking the table

extension ProdataKeyEvents {
    /// Every row, those of organizations first; each kind and each topic occurs once.
    static let table = NameTable(
        organizationRows + panelRows, silent: silent, refusal: "ProdataKey has no topic")

    /// The topics for organization events; the contract does not allow both sorts in one subscription.
    static let organizationTopics = Set(organizationRows.map(\.name))

    /// The row of an event for a hook, and the required fields that the event lacks. It is the most urgent of the
    /// topics that the hook asks for and that can be written: a passage under duress is sent as the alarm if the hook
    /// asks for that, else under the topic of its own kind. Nil if the hook asks for none.
    static func row(for event: Event, to hook: Subscription) -> (row: Row, lacking: [String])? {
        let rows = hook.kindsToTell(of: event, whereDuressHasAName: true).lazy.compactMap { table.row(of: $0) }
            .filter { ProdataKeySettings.asksFor($0.name, hook.terms) }
            .map { row in (row, row.layout.lacking(in: event)) }
        return rows.first { $0.1.isEmpty } ?? rows.first
    }
}
