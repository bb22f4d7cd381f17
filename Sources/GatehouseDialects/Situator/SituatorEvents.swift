internal import GatehouseCore

/// The event types of Situator, in the order of its manual ("All Event Types"), and the reasons why other kinds have no
/// type.
enum SituatorEvents {
    /// One of the contract's 18 types.
    struct EventType: Sendable {
        let name: String
        let description: String
        let registration: Registration
        let layout: BodyLayout
    }

    /// What a webhook must have registered to get the event.
    enum Registration: Hashable, Sendable {
        /// Nothing: every active webhook gets it.
        case none
        /// The door at which it happened.
        case door
        /// The configured event that occurred.
        case occurrence
    }

    /// A kind with a type in Situator.
    struct Row: NameRow {
        let kind: Kind
        let type: EventType
        var name: String { type.name }
    }

    // swift-format-ignore
    /// The types in the order of the manual's table.
    static let types: [EventType] = [
        type("access",            "Access event",                  Body.access,     .door),
        type("occurrence",        "Occurrence",                    Body.occurrence, .occurrence),
        type("person",            "Person registration",           Body.registration(Body.about(.person))),
        type("scheduling",        "Visit scheduling",              Body.registration(Body.scheduling)),
        type("visitorScheduling", "Visitor in scheduling",         Body.registration(Body.scheduling, Body.number(.visitor), Body.number(.person))),
        type("personCredencial",  "Credential-person association", Body.registration(Body.about(.person), Body.accessCard, Body.number(.vehicle))),
        type("personUnit",        "Person-unit association",       Body.registration(Body.about(.person), Body.number(.unit))),
        type("personZones",       "Person-zone association",       Body.registration(Body.about(.person), Body.number(.zone), Body.detail("timeScheduleId"))),
        type("personAccess",      "Person access data",            Body.registration(Body.about(.person), Body.pin)),
        type("credential",        "Credential",                    Body.registration(Body.credential)),
        type("unit",              "Unit",                          Body.registration(Body.about(.unit))),
        type("serverResource",    "Server resource",               Body.registration(Body.server, Body.resourceType, Body.door, Body.detail("cameraId"), Body.detail("inputOutputId"))),
        type("fingerprint",       "Fingerprint biometrics",        Body.registration(Body.about(.person), Body.fingerprint)),
        type("imageAccesses",     "Facial biometrics",             Body.registration(Body.about(.person))),
        type("personProfile",     "Access profile",                Body.registration(Body.detail("personProfileId"))),
        type("zone",              "Zone",                          Body.registration(Body.about(.zone))),
        type("vehicle",           "Vehicle",                       Body.registration(Body.about(.vehicle), Body.number(.person))),
        type("personVehicle",     "Person-vehicle association",    Body.registration(Body.about(.vehicle), Body.number(.person))),
    ]

    // swift-format-ignore
    /// Our kinds with the type of each, in the order of the types.
    private static let rows: [Row] = [
        row(.accessGranted,                "access"),
        row(.accessDenied,                 "access"),
        row(.accessUnrecognized,           "access"),
        row(.accessDuress,                 "access"),
        row(.accessMultiGranted,           "access"),
        row(.accessMultiDenied,            "access"),
        row(.doorExitRequested,            "access"),
        row(.doorUnlockCommanded,          "access"),
        row(.occurrenceRaised,             "occurrence"),
        row(.panicRaised,                  "occurrence"),
        row(.intercomTriggered,            "occurrence"),
        row(.doorForced,                   "occurrence"),
        row(.doorPropped,                  "occurrence"),
        row(.deviceTampered,               "occurrence"),
        row(.alarmRaised,                  "occurrence"),
        row(.personCreated,                "person"),
        row(.personUpdated,                "person"),
        row(.personDeleted,                "person"),
        row(.visitScheduled,               "scheduling"),
        row(.visitVisitorScheduled,        "visitorScheduling"),
        row(.personCredentialChanged,      "personCredencial"),
        row(.personUnitChanged,            "personUnit"),
        row(.personZonesChanged,           "personZones"),
        row(.personAccessChanged,          "personAccess"),
        row(.credentialChanged,            "credential"),
        row(.unitChanged,                  "unit"),
        row(.serverResourceChanged,        "serverResource"),
        row(.credentialFingerprintChanged, "fingerprint"),
        row(.credentialFaceChanged,        "imageAccesses"),
        row(.personProfileChanged,         "personProfile"),
        row(.zoneChanged,                  "zone"),
        row(.vehicleChanged,               "vehicle"),
        row(.personVehicleChanged,         "personVehicle"),
    ].compactMap { $0 }

