/// The kind of an event, one word of our catalogue: `door.forced`. ``Catalogue`` describes each kind.
///
/// The raw value is the place in this list. It is not stored, so a new kind may be inserted anywhere.
public enum Kind: UInt8, CaseIterable, Hashable, Sendable {
    case accessGranted, accessDenied, accessUnrecognized, accessDuress, accessRecognized, accessMultiGranted
    case accessMultiDenied, accessVirtualRead
    case doorExitRequested, doorExitReleased, doorUnlocked, doorLocked, doorOpened, doorClosed, doorForced
    case doorForcedCleared, doorPropped, doorProppedCleared, doorProppedAllCleared, doorLockHeld
    case doorEmergencyOpened, doorFreeAccessOpened, doorAutoOpenStarted, doorAutoOpenEnded
    case doorAutoOpenOverrideStarted, doorAutoOpenOverrideEnded, doorForceOpenStarted, doorForceOpenEnded
    case doorForceCloseStarted, doorForceCloseEnded
    case panicRaised
    case intercomTriggered
    case callIncoming, callOutgoing, callMissed, callWeb
    case deviceTampered, deviceBooted, deviceSipRegistrationLost
    case loginSucceeded, loginFailed
    case elevatorCalled, elevatorCallFailed, elevatorModuleFailed, elevatorBondRequested
    case elevatorFloorGroupActivated
    case controllerAdded, controllerRemoved, controllerCommunicationLost, controllerCommunicationRestored
    case controllerBatteryHealth, controllerBatteryStatus, controllerBatteryConnected, controllerBatteryDisconnected
    case controllerLowPowerStarted, controllerLowPowerEnded, controllerPowerConnected, controllerPowerDisconnected
    case controllerPowerStatus, controllerOvercurrentStarted, controllerOvercurrentEnded
    case controllerPeripheralPowerStatus
    case cardParseFailed
    case bluetoothProtocolFailed
    case commandSent
    case entityAdded, entityModified, entityRemoved
    case deviceCreated, deviceUpdated, deviceDeleted
    case intercomCreated, intercomUpdated, intercomDeleted
    case personCreated, personUpdated, personDeleted, personBulkCreated, personBulkUpdated, personBulkDeleted
    case personAccessChanged, personUnitChanged, personZonesChanged, personVehicleChanged, personCredentialChanged
    case personProfileChanged
    case credentialChanged, credentialFingerprintChanged, credentialFaceChanged
    case unitChanged
    case zoneChanged
    case vehicleChanged
    case serverResourceChanged
    case visitScheduled, visitVisitorScheduled, visitCheckedIn, visitCheckedOut, visitUpdated
    case punchCreated, punchUpdated
    case attendanceCreated, attendanceUpdated
    case organizationCreated, organizationUpdated, organizationDeleted
    case panelCreated, panelUpdated, panelDeleted, panelConnected, panelDisconnected
    case permissionCreated, permissionUpdated, permissionDeleted, permissionAccepted
    case alarmRaised
    case securityBreached
    case visitorChanged
    case occurrenceRaised
    case doorUnlockCommanded
    case subscriptionFailing, subscriptionRecovered, subscriptionDisabled
    case deliveryDead
    case sourceUnmapped
    case gatewayTest

    /// Finds a kind by its name in constant time; nil if the catalogue has no such kind.
    public init?(named name: String) {
        guard let kind = Catalogue.kinds[name] else { return nil }
        self = kind
    }

    /// The name of the kind, as in an event's `type`.
    public var name: String { Catalogue.row(of: self).name }
}
