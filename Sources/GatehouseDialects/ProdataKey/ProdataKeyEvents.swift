internal import GatehouseCore

/// What ProdataKey calls things, in the order of its manual, and why it is silent of the rest.
enum ProdataKeyEvents {
    /// A kind that ProdataKey can say.
    struct Row: Sendable {
        let kind: Kind
        let topic: String
        let layout: ProdataKeyLayout
        /// The blocks that the topic says by itself, without a field for it, beside what its kind says of a passage.
        let said: JSON
    }

    // swift-format-ignore
    /// Topics of a tree's settings, permissions and cloud nodes.
    static let organizationRows: [Row] = [
        row(.organizationCreated,            "ou.created",                    .treeCreated),
        row(.organizationDeleted,            "ou.deleted",                    .treeDeleted),
        row(.organizationUpdated,            "ou.updated",                    .treeUpdated),
        row(.panelCreated,                   "panel.created",                 .node),
        row(.panelDeleted,                   "panel.deleted",                 .node),
        row(.panelUpdated,                   "panel.updated",                 .node),
        row(.permissionAccepted,             "permission.accepted",           .permissionAccepted),
        row(.permissionCreated,              "permission.created",            .permissionCreated),
        row(.permissionDeleted,              "permission.deleted",            .permissionDeleted),
        row(.permissionUpdated,              "permission.updated",            .permissionUpdated),
    ]

