import DequeModule
import GatehouseCore

/// Which look-up is next: organizations take turns, and none has more than its share of the threads or of the queue.
///
/// A thread that looks a name up cannot be stopped, so a hanging look-up counts against the organization for which it
/// began. It only computes.
struct LookUpTurns {
    /// An organization, or nil for the gateway itself.
    typealias Owner = OrganizationID?

    private let limits: SystemResolver.Limits
    private var queues: [Owner: Deque<String>] = [:]
    /// The owners with queued names, the next one first.
    private var order: Deque<Owner> = []
    private var running: [Owner: Int] = [:]
    private(set) var runningInAll = 0

    init(_ limits: SystemResolver.Limits) {
        self.limits = limits
    }

    /// All queued names; the queue is then empty.
    mutating func drain() -> [String] {
        defer {
            queues = [:]
            order = []
        }
        return queues.values.flatMap { $0 }
    }

    /// Queues a name; false if the owner has too many queued names.
    mutating func add(_ name: String, for owner: Owner) -> Bool {
        let queued = queues[owner]?.count ?? 0
        guard queued < limits.namesWaitingPerOrganization else { return false }
        if queued == 0 { order.append(owner) }
        queues[owner, default: []].append(name)
        return true
    }

    /// Whether ``next()`` would return a name.
    var hasNext: Bool { order.contains { mayRun($0) } }

    /// The next name of the first owner that may have one looked up. Its turn ends with ``end(_:)``.
    mutating func next() -> (name: String, owner: Owner)? {
        guard let place = order.firstIndex(where: { mayRun($0) }) else { return nil }
        let owner = order.remove(at: place)
        guard let name = queues[owner]?.popFirst() else { return nil }
        if queues[owner]?.isEmpty ?? true { queues[owner] = nil } else { order.append(owner) }
        running[owner, default: 0] += 1
        runningInAll += 1
        return (name, owner)
    }

    /// A look-up has ended.
    mutating func end(_ owner: Owner) {
        runningInAll -= 1
        let left = (running[owner] ?? 1) - 1
        running[owner] = left > 0 ? left : nil
    }

    /// The last threads are reserved for owners that have none.
    private func mayRun(_ owner: Owner) -> Bool {
        let own = running[owner] ?? 0
        if own == 0 { return true }
        return own < limits.perOrganization && runningInAll < limits.threads - limits.reservedThreads
    }
}
