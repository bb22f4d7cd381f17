internal import Synchronization

/// Hints within one gateway: each observer is called by the one who posts, in the order in which they came to observe.
package final class LocalNotifier: Notifier {
    private let observers = Mutex<[@Sendable (Hint) -> Void]>([])

    /// Without observers.
    package init() {}

    package func post(_ hint: Hint) {
        for observer in observers.withLock({ $0 }) { observer(hint) }
    }

    package func observe(_ observer: @escaping @Sendable (Hint) -> Void) {
        observers.withLock { $0.append(observer) }
    }
}
