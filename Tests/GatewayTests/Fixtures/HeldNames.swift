internal import Dispatch
internal import GatehouseDelivery
internal import Synchronization

/// Looks names up: names that begin with `held` hang until they are released, all others resolve to this machine.
final class HeldNames: Sendable {
    private let names = Mutex<[String]>([])
    private let gate = DispatchSemaphore(value: 0)

    /// The names whose look-up began.
    var begun: Set<String> { Set(names.withLock { $0 }) }

    /// How many names hang, or did.
    var held: Int { names.withLock { $0.count { $0.hasPrefix("held") } } }

    @Sendable func lookUp(_ name: String) -> SystemResolver.Found {
        names.withLock { $0.append(name) }
        if name.hasPrefix("held") {
            gate.wait()
            // The next waiting one is released too.
            gate.signal()
        }
        return .addresses([NetworkAddress("127.0.0.1")].compactMap(\.self))
    }

    func letGo() { gate.signal() }
}
