internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Distributes workers over the event loops in turn. A worker stays on its loop, so an attempt never changes threads.
final class LoopTurns: Sendable {
    private let executors: [LoopExecutor]
    private let turn = Atomic<Int>(0)

    init(_ group: MultiThreadedEventLoopGroup) {
        self.executors = group.makeIterator().map { LoopExecutor($0) }
    }

    func next() -> LoopExecutor {
        let turn = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return executors[(turn & Int.max) % executors.count]
    }
}
