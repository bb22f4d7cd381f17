internal import GatehouseCore
internal import GatehouseTesting

/// Callers that request one thing at once. The store holds all of them until the last has come, so that only the store
/// can decide between them.
struct ManyAtOnce {
    let count: Int
    private let adding = Count()

    init(_ count: Int) {
        self.count = count
    }

    /// The gate for the gateway's store.
    var gate: FaultGate {
        let gate = FaultGate()
        gate.hold(.addSubscription) { [adding, count] in
            adding.grow()
            while adding.value < count { await Task.yield() }
        }
        return gate
    }

    /// How many of them reached the store.
    var held: Int { adding.value }

    /// Lets all of them call, and returns the statuses of their answers.
    func ask(_ one: @escaping @Sendable () async throws -> Int) async throws -> [Int] {
        try await withThrowingTaskGroup(of: Int.self) { tasks in
            for _ in 0..<count { tasks.addTask { try await one() } }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
    }
}
