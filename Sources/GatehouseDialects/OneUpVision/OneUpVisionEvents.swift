internal import GatehouseCore

/// The event names of 1UPVISION ("Event Types"), in the order of its manual, and the reasons why other kinds have no
/// name.
enum OneUpVisionEvents {
    /// A kind with a name in 1UPVISION.
    struct Row: NameRow {
        let kind: Kind
        let name: String
        let layout: BodyLayout
    }

    // swift-format-ignore
    private static let rows: [Row] = [
        row(.personCreated,      "people.create",      Body.person),
        row(.personUpdated,      "people.update",      Body.person),
        row(.personDeleted,      "people.delete",      Body.person),
        row(.personBulkCreated,  "people.bulk_create", Body.people),
        row(.personBulkUpdated,  "people.bulk_update", Body.people),
        row(.personBulkDeleted,  "people.bulk_delete", Body.peopleGone),
        row(.punchCreated,       "punch.create",       Body.punch),
        row(.accessGranted,      "punch.create",       Body.punch),
        row(.punchUpdated,       "punch.update",       Body.punch),
        row(.attendanceCreated,  "attendance.create",  Body.attendance),
        row(.attendanceUpdated,  "attendance.update",  Body.attendance),
        row(.visitCheckedIn,     "visit.checkin",      Body.visit),
        row(.visitCheckedOut,    "visit.checkout",     Body.visit),
        row(.visitUpdated,       "visit.update",       Body.visit),
    ]

    // swift-format-ignore
    /// The kinds that the contract has no name for.
    static let silent: [(kinds: [Kind], reason: String)] = [
        ([.accessDenied, .accessUnrecognized, .accessDuress, .accessRecognized, .accessMultiGranted, .accessMultiDenied, .accessVirtualRead], "the contract reports passages only if they count as a punch"),
        ([.doorExitRequested, .doorExitReleased, .doorUnlocked, .doorLocked, .doorOpened, .doorClosed, .doorForced, .doorForcedCleared, .doorPropped, .doorProppedCleared, .doorProppedAllCleared, .doorLockHeld, .doorEmergencyOpened, .doorFreeAccessOpened, .doorAutoOpenStarted, .doorAutoOpenEnded, .doorAutoOpenOverrideStarted, .doorAutoOpenOverrideEnded, .doorForceOpenStarted, .doorForceOpenEnded, .doorForceCloseStarted, .doorForceCloseEnded, .doorUnlockCommanded], "the contract reports people and not doors"),
        ([.panicRaised, .intercomTriggered, .alarmRaised, .securityBreached, .occurrenceRaised], "the contract has no alarms or occurrences"),
        ([.callIncoming, .callOutgoing, .callMissed, .callWeb], "the contract has no calls"),
        ([.deviceTampered, .deviceBooted, .deviceSipRegistrationLost, .deviceCreated, .deviceUpdated, .deviceDeleted, .intercomCreated, .intercomUpdated, .intercomDeleted, .serverResourceChanged], "the contract has no devices"),
        ([.loginSucceeded, .loginFailed, .commandSent], "the contract does not report who uses a device or a program"),
        ([.elevatorCalled, .elevatorCallFailed, .elevatorModuleFailed, .elevatorBondRequested, .elevatorFloorGroupActivated], "the contract has no elevators"),
        ([.controllerAdded, .controllerRemoved, .controllerCommunicationLost, .controllerCommunicationRestored, .controllerBatteryHealth, .controllerBatteryStatus, .controllerBatteryConnected, .controllerBatteryDisconnected, .controllerLowPowerStarted, .controllerLowPowerEnded, .controllerPowerConnected, .controllerPowerDisconnected, .controllerPowerStatus, .controllerOvercurrentStarted, .controllerOvercurrentEnded, .controllerPeripheralPowerStatus, .cardParseFailed, .bluetoothProtocolFailed], "the contract has no controllers"),
        ([.entityAdded, .entityModified, .entityRemoved], "the contract has a name for each change of a person, not for entities in general"),
        ([.personAccessChanged, .personUnitChanged, .personZonesChanged, .personVehicleChanged, .personCredentialChanged, .personProfileChanged, .credentialChanged, .credentialFingerprintChanged, .credentialFaceChanged], "the contract reports that a person was edited, not which access or credential the person got"),
        ([.unitChanged, .zoneChanged, .vehicleChanged], "the contract has no units, zones or vehicles"),
        ([.visitScheduled, .visitVisitorScheduled, .visitorChanged], "the contract reports visits from the check-in on"),
        ([.organizationCreated, .organizationUpdated, .organizationDeleted, .panelCreated, .panelUpdated, .panelDeleted, .panelConnected, .panelDisconnected, .permissionCreated, .permissionUpdated, .permissionDeleted, .permissionAccepted], "the contract has no organizations, panels or permissions"),
        ([.subscriptionFailing, .subscriptionRecovered, .subscriptionDisabled, .deliveryDead, .sourceUnmapped, .gatewayTest], "the gateway reports this about itself, and the contract has no names for a gateway"),
    ]

    private typealias Body = OneUpVisionPayload

    private static func row(_ kind: Kind, _ name: String, _ layout: BodyLayout) -> Row {
        Row(kind: kind, name: name, layout: layout)
    }
}

// MARK: Asking the table

extension OneUpVisionEvents {
    /// A passage is sent under a punch's name, which is read as a punch.
    static let table = NameTable(rows, silent: silent, refusal: "there is no event")

    /// The row of an event: passages count only at an attendance point.
    static func row(of event: Event) -> Row? {
        guard let row = table.row(of: event.kind) else { return nil }
        return row.kind == .accessGranted && event.labels.isAttendancePoint != true ? nil : row
    }
}
