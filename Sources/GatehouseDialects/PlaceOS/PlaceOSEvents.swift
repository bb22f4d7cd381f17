internal import GatehouseCore

/// The contract's actions: the four of the seed, the three that the live driver adds, and the reasons why other kinds
/// have no action.
enum PlaceOSEvents {
    /// A kind and one of its actions.
    struct Row: NameRow {
        let kind: Kind
        /// The action.
        let name: String
    }

    // swift-format-ignore
    /// The actions of each kind; if it has two, the settings and the event decide. An action is read as the kind of its
    /// first row.
    private static let rows: [Row] = [
        Row(kind: .accessGranted,      name: "granted"),
        Row(kind: .doorExitRequested,  name: "request_to_exit"),
        Row(kind: .accessGranted,      name: "request_to_exit"),
        Row(kind: .accessMultiGranted, name: "granted"),
        Row(kind: .accessDenied,       name: "denied"),
        Row(kind: .accessUnrecognized, name: "denied"),
        Row(kind: .accessMultiDenied,  name: "denied"),
        Row(kind: .accessDuress,       name: "granted"),
        Row(kind: .accessDuress,       name: "denied"),
        Row(kind: .accessDuress,       name: "duress"),
        Row(kind: .deviceTampered,     name: "tamper"),
        Row(kind: .doorForced,         name: "tamper"),
        Row(kind: .doorForced,         name: "forced_door"),
        Row(kind: .securityBreached,   name: "tamper"),
        Row(kind: .securityBreached,   name: "security_breach"),
    ]

    // swift-format-ignore
    /// The kinds that the contract has no action for.
    static let silent: [(kinds: [Kind], reason: String)] = [
        ([.accessRecognized, .accessVirtualRead], "the contract reports the decision about a credential, not that one was read"),
        ([.doorUnlockCommanded, .subscriptionFailing, .subscriptionRecovered, .subscriptionDisabled, .deliveryDead, .sourceUnmapped, .gatewayTest], "the gateway reports this about itself, and the contract has no names for a gateway"),
        ([.doorExitReleased, .doorUnlocked, .doorLocked, .doorOpened, .doorClosed, .doorForcedCleared, .doorPropped, .doorProppedCleared, .doorProppedAllCleared, .doorLockHeld, .doorEmergencyOpened, .doorFreeAccessOpened, .doorAutoOpenStarted, .doorAutoOpenEnded, .doorAutoOpenOverrideStarted, .doorAutoOpenOverrideEnded, .doorForceOpenStarted, .doorForceOpenEnded, .doorForceCloseStarted, .doorForceCloseEnded], "the contract reports neither locks and sensors nor doors held open"),
        ([.panicRaised, .intercomTriggered, .alarmRaised, .occurrenceRaised], "the contract has no alarms except tampering"),
        ([.callIncoming, .callOutgoing, .callMissed, .callWeb], "the contract has no calls"),
        ([.deviceBooted, .deviceSipRegistrationLost, .deviceCreated, .deviceUpdated, .deviceDeleted, .intercomCreated, .intercomUpdated, .intercomDeleted, .serverResourceChanged, .loginSucceeded, .loginFailed, .commandSent, .elevatorCalled, .elevatorCallFailed, .elevatorModuleFailed, .elevatorBondRequested, .elevatorFloorGroupActivated, .controllerAdded, .controllerRemoved, .controllerCommunicationLost, .controllerCommunicationRestored, .controllerBatteryHealth, .controllerBatteryStatus, .controllerBatteryConnected, .controllerBatteryDisconnected, .controllerLowPowerStarted, .controllerLowPowerEnded, .controllerPowerConnected, .controllerPowerDisconnected, .controllerPowerStatus, .controllerOvercurrentStarted, .controllerOvercurrentEnded, .controllerPeripheralPowerStatus, .cardParseFailed, .bluetoothProtocolFailed], "the contract reports doors and not devices"),
        ([.entityAdded, .entityModified, .entityRemoved, .personAccessChanged, .personUnitChanged, .personZonesChanged, .personVehicleChanged, .personCredentialChanged, .personProfileChanged, .credentialChanged, .credentialFingerprintChanged, .credentialFaceChanged, .unitChanged, .zoneChanged, .vehicleChanged, .visitScheduled, .visitVisitorScheduled, .visitorChanged, .personCreated, .personUpdated, .personDeleted, .personBulkCreated, .personBulkUpdated, .personBulkDeleted, .punchCreated, .punchUpdated, .attendanceCreated, .attendanceUpdated, .visitCheckedIn, .visitCheckedOut, .visitUpdated], "the contract reports people only at a door"),
        ([.organizationCreated, .organizationUpdated, .organizationDeleted, .panelCreated, .panelUpdated, .panelDeleted, .panelConnected, .panelDisconnected, .permissionCreated, .permissionUpdated, .permissionDeleted, .permissionAccepted], "the contract has no organizations, panels or permissions"),
    ]

    static let table = NameTable(rows, silent: silent, refusal: "there is no action")

    /// The action of an event; nil for a kind without an action. An event under duress is sent as duress if the
    /// subscription asks for the extended actions, else under the action of its own kind.
    static func action(of event: Event, for subscription: Subscription) -> String? {
        let extended = subscription.terms.hasExtendedActions
        return subscription.kindsToTell(of: event, whereDuressHasAName: extended).lazy
            .compactMap { action(of: event, as: $0, extended: extended) }.first
    }

    private static func action(of event: Event, as kind: Kind, extended: Bool) -> String? {
        switch kind {
        case .accessDuress: extended ? "duress" : event.isAuthorized == true ? "granted" : "denied"
        case .accessGranted: event.means.grant == .button ? "request_to_exit" : "granted"
        case .doorForced: extended ? "forced_door" : "tamper"
        case .securityBreached: extended ? "security_breach" : "tamper"
        default: table.row(of: kind)?.name
        }
    }
}
