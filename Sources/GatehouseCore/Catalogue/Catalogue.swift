/// Every kind of event that Gatehouse knows, in one table: kind, name, lane, allowed blocks, meaning, and who may
/// report it if that is not every source. Every kind may carry `zone`, `visitor`, `occurrence` and `details`.
public enum Catalogue {
    /// One kind, with the facts that hold for all its events.
    public struct Row: Sendable {
        /// The row's kind.
        public let kind: Kind
        /// Its name in an event's `type`.
        public let name: String
        /// The lane of its events, except events under duress.
        public let lane: Lane
        /// The blocks that its `data` may carry, including those that every kind may carry.
        public let blocks: Set<Block>
        /// Who may report it through `/v1/events`.
        public let teller: Teller
        /// What happened, in a few words.
        public let meaning: String
    }

    /// The row of a kind. Every kind has one: a test compares the table with the list of kinds.
    public static func row(of kind: Kind) -> Row { byKind[Int(kind.rawValue)] }

    /// The lane of an event: that of its kind, but urgent if a person acted under duress.
    public static func lane(of kind: Kind, duress: Bool) -> Lane {
        duress ? .urgent : row(of: kind).lane
    }

    /// The kinds about the state of deliveries. Only subscriptions that name such a kind get its events, and their own
    /// deliveries raise no further ones, so there is no endless chain.
    public static let raised = KindSet([
        .subscriptionFailing, .subscriptionRecovered, .subscriptionDisabled, .deliveryDead,
    ])

