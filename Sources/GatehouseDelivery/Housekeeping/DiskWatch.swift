internal import GatehouseControl
internal import GatehouseCore
internal import Logging
internal import Metrics

/// Checks how full the store's disk is, and warns before it is full: once, each time that it reaches the level.
struct DiskWatch: Sendable {
    static let interval = Duration.seconds(30)

    /// The used part of the disk, 0 to 1; nil if it is unknown.
    let measure: @Sendable () async -> Double?
    /// How full it may be, in percent.
    let warning: Int
    /// Whether it is fuller than that.
    let isFilling: Snapshot<Bool>
    let logger: Logger
    private let share = Meter(label: "gatehouse_disk_used_ratio")

    init(
        warning: Int, isFilling: Snapshot<Bool>, logger: Logger,
        measuring measure: @escaping @Sendable () async -> Double?
    ) {
        self.measure = measure
        self.warning = warning
        self.isFilling = isFilling
        self.logger = logger
    }

    func look() async {
        guard let used = await measure() else { return }
        share.set(used)
        let isFull = used * 100 >= Double(warning)
        let wasFull = isFilling.update { present in
            defer { present = isFull }
            return present
        }
        guard isFull != wasFull else { return }
        let line: Logger.Metadata = ["used": "\(Int(used * 100)) %", "warning": "\(warning) %"]
        if isFull {
            logger.warning("the disk of the store is filling up: free space, or keep less", metadata: line)
        } else {
            logger.notice("the disk of the store has free space again", metadata: line)
        }
    }
}
