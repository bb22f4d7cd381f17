import DequeModule
import GatehouseCore

/// Which look-up is next: organizations take turns, and none has more than its share of the threads or of the queue.
///
/// A thread that looks a name up cannot be stopped, so a hanging look-up counts against the organization for which it
/// began. It only computes.
struct LookUpTurns {
    /// An organization, or nil for the gateway itself.
    typealias Owner = OrganizationID?

    /// A turn that has begun; it ends with ``end(_:)``.
    struct Turn: Hashable {
        let name: String
        let owner: Owner
        /// Whether the name had addresses when it was last looked up: then its receiver is probably doing well.
        let isKnown: Bool
    }

    private struct Queue {
        var known: Deque<String> = []
        var others: Deque<String> = []

        var count: Int { known.count + others.count }
    }

    private struct Running {
        var all = 0
        /// Look-ups of names that had no addresses before.
        var others = 0
    }

    private let limits: SystemResolver.Limits
    private var queues: [Owner: Queue] = [:]
    /// The owners with queued names, the next one first.
    private var order: Deque<Owner> = []
    private var running: [Owner: Running] = [:]
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
        return queues.values.flatMap { Array($0.known) + Array($0.others) }
    }

    /// Queues a name; false if the owner has too many queued names. Names that had addresses before have a share of the
    /// queue and of the threads for themselves.
    mutating func add(_ name: String, for owner: Owner, isKnown: Bool = false) -> Bool {
        let queue = queues[owner] ?? Queue()
        guard
            isKnown
                ? queue.count < limits.namesWaitingPerOrganizationWithKnown
                : queue.others.count < limits.namesWaitingPerOrganization
        else { return false }
        if queue.count == 0 { order.append(owner) }
        if isKnown {
            queues[owner, default: Queue()].known.append(name)
        } else {
            queues[owner, default: Queue()].others.append(name)
        }
        return true
    }

    /// Whether ``next()`` would return a name.
    var hasNext: Bool { order.contains { mayRun($0) } }

    /// The next name of the first owner that may have one looked up. Its turn ends with ``end(_:)``.
    mutating func next() -> Turn? {
        guard let place = order.firstIndex(where: { mayRun($0) }) else { return nil }
        let owner = order.remove(at: place)
        let known = queues[owner]?.known.popFirst()
        guard let name = known ?? queues[owner]?.others.popFirst() else { return nil }
        if queues[owner]?.count ?? 0 == 0 { queues[owner] = nil } else { order.append(owner) }
        running[owner, default: Running()].all += 1
        if known == nil { running[owner]?.others += 1 }
        runningInAll += 1
        return Turn(name: name, owner: owner, isKnown: known != nil)
    }

    /// A look-up has ended.
    mutating func end(_ turn: Turn) {
        runningInAll -= 1
        guard var left = running[turn.owner] else { return }
        left.all -= 1
        if !turn.isKnown { left.others -= 1 }
        running[turn.owner] = left.all > 0 ? left : nil
    }

    /// The last threads are reserved for owners that have none, and some of an owner's for names that had addresses
    /// before.
    private func mayRun(_ owner: Owner) -> Bool {
        let own = running[owner] ?? Running()
        if own.all == 0 { return true }
        guard own.all < limits.perOrganizationWithKnown, runningInAll < limits.threads - limits.reservedThreads else {
            return false
        }
        return queues[owner]?.known.isEmpty == false || own.others < limits.perOrganization
    }
}