    // swift-format-ignore
    /// The kinds that the contract has no type for.
    static let silent: [(kinds: [Kind], reason: String)] = [
        ([.accessRecognized, .accessVirtualRead], "the contract reports a passage when it is decided, not the scan before"),
        ([.doorExitReleased, .doorUnlocked, .doorLocked, .doorOpened, .doorClosed], "the contract reports who passes a door, not the state of its lock, sensor and button"),
        ([.doorForcedCleared, .doorProppedCleared, .doorProppedAllCleared], "the contract reports the start of an occurrence, not its end"),
        ([.doorLockHeld, .doorEmergencyOpened, .doorFreeAccessOpened], "the contract has no occurrence for a lock that stays open or is set open"),
        ([.doorAutoOpenStarted, .doorAutoOpenEnded, .doorAutoOpenOverrideStarted, .doorAutoOpenOverrideEnded, .doorForceOpenStarted, .doorForceOpenEnded, .doorForceCloseStarted, .doorForceCloseEnded], "the contract has no rules that open or close doors"),
        ([.callIncoming, .callOutgoing, .callMissed, .callWeb], "the contract reports an intercom as an occurrence, not its calls"),
        ([.deviceBooted, .deviceSipRegistrationLost], "the contract reports a device's case, not its start or telephony"),
        ([.loginSucceeded, .loginFailed], "the contract does not report who logs in to a device"),
        ([.elevatorCalled, .elevatorCallFailed, .elevatorModuleFailed, .elevatorBondRequested, .elevatorFloorGroupActivated], "the contract has no elevators"),
        ([.controllerAdded, .controllerRemoved, .controllerCommunicationLost, .controllerCommunicationRestored, .controllerBatteryHealth, .controllerBatteryStatus, .controllerBatteryConnected, .controllerBatteryDisconnected, .controllerLowPowerStarted, .controllerLowPowerEnded, .controllerPowerConnected, .controllerPowerDisconnected, .controllerPowerStatus, .controllerOvercurrentStarted, .controllerOvercurrentEnded, .controllerPeripheralPowerStatus], "the contract reports nothing about controllers, their connection and their power"),
        ([.cardParseFailed, .bluetoothProtocolFailed], "the contract reports a credential that was read, not one that could not be read"),
        ([.commandSent], "the contract reports a door that was opened remotely, not other commands"),
        ([.entityAdded, .entityModified, .entityRemoved], "the contract has a separate type for each sort of registration"),
        ([.deviceCreated, .deviceUpdated, .deviceDeleted, .intercomCreated, .intercomUpdated, .intercomDeleted], "the contract reports a server's resources as serverResource, which is another kind"),
        ([.personBulkCreated, .personBulkUpdated, .personBulkDeleted], "the contract reports one person per event, and one of our events is one of theirs"),
        ([.visitCheckedIn, .visitCheckedOut, .visitUpdated], "the contract reports the schedule of a visit, and its visitors at the doors"),
        ([.visitorChanged], "the vendor's schema has a type for it, but the binding document has none"),
        ([.punchCreated, .punchUpdated, .attendanceCreated, .attendanceUpdated], "the contract has no time clock"),
        ([.organizationCreated, .organizationUpdated, .organizationDeleted, .panelCreated, .panelUpdated, .panelDeleted, .permissionCreated, .permissionUpdated, .permissionDeleted, .permissionAccepted], "the contract reports nothing about accounts, servers and operators"),
        ([.panelConnected, .panelDisconnected], "the contract does not report whether a server is online"),
        ([.securityBreached], "the contract has occurrences for each sort of breach, and none for a breach in general"),
        ([.subscriptionFailing, .subscriptionRecovered, .subscriptionDisabled, .deliveryDead, .sourceUnmapped, .gatewayTest], "the gateway reports this about itself, and the contract has no names for a gateway"),
    ]

    private typealias Body = SituatorPayload

    private static func type(
        _ name: String, _ description: String, _ layout: BodyLayout, _ registration: Registration = .none
    ) -> EventType {
        EventType(name: name, description: description, registration: registration, layout: layout)
    }

    private static func row(_ kind: Kind, _ name: String) -> Row? {
        types.first { $0.name == name }.map { Row(kind: kind, type: $0) }
    }
}

// MARK: Asking the table

extension SituatorEvents {
    static let table = NameTable(rows, silent: silent, refusal: "Situator has no type")

    /// The row of an event. A kind without a type is sent as duress if the event is under duress.
    static func row(of event: Event) -> Row? {
        table.row(of: event.kind) ?? (event.isUnderDuress ? table.row(of: .accessDuress) : nil)
    }
}