    // swift-format-ignore
    /// Topics of what happens at a cloud node: its doors, people, controllers and rules.
    static let panelRows: [Row] = [
        row(.doorForced,                     "door.alarm.forced",             .door()),
        row(.doorForcedCleared,              "door.alarm.forced.cleared",     .door()),
        row(.doorProppedAllCleared,          "door.alarm.propped.alloff",     .door()),
        row(.doorProppedCleared,             "door.alarm.propped.off",        .door()),
        row(.doorPropped,                    "door.alarm.propped.on",         .door()),
        row(.doorAutoOpenEnded,              "door.autoopen.off",             .door([.detail("ruleId")])),
        row(.doorAutoOpenStarted,            "door.autoopen.on",              .door([.detail("ruleId"), .detail("aoscan")], names: [.detail("ruleName")])),
        row(.doorAutoOpenOverrideEnded,      "door.autoopen.override.off",    .door()),
        row(.doorAutoOpenOverrideStarted,    "door.autoopen.override.on",     .door()),
        row(.doorForceCloseEnded,            "door.forceclose.off",           .door()),
        row(.doorForceCloseStarted,          "door.forceclose.on",            .door()),
        row(.doorForceOpenEnded,             "door.forceopen.off",            .door()),
        row(.doorForceOpenStarted,           "door.forceopen.on",             .door()),
        row(.doorClosed,                     "door.input.dps.closed",         .door()),
        row(.doorOpened,                     "door.input.dps.opened",         .door()),
        row(.doorLocked,                     "door.input.relay.off",          .door()),
        row(.doorUnlocked,                   "door.input.relay.on",           .door()),
        row(.doorExitReleased,               "door.input.rex.off",            .door()),
        row(.doorExitRequested,              "door.input.rex.on",             .door()),
        row(.accessVirtualRead,              "door.input.virtualread",        .virtualRead),
        row(.accessGranted,                  "door.request.allowed",          .passage([.requestFactor])),
        row(.accessDenied,                   "door.request.denied",           .passage([.requestFactor, .detail("explicit"), .detail("disabled")])),
        row(.accessDuress,                   "door.request.duress",           .passage()),
        row(.accessRecognized,               "door.request.found",            .passage([.requestFactor])),
        row(.accessMultiGranted,             "door.request.multiallowed",     .passage([.field("count", of: .access, .integer)])),
        row(.accessUnrecognized,             "door.request.unknown",          .door()),
        row(.controllerAdded,                "endpoint.added",                .controller("ioLinkId", "port", "address", "type")),
        row(.controllerCommunicationRestored, "endpoint.alarm.comloss.off",   .controller("ioLinkId", "address")),
        row(.controllerCommunicationLost,    "endpoint.alarm.comloss.on",     .controller("ioLinkId", "address")),
        row(.controllerRemoved,              "endpoint.deleted",              .controller("ioLinkId", "port", "address", "type")),
        row(.controllerBatteryHealth,        "endpoint.input.bh.state",       .controller("state", "ioLinkId", "address")),
        row(.controllerLowPowerEnded,        "endpoint.input.lp.off",         .controller("ioLinkId", "address")),
        row(.controllerLowPowerStarted,      "endpoint.input.lp.on",          .controller("ioLinkId", "address")),
        row(.controllerBatteryConnected,     "endpoint.input.pb.connected",   .controller("ioLinkId", "address")),
        row(.controllerBatteryDisconnected,  "endpoint.input.pb.disconnected", .controller("ioLinkId", "address")),
        row(.controllerBatteryStatus,        "endpoint.input.pb.status",      .controller("chargeCategory", "batteryLevel", "time", "current", "ioLinkId", "address")),
        row(.controllerPowerDisconnected,    "endpoint.input.pi.off",         .controller("ioLinkId", "address")),
        row(.controllerPowerConnected,       "endpoint.input.pi.on",          .controller("ioLinkId", "address")),
        row(.controllerPowerStatus,          "endpoint.input.pi.status",      .controller("voltage", "current", "inputPowerOn", "ioLinkId", "address")),
        row(.controllerOvercurrentEnded,     "endpoint.input.po.absent",      .controller("ioLinkId", "address")),
        row(.controllerOvercurrentStarted,   "endpoint.input.po.present",     .controller("ioLinkId", "address")),
        row(.controllerPeripheralPowerStatus, "endpoint.input.pp.status",     .controller("peripheralPowerOn", "voltage", "current", "ioLinkId", "address")),
        row(.entityAdded,                    "entity.added",                  .entity),
        row(.entityModified,                 "entity.modified",               .entity),
        row(.entityRemoved,                  "entity.removed",                .entity),
        row(.cardParseFailed,                "error.card.parse",              .plain("cardFormat", "errorMessage")),
        row(.bluetoothProtocolFailed,        "error.packetized.protocol",     .door()),
        row(.elevatorFloorGroupActivated,    "floorgroup.activated",          .plain("elevatorId", "readerId")),
        row(.commandSent,                    "notification.client.command",   .command),
        row(.deviceCreated,                  "notification.device.created",   .device),
        row(.deviceDeleted,                  "notification.device.deleted",   .device),
        row(.deviceUpdated,                  "notification.device.updated",   .deviceChange),
        row(.intercomCreated,                "notification.intercom.created", .intercom),
        row(.intercomDeleted,                "notification.intercom.deleted", .intercom),
        row(.intercomUpdated,                "notification.intercom.updated", .intercom),
        row(.personCreated,                  "notification.person.created",   .person, ["change": "created"]),
        row(.personDeleted,                  "notification.person.deleted",   .person, ["change": "deleted"]),
        row(.personUpdated,                  "notification.person.updated",   .person, ["change": "updated"]),
        row(.panelConnected,                 "panel.connected",               .connection(online: true)),
        row(.panelDisconnected,              "panel.disconnected",            .connection(online: false)),
    ]

