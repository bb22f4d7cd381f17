internal import GatehouseCore

/// The event names of BAS-IP, in the order of its page, and the reasons why other kinds have no name.
enum BasIPEvents {
    /// A name of the contract.
    struct Row: NameRow {
        let name: String
        /// The kind of a body with this name; each name has one kind.
        let kind: Kind
        /// The condition on an event of that kind to get this name and not another.
        let mark: Mark
        /// The log's text for it.
        let title: String
        let category: String
        let priority: String
    }

    /// The condition that selects among the names of one kind. The conditions of a kind are checked in this order, and
    /// the first that is true decides.
    enum Mark: Hashable, Sendable {
        case reason(String)
        case means(AccessMeans.Form)
        case grant(AccessMeans.Grant)
        case channel(String)
        /// All other events of the kind.
        case none

        func holds(for data: JSONObject, by means: AccessMeans) -> Bool {
            switch self {
            case .reason(let word): data["access"]?["reason"]?.text == word
            case .means(let form): means.method == form.method
            case .grant(let grant): means.grant == grant
            case .channel(let word): data["details"]?["channel"]?.text == word
            case .none: true
            }
        }

        var rank: Int {
            switch self {
            case .reason: 0
            case .means: 1
            case .grant, .channel: 2
            case .none: 3
            }
        }
    }

    // swift-format-ignore
    /// One row for each name.
    private static let rows: [Row] = [
        row("access_denied_by_not_valid_identifier",             .accessDenied,              .none,                       "Access denied by a not valid identifier",            "access medium"),
        row("access_denied_by_not_valid_face_identifier",        .accessDenied,              .means(.face),               "Access denied by a not valid face",                  "access medium"),
        row("access_denied_by_not_valid_input_code",             .accessUnrecognized,        .means(.pin),                "Access denied by a not valid input code",            "access medium"),
        row("access_denied_by_remote_server_api_call",           .accessDenied,              .reason("remote_server"),    "Access denied by the remote server",                 "access medium"),
        row("access_denied_by_unknown_card",                     .accessUnrecognized,        .means(.card),               "Access denied by an unknown card",                   "access medium"),
        row("access_granted_by_api_call",                        .accessGranted,             .grant(.api),                "Access granted by an API call",                      "access low"),
        row("access_granted_by_call_host",                       .accessGranted,             .grant(.call),               "Access granted by the called host",                  "access low"),
        row("access_granted_by_master_code",                     .accessGranted,             .grant(.masterCode),         "Access granted by the master code",                  "access low"),
        row("access_granted_by_remote_server_api_call",          .accessGranted,             .grant(.remoteServer),       "Access granted by the remote server",                "access low"),
        row("access_granted_by_valid_identifier",                .accessGranted,             .none,                       "Access granted by a valid identifier",               "access low"),
        row("door_was_closed",                                   .doorLocked,                .none,                       "The door was closed",                                "access low"),
        row("door_sensor_was_closed",                            .doorClosed,                .none,                       "The door sensor was closed",                         "access low"),
        row("door_was_opened",                                   .doorUnlocked,              .none,                       "The door was opened",                                "access low"),
        row("door_sensor_was_opened",                            .doorOpened,                .none,                       "The door sensor was opened",                         "access low"),
        row("emergency_lock_is_opened",                          .doorEmergencyOpened,       .none,                       "The emergency lock is opened",                       "emergency critical"),
        row("lock_is_opened_to_long",                            .doorLockHeld,              .none,                       "The lock is open for too long",                      "access high"),
        row("lock_was_opened_by_exit_btn",                       .doorExitRequested,         .none,                       "The lock was opened by the exit button",             "access low"),
        row("lock_was_opened_by_free_access_button",             .doorFreeAccessOpened,      .none,                       "The lock was opened by the free access button",      "access low"),
        row("incoming_call",                                     .callIncoming,              .none,                       "Incoming call",                                      "info low"),
        row("outgoing_call",                                     .callOutgoing,              .none,                       "Outgoing call",                                      "info low"),
        row("outgoing_call_missed",                              .callMissed,                .none,                       "Outgoing call missed",                               "info low"),
        row("device_booted",                                     .deviceBooted,              .none,                       "The device booted",                                  "system low"),
        row("sip_registration_lost",                             .deviceSipRegistrationLost, .none,                       "The SIP registration was lost",                      "system medium"),
        row("outgoing_call_web",                                 .callWeb,                   .none,                       "Outgoing call from the web interface",               "info low"),
        row("incorrect_login_api_call",                          .loginFailed,               .none,                       "Incorrect login by an API call",                     "system medium"),
        row("incorrect_login_gui_settings",                      .loginFailed,               .channel("gui"),             "Incorrect login to the settings",                    "system medium"),
        row("successful_login_api_call",                         .loginSucceeded,            .none,                       "Successful login by an API call",                    "system low"),
        row("successful_login_gui_settings",                     .loginSucceeded,            .channel("gui"),             "Successful login to the settings",                   "system low"),
        row("door_was_not_closed_too_long",                      .doorPropped,               .none,                       "The door was not closed for too long",               "access high"),
        row("tamper_event",                                      .deviceTampered,            .none,                       "Tamper event",                                       "emergency critical"),
        row("multi_access_granted",                              .accessMultiGranted,        .none,                       "Multi access granted",                               "access low"),
        row("identifiers_without_linkage_to_user_access_denied", .accessUnrecognized,        .reason("unlinked"),         "Access denied by an identifier that is nobody's",    "access medium"),
        row("multi_access_denied",                               .accessMultiDenied,         .none,                       "Multi access denied",                                "access medium"),
        row("access_denied_by_unknown_qr",                       .accessUnrecognized,        .means(.qr),                 "Access denied by an unknown QR code",                "access medium"),
        row("access_denied_unknown_identifier",                  .accessUnrecognized,        .none,                       "Access denied by an unknown identifier",             "access medium"),
        row("lift_call_success",                                 .elevatorCalled,            .none,                       "The lift was called",                                "info low"),
        row("lift_call_error",                                   .elevatorCallFailed,        .none,                       "The lift could not be called",                       "info medium"),
        row("lift_module_access_error",                          .elevatorModuleFailed,      .none,                       "The lift module cannot be reached",                  "system medium"),
        row("access_granted_by_shared_identifier",               .accessGranted,             .grant(.shared),             "Access granted by a shared identifier",              "access low"),
        row("access_denied_by_not_valid_shared_identifier",      .accessDenied,              .reason("shared"),           "Access denied by a not valid shared identifier",     "access medium"),
        row("bond_lift_request",                                 .elevatorBondRequested,     .none,                       "Bond lift request",                                  "info low"),
    ]

