internal import GatehouseCore
internal import Metrics

/// Reports when the store was last backed up, so that an alert can find failing backups. A store that was never backed
/// up has no such figure: it may be saved by other means.
struct BackupWatch: Sendable {
    static let interval = Duration.seconds(30)

    /// When the last backup was made; nil if none is known.
    let last: @Sendable () async -> Instant?

    func look() async {
        guard let last = await last() else { return }
        Meter(label: "gatehouse_last_backup_timestamp_seconds").set(last.seconds)
    }
}