    static let kinds: [String: Kind] = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0.kind) })

    private static let byKind: [Row] = rows.sorted { $0.kind.rawValue < $1.kind.rawValue }

    private static func row(
        _ kind: Kind, _ name: String, _ lane: Lane, _ blocks: Set<Block>, _ meaning: String,
        _ teller: Teller = .source
    ) -> Row {
        let everywhere: Set<Block> = [.zone, .visitor, .occurrence, .details]
        return Row(
            kind: kind, name: name, lane: lane, blocks: blocks.union(everywhere), teller: teller, meaning: meaning)
    }

    // Sets of blocks that several kinds share.
    private static let passage: Set<Block> = [.panel, .door, .person, .credential, .access, .vehicle, .visitor]
    private static let atDoor: Set<Block> = [.panel, .door, .details]
    private static let atPanel: Set<Block> = [.panel, .details]
    private static let byPerson: Set<Block> = [.panel, .door, .person, .details]
    private static let ofPerson: Set<Block> = [.person, .change, .details]
    private static let ofHolder: Set<Block> = [.person, .credential, .change]
    private static let ofVisit: Set<Block> = [.visit, .visitor, .person, .change]
    private static let ofTree: Set<Block> = [.organization, .user, .clientInfo, .details]
    private static let ofNode: Set<Block> = [.panel, .user, .clientInfo, .details]
    private static let ofGrant: Set<Block> = [.permission, .user, .clientInfo]

    // swift-format-ignore
    /// The table, in its printed order.
    public static let rows: [Row] = [
        row(.accessGranted,                 "access.granted",                  .normal, passage,   "a credential holder is let in"),
        row(.accessDenied,                  "access.denied",                   .normal, passage,   "a known holder is refused"),
        row(.accessUnrecognized,            "access.unrecognized",             .normal, passage,   "a credential that nobody holds is presented"),
        row(.accessDuress,                  "access.duress",                   .urgent, passage,   "a credential is used under duress (access.authorized says how it went)"),
        row(.accessRecognized,              "access.recognized",               .normal, passage,   "a credential holder is recognized before any decision"),
        row(.accessMultiGranted,            "access.multi_granted",            .normal, passage,   "several holders in sequence are let in"),
        row(.accessMultiDenied,             "access.multi_denied",             .normal, passage,   "several holders in sequence are refused"),
        row(.accessVirtualRead,             "access.virtual_read",             .normal, passage,   "a credential scan is emulated (an app opens the door)"),

        row(.doorExitRequested,             "door.exit_requested",             .normal, [.panel, .door, .access], "a request-to-exit button is pressed"),
        row(.doorExitReleased,              "door.exit_released",              .normal, atDoor,    "a request-to-exit button is released"),
        row(.doorUnlocked,                  "door.unlocked",                   .normal, atDoor,    "the lock (relay) opens"),
        row(.doorLocked,                    "door.locked",                     .normal, atDoor,    "the lock (relay) closes"),
        row(.doorOpened,                    "door.opened",                     .normal, atDoor,    "the door position sensor opens"),
        row(.doorClosed,                    "door.closed",                     .normal, atDoor,    "the door position sensor closes"),
        row(.doorForced,                    "door.forced",                     .urgent, atDoor,    "the door is forced open"),
        row(.doorForcedCleared,             "door.forced_cleared",             .normal, atDoor,    "a forced alarm clears"),
        row(.doorPropped,                   "door.propped",                    .normal, atDoor,    "the door is held open"),
        row(.doorProppedCleared,            "door.propped_cleared",            .normal, atDoor,    "a prop alarm clears"),
        row(.doorProppedAllCleared,         "door.propped_all_cleared",        .normal, atDoor,    "prop alarms clear on all devices"),
        row(.doorLockHeld,                  "door.lock_held",                  .normal, atDoor,    "the lock stays open too long"),
        row(.doorEmergencyOpened,           "door.emergency_opened",           .urgent, atDoor,    "the emergency lock opens"),
        row(.doorFreeAccessOpened,          "door.free_access_opened",         .normal, atDoor,    "the free-access button opens the lock"),
        row(.doorAutoOpenStarted,           "door.auto_open_started",          .normal, atDoor,    "auto open turns on"),
        row(.doorAutoOpenEnded,             "door.auto_open_ended",            .normal, atDoor,    "auto open turns off"),
        row(.doorAutoOpenOverrideStarted,   "door.auto_open_override_started", .normal, atDoor,    "auto open is overridden"),
        row(.doorAutoOpenOverrideEnded,     "door.auto_open_override_ended",   .normal, atDoor,    "an auto open override clears"),
        row(.doorForceOpenStarted,          "door.force_open_started",         .normal, atDoor,    "a force open action starts"),
        row(.doorForceOpenEnded,            "door.force_open_ended",           .normal, atDoor,    "a force open action clears"),
        row(.doorForceCloseStarted,         "door.force_close_started",        .urgent, atDoor,    "a force close action (lockdown) starts"),
        row(.doorForceCloseEnded,           "door.force_close_ended",          .normal, atDoor,    "a force close action clears"),

        row(.panicRaised,                   "panic.raised",                    .urgent, byPerson,  "a panic button or code, or duress told as an occurrence"),

        row(.intercomTriggered,             "intercom.triggered",              .normal, byPerson,  "an intercom occurrence"),

        row(.callIncoming,                  "call.incoming",                   .normal, atDoor,    "an intercom receives a call"),
        row(.callOutgoing,                  "call.outgoing",                   .normal, atDoor,    "an intercom places a call"),
        row(.callMissed,                    "call.missed",                     .normal, atDoor,    "a placed call is not answered"),
        row(.callWeb,                       "call.web",                        .normal, atDoor,    "a call is placed from the web interface"),

        row(.deviceTampered,                "device.tampered",                 .urgent, atDoor,    "a device is tampered with"),
        row(.deviceBooted,                  "device.booted",                   .normal, atDoor,    "a device starts"),
        row(.deviceSipRegistrationLost,     "device.sip_registration_lost",    .normal, atDoor,    "a device loses its SIP registration"),

        row(.loginSucceeded,                "login.succeeded",                 .normal, atPanel,   "a login to a device succeeds"),
        row(.loginFailed,                   "login.failed",                    .normal, atPanel,   "a login to a device fails"),

        row(.elevatorCalled,                "elevator.called",                 .normal, atPanel,   "an elevator call succeeds"),
        row(.elevatorCallFailed,            "elevator.call_failed",            .normal, atPanel,   "an elevator call fails"),
        row(.elevatorModuleFailed,          "elevator.module_failed",          .normal, atPanel,   "an elevator module has an access error"),
        row(.elevatorBondRequested,         "elevator.bond_requested",         .normal, atPanel,   "a bonded elevator request"),
        row(.elevatorFloorGroupActivated,   "elevator.floor_group_activated",  .normal, atPanel,   "an elevator floor group is activated"),

        row(.controllerAdded,               "controller.added",                .normal, atPanel,   "a controller is added"),
        row(.controllerRemoved,             "controller.removed",              .normal, atPanel,   "a controller is deleted"),
        row(.controllerCommunicationLost,   "controller.communication_lost",   .normal, atPanel,   "communication with a controller is lost"),
        row(.controllerCommunicationRestored, "controller.communication_restored", .normal, atPanel,   "communication with a controller is back"),
        row(.controllerBatteryHealth,       "controller.battery_health",       .normal, atPanel,   "basic battery health"),
        row(.controllerBatteryStatus,       "controller.battery_status",       .normal, atPanel,   "detailed battery health"),
        row(.controllerBatteryConnected,    "controller.battery_connected",    .normal, atPanel,   "a battery is connected"),
        row(.controllerBatteryDisconnected, "controller.battery_disconnected", .normal, atPanel,   "a battery is disconnected"),
        row(.controllerLowPowerStarted,     "controller.low_power_started",    .normal, atPanel,   "a controller enters low power mode"),
        row(.controllerLowPowerEnded,       "controller.low_power_ended",      .normal, atPanel,   "a controller leaves low power mode"),
        row(.controllerPowerConnected,      "controller.power_connected",      .normal, atPanel,   "input power is connected"),
        row(.controllerPowerDisconnected,   "controller.power_disconnected",   .normal, atPanel,   "input power is disconnected"),
        row(.controllerPowerStatus,         "controller.power_status",         .normal, atPanel,   "input power readings"),
        row(.controllerOvercurrentStarted,  "controller.overcurrent_started",  .normal, atPanel,   "an overcurrent is detected"),
        row(.controllerOvercurrentEnded,    "controller.overcurrent_ended",    .normal, atPanel,   "an overcurrent is no longer detected"),
        row(.controllerPeripheralPowerStatus, "controller.peripheral_power_status", .normal, atPanel,   "peripheral power readings"),

        row(.cardParseFailed,               "card.parse_failed",               .normal, atPanel,   "a custom card format cannot be parsed"),

        row(.bluetoothProtocolFailed,       "bluetooth.protocol_failed",       .normal, [.panel, .door], "a Bluetooth credential cannot be processed"),

        row(.commandSent,                   "command.sent",                    .normal, byPerson,  "a client sends a command over its connection"),

        row(.entityAdded,                   "entity.added",                    .normal, atPanel,   "any directory entity is created"),
        row(.entityModified,                "entity.modified",                 .normal, atPanel,   "any directory entity is updated"),
        row(.entityRemoved,                 "entity.removed",                  .normal, atPanel,   "any directory entity is deleted"),

        row(.deviceCreated,                 "device.created",                  .normal, atDoor,    "a device (door hardware) is created"),
        row(.deviceUpdated,                 "device.updated",                  .normal, atDoor,    "a device is updated"),
        row(.deviceDeleted,                 "device.deleted",                  .normal, atDoor,    "a device is deleted"),

        row(.intercomCreated,               "intercom.created",                .normal, byPerson,  "an intercom is created"),
        row(.intercomUpdated,               "intercom.updated",                .normal, byPerson,  "an intercom is updated"),
        row(.intercomDeleted,               "intercom.deleted",                .normal, byPerson,  "an intercom is deleted"),

        row(.personCreated,                 "person.created",                  .normal, ofPerson,  "a person is registered"),
        row(.personUpdated,                 "person.updated",                  .normal, ofPerson,  "a person is edited"),
        row(.personDeleted,                 "person.deleted",                  .normal, ofPerson,  "a person is deleted"),
        row(.personBulkCreated,             "person.bulk_created",             .normal, ofPerson,  "people are registered in bulk"),
        row(.personBulkUpdated,             "person.bulk_updated",             .normal, ofPerson,  "people are edited in bulk"),
        row(.personBulkDeleted,             "person.bulk_deleted",             .normal, ofPerson,  "people are deleted in bulk"),
        row(.personAccessChanged,           "person.access_changed",           .normal, ofPerson,  "a person's access data changes"),
        row(.personUnitChanged,             "person.unit_changed",             .normal, ofPerson.union([.unit]),  "a person-unit association changes"),
        row(.personZonesChanged,            "person.zones_changed",            .normal, ofPerson,  "a person-zone association changes"),
        row(.personVehicleChanged,          "person.vehicle_changed",          .normal, ofPerson.union([.vehicle]),  "a person-vehicle association changes"),
        row(.personCredentialChanged,       "person.credential_changed",       .normal, ofPerson.union([.credential, .vehicle]),  "a credential-person association changes"),
        row(.personProfileChanged,          "person.profile_changed",          .normal, ofPerson,  "an access profile changes"),

        row(.credentialChanged,             "credential.changed",              .normal, ofHolder,  "a credential changes"),
        row(.credentialFingerprintChanged,  "credential.fingerprint_changed",  .normal, ofHolder,  "fingerprint biometrics change"),
        row(.credentialFaceChanged,         "credential.face_changed",         .normal, ofHolder,  "facial biometrics change"),

        row(.unitChanged,                   "unit.changed",                    .normal, [.unit, .change], "a unit changes"),

        row(.zoneChanged,                   "zone.changed",                    .normal, [.zone, .change], "a zone changes"),

        row(.vehicleChanged,                "vehicle.changed",                 .normal, [.vehicle, .person, .change], "a vehicle changes"),

        row(.serverResourceChanged,         "server_resource.changed",         .normal, [.panel, .door, .resource, .change], "a server resource changes"),

        row(.visitScheduled,                "visit.scheduled",                 .normal, ofVisit,   "a visit is scheduled or its schedule changes"),
        row(.visitVisitorScheduled,         "visit.visitor_scheduled",         .normal, ofVisit,   "a visitor is put on or taken off a schedule"),
        row(.visitCheckedIn,                "visit.checked_in",                .normal, ofVisit,   "a visitor checks in"),
        row(.visitCheckedOut,               "visit.checked_out",               .normal, ofVisit,   "a visitor checks out"),
        row(.visitUpdated,                  "visit.updated",                   .normal, ofVisit,   "a visit is edited"),

        row(.punchCreated,                  "punch.created",                   .normal, [.person, .punch, .details], "a time-clock punch"),
        row(.punchUpdated,                  "punch.updated",                   .normal, [.person, .punch, .details], "a punch is edited"),

        row(.attendanceCreated,             "attendance.created",              .normal, [.person, .attendance, .details], "an attendance record is created"),
        row(.attendanceUpdated,             "attendance.updated",              .normal, [.person, .attendance, .details], "an attendance record is edited"),

        row(.organizationCreated,           "organization.created",            .normal, ofTree,    "an organization is created", .admin),
        row(.organizationUpdated,           "organization.updated",            .normal, ofTree,    "an organization is updated", .admin),
        row(.organizationDeleted,           "organization.deleted",            .normal, ofTree,    "an organization is deleted", .admin),

        row(.panelCreated,                  "panel.created",                   .normal, ofNode,    "a panel (cloud node) is created", .admin),
        row(.panelUpdated,                  "panel.updated",                   .normal, ofNode,    "a panel is updated", .admin),
        row(.panelDeleted,                  "panel.deleted",                   .normal, ofNode,    "a panel is deleted", .admin),
        row(.panelConnected,                "panel.connected",                 .normal, atPanel,   "a panel comes online"),
        row(.panelDisconnected,             "panel.disconnected",              .normal, atPanel,   "a panel goes offline"),

        row(.permissionCreated,             "permission.created",              .normal, ofGrant,   "a permission is created", .admin),
        row(.permissionUpdated,             "permission.updated",              .normal, ofGrant,   "a permission is updated", .admin),
        row(.permissionDeleted,             "permission.deleted",              .normal, ofGrant,   "a permission is deleted", .admin),
        row(.permissionAccepted,            "permission.accepted",             .normal, ofGrant,   "a permission invitation is accepted", .admin),

        row(.alarmRaised,                   "alarm.raised",                    .urgent, atDoor,    "a fire, medical, emergency or silent alarm (details.alarm)"),

        row(.securityBreached,              "security.breached",               .urgent, atDoor,    "a breach that a security system reports as such"),

        row(.visitorChanged,                "visitor.changed",                 .normal, [.visitor, .change], "a visitor record changes"),

        row(.occurrenceRaised,              "occurrence.raised",               .normal, [.panel, .zone, .person, .occurrence], "an occurrence of a kind without a row of its own"),

        row(.doorUnlockCommanded,           "door.unlock_commanded",           .normal, atDoor,    "somebody asked the gateway to unlock a door; outcome and who", .gateway),

        row(.subscriptionFailing,           "subscription.failing",            .normal, [.subscription], "attempts to deliver to a subscription fail in a row, or an urgent delivery waits too long", .gateway),
        row(.subscriptionRecovered,         "subscription.recovered",          .normal, [.subscription], "a subscription that was failing takes deliveries again", .gateway),
        row(.subscriptionDisabled,          "subscription.disabled",           .normal, [.subscription], "the gateway stopped trying a subscription, and why", .gateway),

        row(.deliveryDead,                  "delivery.dead",                   .normal, [.subscription, .delivery], "deliveries to a subscription were given up", .gateway),

        row(.sourceUnmapped,                "source.unmapped",                 .normal, [.source], "an authentic message of a source that no kind fits", .gateway),

        row(.gatewayTest,                   "gateway.test",                    .normal, [],        "a test delivery", .gateway),
    ]
}