    // swift-format-ignore
    /// Kinds that are sent under a name of another kind, because the means (a code, a button, a call) decides the name.
    static let borrowed: [(name: String, kind: Kind, mark: Mark)] = [
        ("log.access_denied_by_not_valid_input_code", .accessDenied,        .means(.pin)),
        ("log.lock_was_opened_by_exit_btn",           .accessGranted,       .grant(.button)),
        ("log.access_granted_by_api_call",            .doorUnlockCommanded, .none),
    ]

    // swift-format-ignore
    /// The kinds that the contract has no name for.
    static let silent: [(kinds: [Kind], reason: String)] = [
        ([.accessRecognized],              "the contract reports the result of an attempt, not that a credential was recognized"),
        ([.accessVirtualRead],             "the contract reports that an API call opened the door, not that it emulated a reader"),
        ([.doorExitReleased],              "the contract reports that the exit button opened the lock, not that the button was released"),
        ([.doorForced, .doorForcedCleared], "the contract has no name for a forced door"),
        ([.doorProppedCleared, .doorProppedAllCleared], "the contract reports that a door is open for too long; only the sensor reports that it closed"),
        ([.doorAutoOpenStarted, .doorAutoOpenEnded, .doorAutoOpenOverrideStarted, .doorAutoOpenOverrideEnded, .doorForceOpenStarted, .doorForceOpenEnded, .doorForceCloseStarted, .doorForceCloseEnded], "the contract reports what a lock does, not the schedule or command behind it"),
        ([.panicRaised, .alarmRaised, .securityBreached, .occurrenceRaised], "the contract has only two emergencies, the emergency lock and tampering, each with its own name"),
        ([.intercomTriggered],             "the contract reports only the calls of an intercom"),
        ([.elevatorFloorGroupActivated],   "the contract reports only calls and errors of lifts"),
        ([.controllerAdded, .controllerRemoved, .controllerCommunicationLost, .controllerCommunicationRestored], "a panel of this contract reports no controllers"),
        ([.controllerBatteryHealth, .controllerBatteryStatus, .controllerBatteryConnected, .controllerBatteryDisconnected, .controllerLowPowerStarted, .controllerLowPowerEnded, .controllerPowerConnected, .controllerPowerDisconnected, .controllerPowerStatus, .controllerOvercurrentStarted, .controllerOvercurrentEnded, .controllerPeripheralPowerStatus], "the contract does not report power and batteries"),
        ([.cardParseFailed, .bluetoothProtocolFailed], "the contract reports an unknown identifier, not one that cannot be read"),
        ([.commandSent],                   "the contract reports the result of a command, not the command"),
        ([.entityAdded, .entityModified, .entityRemoved, .deviceCreated, .deviceUpdated, .deviceDeleted, .intercomCreated, .intercomUpdated, .intercomDeleted, .serverResourceChanged], "the contract reports events of a panel, not changes of its configuration"),
        ([.personCreated, .personUpdated, .personDeleted, .personBulkCreated, .personBulkUpdated, .personBulkDeleted, .personAccessChanged, .personUnitChanged, .personZonesChanged, .personVehicleChanged, .personCredentialChanged, .personProfileChanged], "the contract does not report changes to people"),
        ([.credentialChanged, .credentialFingerprintChanged, .credentialFaceChanged], "the contract does not report changes to identifiers"),
        ([.unitChanged, .zoneChanged, .vehicleChanged], "the contract does not report changes to apartments, zones or vehicles"),
        ([.visitScheduled, .visitVisitorScheduled, .visitCheckedIn, .visitCheckedOut, .visitUpdated, .visitorChanged], "the contract has no visits: a guest has a shared identifier"),
        ([.punchCreated, .punchUpdated, .attendanceCreated, .attendanceUpdated], "the contract has no time clock"),
        ([.organizationCreated, .organizationUpdated, .organizationDeleted, .permissionCreated, .permissionUpdated, .permissionDeleted, .permissionAccepted], "the contract is for a single panel, and a panel has no organizations"),
        ([.panelCreated, .panelUpdated, .panelDeleted, .panelConnected, .panelDisconnected], "the contract is the panel's own, and a panel does not report its own connection"),
        ([.subscriptionFailing, .subscriptionRecovered, .subscriptionDisabled, .deliveryDead, .sourceUnmapped], "the gateway reports this about itself, and the contract has no names for a gateway"),
        ([.gatewayTest],                   "a test has its own route, and is sent under the name of a harmless event"),
    ]

