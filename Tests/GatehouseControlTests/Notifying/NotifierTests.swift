import GatehouseControl
import GatehouseCore
import Testing

/// Hints within one gateway.
@Suite struct NotifierTests {
    private static let id = SubscriptionID("s1")

    @Test func everyObserverHearsEveryHintInOrder() {
        let notifier = LocalNotifier()
        let heard = Snapshot<[[Hint]]>([[], []])
        for place in 0..<2 { notifier.observe { hint in heard.update { $0[place].append(hint) } } }
        let hints: [Hint] = [
            .eventsCommitted, .subscriptionChanged(Self.id), .deliveriesDue(Self.id), .replayBegun(Self.id),
            .registryStale(.keys),
        ]
        for hint in hints { notifier.post(hint) }
        #expect(heard.value == [hints, hints])
    }

    @Test func aHintBeforeTheObserverIsLost() {
        let notifier = LocalNotifier()
        notifier.post(.eventsCommitted)
        let heard = Snapshot(0)
        notifier.observe { _ in heard.update { $0 += 1 } }
        #expect(heard.value == 0)
    }

    @Test func thoseWhoWaitForEventsHearOfCommitsAlone() async {
        let notifier = LocalNotifier()
        let signal = CommitSignal(hearing: notifier)
        let mark = signal.mark
        notifier.post(.deliveriesDue(Self.id))
        #expect(signal.mark == mark)
        notifier.post(.eventsCommitted)
        #expect(signal.mark != mark)
        await signal.wait(after: mark)
    }
}
