internal import GatehouseCore

/// The contract's actions: the four of the seed, the three that the live driver adds, and why it is silent of the rest.
enum PlaceOSEvents {
    // swift-format-ignore
    /// What each kind can be called; where it has two names, the settings and the event choose.
    static let rows: [(kind: Kind, action: String)] = [
        (.accessGranted,      "granted"),
        (.accessGranted,      "request_to_exit"),
        (.accessMultiGranted, "granted"),
        (.accessDenied,       "denied"),
        (.accessUnrecognized, "denied"),
        (.accessMultiDenied,  "denied"),
        (.accessDuress,       "granted"),
        (.accessDuress,       "denied"),
        (.accessDuress,       "duress"),
        (.doorExitRequested,  "request_to_exit"),
        (.deviceTampered,     "tamper"),
        (.doorForced,         "tamper"),
        (.doorForced,         "forced_door"),
        (.securityBreached,   "tamper"),
        (.securityBreached,   "security_breach"),
    ]

    // swift-format-ignore
    /// What an action is read as.
    private static let read: [String: Kind] = [
        "granted": .accessGranted, "denied": .accessDenied, "tamper": .deviceTampered,
        "request_to_exit": .doorExitRequested, "duress": .accessDuress, "forced_door": .doorForced,
        "security_breach": .securityBreached,
    ]

    // swift-format-ignore
    /// What the contract has no action for.
    static let silent: [(kinds: [Kind], reason: String)] = [
        ([.accessRecognized, .accessVirtualRead], "the contract tells what came of a credential, not that one was read"),
        ([.doorUnlockCommanded, .subscriptionFailing, .subscriptionRecovered, .subscriptionDisabled, .deliveryDead, .sourceUnmapped, .gatewayTest], "the gateway tells this of itself, and the contract has no words for a gateway"),
        ([.doorExitReleased, .doorUnlocked, .doorLocked, .doorOpened, .doorClosed, .doorForcedCleared, .doorPropped, .doorProppedCleared, .doorProppedAllCleared, .doorLockHeld, .doorEmergencyOpened, .doorFreeAccessOpened, .doorAutoOpenStarted, .doorAutoOpenEnded, .doorAutoOpenOverrideStarted, .doorAutoOpenOverrideEnded, .doorForceOpenStarted, .doorForceOpenEnded, .doorForceCloseStarted, .doorForceCloseEnded], "the contract tells neither of locks and sensors nor of doors held open"),
        ([.panicRaised, .intercomTriggered, .alarmRaised, .occurrenceRaised], "the contract tells of no alarms beyond tampering"),
        ([.callIncoming, .callOutgoing, .callMissed, .callWeb], "the contract tells of no calls"),
        ([.deviceBooted, .deviceSipRegistrationLost, .deviceCreated, .deviceUpdated, .deviceDeleted, .intercomCreated, .intercomUpdated, .intercomDeleted, .serverResourceChanged, .loginSucceeded, .loginFailed, .commandSent, .elevatorCalled, .elevatorCallFailed, .elevatorModuleFailed, .elevatorBondRequested, .elevatorFloorGroupActivated, .controllerAdded, .controllerRemoved, .controllerCommunicationLost, .controllerCommunicationRestored, .controllerBatteryHealth, .controllerBatteryStatus, .controllerBatteryConnected, .controllerBatteryDisconnected, .controllerLowPowerStarted, .controllerLowPowerEnded, .controllerPowerConnected, .controllerPowerDisconnected, .controllerPowerStatus, .controllerOvercurrentStarted, .controllerOvercurrentEnded, .controllerPeripheralPowerStatus, .cardParseFailed, .bluetoothProtocolFailed], "the contract tells of doors and not of devices"),
        ([.entityAdded, .entityModified, .entityRemoved, .personAccessChanged, .personUnitChanged, .personZonesChanged, .personVehicleChanged, .personCredentialChanged, .personProfileChanged, .credentialChanged, .credentialFingerprintChanged, .credentialFaceChanged, .unitChanged, .zoneChanged, .vehicleChanged, .visitScheduled, .visitVisitorScheduled, .visitorChanged, .personCreated, .personUpdated, .personDeleted, .personBulkCreated, .personBulkUpdated, .personBulkDeleted, .punchCreated, .punchUpdated, .attendanceCreated, .attendanceUpdated, .visitCheckedIn, .visitCheckedOut, .visitUpdated], "the contract tells of people only where they meet a door"),
        ([.organizationCreated, .organizationUpdated, .organizationDeleted, .panelCreated, .panelUpdated, .panelDeleted, .panelConnected, .panelDisconnected, .permissionCreated, .permissionUpdated, .permissionDeleted, .permissionAccepted], "the contract tells of no organizations, panels and permissions"),
    ]

    /// Every action, each once.
    static let actions: [String] = read.keys.sorted()

    static let vocabulary: Vocabulary = {
        var entries: [Kind: Vocabulary.Entry] = [:]
        for (kinds, reason) in silent {
            for kind in kinds { entries[kind] = .silent(reason: reason) }
        }
        for kind in Set(rows.map(\.kind)) {
            entries[kind] = .named(rows.filter { $0.kind == kind }.map { VendorName($0.action) })
        }
        return Vocabulary(entries)
    }()

    /// The action that an event gets; nil for a kind of which the contract is silent. What is done under duress is told
    /// as that where the contract has the word and the subscription asks for it, else as what it is.
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
        default: rows.first { $0.kind == kind }?.action
        }
    }

    /// The kind that an action is read as; nil for one that the contract does not have.
    static func kind(of action: String) -> Kind? { read[action] }
}
