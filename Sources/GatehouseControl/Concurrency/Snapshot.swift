import Synchronization

/// The present value of something that many read and few change, such as the directory.
///
/// Readers get a whole, unchanging value and never wait for a writer's work; a change is one swap under a short lock.
package final class Snapshot<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    /// Starts with a value.
    package init(_ value: Value) {
        self.state = Mutex(value)
    }

    /// The value as it is now; it does not change under the reader.
    package var value: Value { state.withLock { $0 } }

    /// Changes the value in one step that no reader sees halfway.
    @discardableResult
    package func update<Result: Sendable>(_ change: (inout Value) -> Result) -> Result {
        state.withLock { change(&$0) }
    }
}
