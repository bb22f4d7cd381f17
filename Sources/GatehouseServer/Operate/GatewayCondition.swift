package import GatehouseControl
package import GatehouseCore

/// The condition of the gateway itself: its modules write it, probes and operators read it.
package struct GatewayCondition: Sendable {
    /// Whether the gateway is shutting down: then no events are accepted, and `/readyz` says so.
    package let isDraining = Snapshot(false)
    /// Whether the disk of the store is fuller than it should be.
    package let isDiskFilling: Snapshot<Bool>
    /// The last time that the clock of the machine was set, within a day.
    package let clockJump: Snapshot<ClockJump?>
    /// How many subscriptions need attention.
    package let troubled: Snapshot<Int>

    /// Joins values that other modules change; a value that is not given never changes.
    package init(
        isDiskFilling: Snapshot<Bool> = Snapshot(false), clockJump: Snapshot<ClockJump?> = Snapshot(nil),
        troubled: Snapshot<Int> = Snapshot(0)
    ) {
        self.isDiskFilling = isDiskFilling
        self.clockJump = clockJump
        self.troubled = troubled
    }
}
