import GatehouseControl
import Testing

/// Who may work beside whom, over random orders.
@Suite struct AsyncMutexTests {
    private struct Inside {
        var exclusive = 0
        var shared = 0
        var mostShared = 0
    }

    @Test func exclusiveWorkIsAloneAndSharedWorkIsNot() async {
        let mutex = AsyncMutex()
        let inside = Snapshot(Inside())
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<400 {
                group.addTask {
                    if number.isMultiple(of: 7) {
                        await mutex.take {
                            let now = inside.update { inside in
                                inside.exclusive += 1
                                return inside
                            }
                            #expect(now.exclusive == 1 && now.shared == 0)
                            await Task.yield()
                            inside.update { $0.exclusive -= 1 }
                        }
                    } else {
                        await mutex.share {
                            let now = inside.update { inside in
                                inside.shared += 1
                                inside.mostShared = max(inside.mostShared, inside.shared)
                                return inside
                            }
                            #expect(now.exclusive == 0)
                            await Task.yield()
                            inside.update { $0.shared -= 1 }
                        }
                    }
                }
            }
        }
        #expect(mutex.waiting == 0 && inside.value.exclusive == 0 && inside.value.shared == 0)
        #expect(inside.value.mostShared > 1)
    }

    /// Shared work that came after exclusive work waits for it, so exclusive work is never passed for ever.
    @Test(.timeLimit(.minutes(1)))
    func exclusiveWorkIsNotPassed() async {
        let mutex = AsyncMutex()
        let order = Snapshot<[String]>([])
        let mayEnd = Snapshot(false)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await mutex.share {
                    while !mayEnd.value { await Task.yield() }
                    order.update { $0.append("first") }
                }
            }
            group.addTask {
                while order.value.isEmpty, mutex.waiting == 0 { await Task.yield() }
                await mutex.share { order.update { $0.append("last") } }
            }
            group.addTask {
                await Task.yield()
                await mutex.take { order.update { $0.append("alone") } }
            }
            while mutex.waiting < 2 { await Task.yield() }
            mayEnd.update { $0 = true }
        }
        #expect(order.value == ["first", "alone", "last"])
    }
}
