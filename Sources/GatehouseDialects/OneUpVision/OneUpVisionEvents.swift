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
        ([.accessDenied, .accessUnrecognized, .accessDuress, .accessRecognized, .accessMultiGranted, .accessMultiDenied, .accessVirtualRead], "the contract tells of passages only where they count as a punch"),
        ([.doorExitRequested, .doorExitReleased, .doorUnlocked, .doorLocked, .doorOpened, .doorClosed, .doorForced, .doorForcedCleared, .doorPropped, .doorProppedCleared, .doorProppedAllCleared, .doorLockHeld, .doorEmergencyOpened, .doorFreeAccessOpened, .doorAutoOpenStarted, .doorAutoOpenEnded, .doorAutoOpenOverrideStarted, .doorAutoOpenOverrideEnded, .doorForceOpenStarted, .doorForceOpenEnded, .doorForceCloseStarted, .doorForceCloseEnded, .doorUnlockCommanded], "the contract tells of people and not of doors"),
        ([.panicRaised, .intercomTriggered, .alarmRaised, .securityBreached, .occurrenceRaised], "the contract tells of no alarms and occurrences"),
        ([.callIncoming, .callOutgoing, .callMissed, .callWeb], "the contract tells of no calls"),
        ([.deviceTampered, .deviceBooted, .deviceSipRegistrationLost, .deviceCreated, .deviceUpdated, .deviceDeleted, .intercomCreated, .intercomUpdated, .intercomDeleted, .serverResourceChanged], "the contract tells of no devices"),
        ([.loginSucceeded, .loginFailed, .commandSent], "the contract does not tell who uses a device or a program"),
        ([.elevatorCalled, .elevatorCallFailed, .elevatorModuleFailed, .elevatorBondRequested, .elevatorFloorGroupActivated], "the contract tells of no elevators"),
        ([.controllerAdded, .controllerRemoved, .controllerCommunicationLost, .controllerCommunicationRestored, .controllerBatteryHealth, .controllerBatteryStatus, .controllerBatteryConnected, .controllerBatteryDisconnected, .controllerLowPowerStarted, .controllerLowPowerEnded, .controllerPowerConnected, .controllerPowerDisconnected, .controllerPowerStatus, .controllerOvercurrentStarted, .controllerOvercurrentEnded, .controllerPeripheralPowerStatus, .cardParseFailed, .bluetoothProtocolFailed], "the contract tells of no controllers"),
        ([.entityAdded, .entityModified, .entityRemoved], "the contract tells of people each by a name of its own"),
        ([.personAccessChanged, .personUnitChanged, .personZonesChanged, .personVehicleChanged, .personCredentialChanged, .personProfileChanged, .credentialChanged, .credentialFingerprintChanged, .credentialFaceChanged], "the contract tells that a person is edited, not what a person is given"),
        ([.unitChanged, .zoneChanged, .vehicleChanged], "the contract knows neither units nor zones nor vehicles"),
        ([.visitScheduled, .visitVisitorScheduled, .visitorChanged], "the contract tells of visits from their check-in on"),
        ([.organizationCreated, .organizationUpdated, .organizationDeleted, .panelCreated, .panelUpdated, .panelDeleted, .panelConnected, .panelDisconnected, .permissionCreated, .permissionUpdated, .permissionDeleted, .permissionAccepted], "the contract tells of no organizations, panels and permissions"),
        ([.subscriptionFailing, .subscriptionRecovered, .subscriptionDisabled, .deliveryDead, .sourceUnmapped, .gatewayTest], "the gateway tells this of itself, and the contract has no words for a gateway"),
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
