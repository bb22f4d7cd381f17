import ArgumentParser
import GatehouseCore
import GatehouseDelivery
import GatehouseDialects
import NIOCore
import NIOPosix
import Synchronization

/// Posts signed deliveries to one receiver as fast as it goes, and says how many were answered 2xx.
struct Engine: AsyncParsableCommand {
    @Option var url: String
    @Option var seconds: Int = 5
    @Option var inFlight: Int = 64

    func run() async throws {
        let threads = MultiThreadedEventLoopGroup.singleton
        let egress = EgressGuard(allowed: [try AddressRange("127.0.0.0/8")])
        let sink = HTTPSink(ConnectionPool(group: threads, egress: egress, resolver: SystemResolver()))
        guard let target = TargetURL(url), let dialect = Dialects.all.first else {
            throw ValidationError("--url must be an http URL")
        }
        let subscription = subscription(to: target, in: dialect)
        let event = event()
        let tally = Tally()
        let loops = threads.makeIterator().map { LoopExecutor($0) }
        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<inFlight {
                group.addTask(executorPreference: loops[worker % loops.count]) {
                    while clock.now < end {
                        let parcel = Parcel(event: event, subscription: subscription, attempt: 1, isReplay: false)
                        let request = dialect.prepare(parcel, at: Instant(seconds: 1_773_216_930))
                        let outcome = await sink.send(request, within: .seconds(10))
                        tally.count(outcome)
                    }
                }
            }
        }
        print("accepted \(tally.accepted.load(ordering: .relaxed)) refused \(tally.refused.load(ordering: .relaxed))")
    }

    private func subscription(to url: TargetURL, in dialect: any Dialect) -> Subscription {
        var terms = Terms(name: "bench", dialect: dialect.name, url: url, defaults: dialect.defaults)
        terms.secret = Secret("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
        let identity = Subscription.Identity(
            id: SubscriptionID("sub_bench"), organization: OrganizationID("acme"), created: Instant(seconds: 0))
        return Subscription(identity, terms: terms, hold: .none, revision: 1, sayable: dialect.vocabulary.sayable)
    }

    private func event() -> Event {
        var parts = Event.Parts(
            id: EventID(high: 0x0192_48F0_1C2D_7ABC, low: 0x8DEF_0123_4567_89AB), kind: .accessGranted,
            organization: OrganizationID("acme"), received: Instant(seconds: 1_773_216_930))
        parts.source = "/panels/1070000"
        parts.sourceID = "679521e4-c455-423f-8155-d012c98f5dcc"
        parts.data = JSONObject([
            .init("panel", "1070000"), .init("door", "lobby"),
            .init("person", ["id": "31", "firstName": "Ana", "lastName": "Reis", "email": "ana@example.com"]),
            .init("access", ["direction": "entry", "method": "card", "grantedBy": "identifier", "authorized": true]),
        ])
        return Event(parts)
    }
}

/// How many were answered 2xx, and how many were not.
private final class Tally: Sendable {
    let accepted = Atomic<Int>(0)
    let refused = Atomic<Int>(0)

    func count(_ outcome: Outcome) {
        let isAccepted = outcome.status.map { (200..<300).contains($0) } ?? false
        if isAccepted {
            accepted.add(1, ordering: .relaxed)
        } else {
            refused.add(1, ordering: .relaxed)
        }
    }
}