    private static func row(_ name: String, _ kind: Kind, _ mark: Mark, _ title: String, _ words: String) -> Row {
        let words = words.split(separator: " ").map(String.init)
        return Row(
            name: "log." + name, kind: kind, mark: mark, title: title, category: words.first ?? "",
            priority: words.last ?? "")
    }
}

// MARK: Asking the table

extension BasIPEvents {
    static let table = NameTable(
        rows, borrowed: (borrowed + duress).compactMap { borrowing($0.name, $0.kind, $0.mark) }, silent: silent,
        refusal: "BAS-IP has no event_type", order: \.mark.rank)

    /// The contract has no name for duress, so duress is sent as granted or denied. The same applies to other events
    /// under duress, if the contract has no name for their kind or the webhook asks for none.
    private static let duress: [(name: String, kind: Kind, mark: Mark)] = [
        ("log.access_granted_by_valid_identifier", .accessDuress, .none),
        ("log.access_denied_by_not_valid_identifier", .accessDuress, .none),
    ]

    private static func borrowing(_ name: String, _ kind: Kind, _ mark: Mark) -> Row? {
        rows.first { $0.name == name }.map {
            Row(name: name, kind: kind, mark: mark, title: $0.title, category: $0.category, priority: $0.priority)
        }
    }

    /// The row of an event for a webhook, by the event's data: the first that the webhook asks for. Nil if it asks for
    /// none, or the contract has no name.
    static func row(of event: Event, askedFor webhook: Subscription) -> Row? {
        rows(of: event, for: webhook).first { BasIPSettings.asksFor($0.name, webhook.terms) }
    }

    /// The row under which an event was sent to a webhook, which may ask for other names by now; nil if the contract
    /// has no name.
    static func row(of event: Event, toldTo webhook: Subscription) -> Row? {
        row(of: event, askedFor: webhook) ?? rows(of: event, for: webhook).first
    }

    private static func rows(of event: Event, for webhook: Subscription) -> [Row] {
        webhook.kindsToTell(of: event, whereDuressHasAName: false).compactMap { row(of: $0, data: event.data) }
    }

    /// The row of a kind, by the event's data; nil if the contract has no name.
    static func row(of kind: Kind, data: JSONObject) -> Row? {
        let rows = table.rows(of: kind)
        guard kind != .accessDuress else {
            let isLetIn = Event.passage("authorized", of: kind, access: data["access"]?.object) == true
            return isLetIn ? rows.first : rows.last
        }
        if rows.count < 2 { return rows.first }
        let means = AccessMeans(of: kind, data: data)
        return rows.first { $0.mark.holds(for: data, by: means) }
    }
}
