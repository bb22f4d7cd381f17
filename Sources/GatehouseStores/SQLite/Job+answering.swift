internal import Foundation
internal import GRDB
internal import GatehouseCore

extension Job {
    /// A job whose caller is answered when it is durable.
    init<Answer: Sendable>(
        size: Size, answering caller: CheckedContinuation<Result<Answer, StoreError>, Never>,
        work: @escaping @Sendable (Database) throws -> Answer
    ) {
        self.init(
            size: size,
            work: { database in
                let answer = try work(database)
                return { caller.resume(returning: .success(answer)) }
            },
            fail: { caller.resume(returning: .failure($0)) })
    }

    /// A job whose caller is answered before it is durable, while the commit is delayed: for the gate of a crash test,
    /// which must detect this fault.
    init<Answer: Sendable>(
        size: Size, answering caller: CheckedContinuation<Result<Answer, StoreError>, Never>, before delay: Duration,
        work: @escaping @Sendable (Database) throws -> Answer
    ) {
        self.init(
            size: size,
            work: { database in
                let answer = Result { try work(database) }.mapError { StoreError(sqlite: $0) }
                caller.resume(returning: answer)
                Thread.sleep(forTimeInterval: delay / .seconds(1))
                _ = try answer.get()
                return {}
            },
            fail: { _ in })
    }
}
