internal import GatehouseCore
internal import GatehouseTesting

/// Callers that ask for one thing at once. The store holds all of them until the last has come so far, so that it alone
/// can tell them apart.
struct ManyAtOnce {
    let count: Int
    private let adding = Count()

    init(_ count: Int) {
        self.count = count
    }

    /// What a gateway's store is to pass.
    var gate: FaultGate {
        let gate = FaultGate()
        gate.hold(.addSubscription) { [adding, count] in
            adding.grow()
            while adding.value < count { await Task.yield() }
        }
        return gate
    }

    /// How many of them came as far as the store.
    var held: Int { adding.value }

    /// Lets all of them ask, and returns the statuses of their answers.
    func ask(_ one: @escaping @Sendable () async throws -> Int) async throws -> [Int] {
        try await withThrowingTaskGroup(of: Int.self) { tasks in
            for _ in 0..<count { tasks.addTask { try await one() } }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
    }
}
