internal import GatehouseCore
internal import Metrics

/// Tells when the store was last backed up, so that an alert can find backups which fail. A store that never was has
/// no such figure: it may be saved by other means.
struct BackupWatch: Sendable {
    static let interval = Duration.seconds(30)

    /// Says when the last backup was made; nil where none is known.
    let last: @Sendable () async -> Instant?

    func look() async {
        guard let last = await last() else { return }
        Meter(label: "gatehouse_last_backup_timestamp_seconds").set(last.seconds)
    }
}