    // swift-format-ignore
    /// What the contract has no topic for.
    static let silent: [(kinds: [Kind], reason: String)] = [
        ([.accessMultiDenied],             "the contract tells of several scans in sequence only where they end in an entry"),
        ([.doorLockHeld],                  "the contract tells of a door that is held open, not of a lock that is"),
        ([.doorEmergencyOpened, .doorFreeAccessOpened], "the contract tells that a lock opens, and of people and rules as the cause; it knows no such lock or button"),
        ([.panicRaised],                   "the contract knows duress by a PIN at a door alone, not a panic button"),
        ([.intercomTriggered, .callIncoming, .callOutgoing, .callMissed, .callWeb], "the contract tells how intercoms are set up, not what happens on them"),
        ([.deviceTampered, .deviceBooted, .deviceSipRegistrationLost], "the contract tells of a device's power and connection, not of its case, start or telephony"),
        ([.loginSucceeded, .loginFailed],  "the contract does not tell who logs in to a device"),
        ([.elevatorCalled, .elevatorCallFailed, .elevatorModuleFailed, .elevatorBondRequested], "of elevators the contract tells only that a floor group is activated"),
        ([.personBulkCreated, .personBulkUpdated, .personBulkDeleted], "the contract tells of one person per request, and one event of ours is one request"),
        ([.personAccessChanged, .personUnitChanged, .personZonesChanged, .personVehicleChanged, .personCredentialChanged, .personProfileChanged], "the contract tells what a person is given or loses as entity.modified, which is a kind of its own"),
        ([.credentialChanged, .credentialFingerprintChanged, .credentialFaceChanged], "the contract tells of credentials as entity.modified, which is a kind of its own"),
        ([.unitChanged, .zoneChanged, .vehicleChanged], "the contract knows neither units nor zones nor vehicles"),
        ([.serverResourceChanged],         "the contract tells of each device and controller by topics of their own"),
        ([.visitScheduled, .visitVisitorScheduled, .visitCheckedIn, .visitCheckedOut, .visitUpdated, .visitorChanged], "the contract knows no visits and no visitors"),
        ([.punchCreated, .punchUpdated, .attendanceCreated, .attendanceUpdated], "the contract keeps no time clock"),
        ([.alarmRaised, .securityBreached, .occurrenceRaised], "the contract knows the alarms of doors and controllers, each by its own topic, and no others"),
        ([.doorUnlockCommanded],           "the contract tells of commands that its own clients send, not of those that go through the gateway"),
        ([.subscriptionFailing, .subscriptionRecovered, .subscriptionDisabled, .deliveryDead, .sourceUnmapped, .gatewayTest], "the gateway tells this of itself, and the contract has no words for a gateway"),
    ]

    private static func row(
        _ kind: Kind, _ topic: String, _ layout: ProdataKeyLayout, _ said: JSON = [:]
    ) -> Row {
        Row(kind: kind, topic: topic, layout: layout, said: said)
    }
}

// MARK: Asking the table

extension ProdataKeyEvents {
    /// Every row, those of organizations first; a kind and a topic stand once.
    static let rows: [Row] = organizationRows + panelRows

    /// What a subscription to organization events may ask for; the contract lets nobody mix the two.
    static let organizationTopics = Set(organizationRows.map(\.topic))

    /// What a subscription to panel events may ask for.
    static let panelTopics = Set(panelRows.map(\.topic))

    static let vocabulary: Vocabulary = {
        var entries: [Kind: Vocabulary.Entry] = [:]
        for (kinds, reason) in silent {
            for kind in kinds { entries[kind] = .silent(reason: reason) }
        }
        for row in rows { entries[row.kind] = .named([VendorName(row.topic)]) }
        return Vocabulary(entries)
    }()

    /// The topic of a kind; nil where the contract is silent.
    static func topic(of kind: Kind) -> String? { row(of: kind)?.topic }

    /// The row of a kind; nil where the contract is silent.
    static func row(of kind: Kind) -> Row? { byKind[kind] }

    /// The row that an event gets from a hook, and what its topic requires and the event does not have: of the topics
    /// that the hook asks for the most pressing that can be told, so that a passage under duress is told as the alarm
    /// where the hook asks for that, else as what it is. Nil where it asks for none.
    static func row(for event: Event, to hook: Subscription) -> (row: Row, lacking: [String])? {
        let rows = hook.kindsToTell(of: event, whereDuressHasAName: true).lazy.compactMap { row(of: $0) }
            .filter { ProdataKeySettings.asksFor($0.topic, hook.terms) }
            .map { row in (row, row.layout.required.filter { !$0.place.isTold(by: event) }.map(\.key)) }
        return rows.first { $0.1.isEmpty } ?? rows.first
    }

    /// The row of a topic; nil for a word that the contract does not have.
    static func row(ofTopic topic: String) -> Row? { byTopic[topic] }

    private static let byKind = Dictionary(rows.map { ($0.kind, $0) }) { first, _ in first }
    private static let byTopic = Dictionary(rows.map { ($0.topic, $0) }) { first, _ in first }
}
