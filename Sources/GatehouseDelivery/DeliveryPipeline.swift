internal import GatehouseControl
internal import GatehouseCore
internal import HTTPTypes

/// One attempt of one delivery, in a straight line: is it still owed, write it, send it, judge the answer, record it.
///
/// Start reading here. ``DurableIntake`` comes before it, ``Courier`` hands the jobs in, ``ResultRecorder`` makes the
/// results durable.
struct DeliveryPipeline: Sendable {
    let subscriptions: SubscriptionRegistry
    let dialects: DialectTable
    let sink: any Sink
    let recorder: ResultRecorder
    let clock: any WallClock
    let signals: DeliverySignals
    let disabling: Disabling
    var erasures = RecentErasures()
    /// Where requests of large events are written; nil for the loop on which they are sent.
    var heavy: HeavyWork?

    /// - Returns: the result of the request; nil if none was made.
    func attempt(_ job: DeliveryJob) async -> RequestResult? {
        // The recorder first: an attempt whose result could not be recorded must not start.
        guard await recorder.opens() else {
            recorder.record(job.handedBack(at: clock.now))
            return nil
        }
        let job = placed(job)
        switch standing(of: job, subscriptions.index[job.subscription]) {
        case .settled(let settlement):
            recorder.record(settlement)
            return nil
        case .owed(let subscription, let dialect):
            return await attempt(job, to: subscription, in: dialect)
        }
    }

    private func attempt(
        _ job: DeliveryJob, to subscription: Subscription, in dialect: any Dialect
    ) async -> RequestResult? {
        let promise = dialect.retries(for: subscription.terms)
        let weight = weight(of: [job])
        let prepared = await beside(weight) { () -> (job: DeliveryJob, request: PreparedRequest, started: Instant) in
            let started = clock.now
            let job = job.with(erasures.present(job.event))
            let request = dialect.prepare(job.parcel(for: subscription.signing(at: started)), at: started)
                .leaving(for: subscription, by: promise, events: [job.event.id], at: started)
                .inShare(of: job)
            return (job, request, started)
        }
        guard let (job, request, started) = prepared else {
            recorder.record(job.handedBack(at: clock.now))
            return nil
        }
        guard await stands(subscription, after: weight) else { return await attempt(job) }
        let met = await send(request, of: [job.event], to: subscription, started)
        var random = SystemRandomNumberGenerator()
        let verdict = settle(job, met, to: subscription, by: promise, using: &random)
        if case .gone = verdict { await disabling.disable(subscription, because: met.outcome.sentence) }
        return RequestResult(started: started, isAccepted: verdict == .delivered)
    }

    /// Does long work on large events outside the loop, which other connections use; nil if the task is cancelled
    /// before its turn.
    private func beside<Value: Sendable>(_ weight: Int, _ work: () -> Value) async -> Value? {
        guard let heavy else { return work() }
        return try? await heavy.run(on: weight) { work() }
    }

    /// Whether nothing relevant changed while large events waited for their turn: results can be recorded, and the
    /// subscription is the same.
    private func stands(_ subscription: Subscription, after weight: Int) async -> Bool {
        guard weight >= HeavyWork.begins else { return true }
        guard await recorder.opens() else { return false }
        return subscriptions.index[subscription.id]?.revision == subscription.revision
    }

    /// The size of the events in bytes, counted until they are heavy; 0 if everything is done on the loop.
    private func weight(of jobs: [DeliveryJob]) -> Int {
        heavy == nil ? 0 : jobs.reduce(0) { $0 + $1.event.weight }
    }

    private func send(
        _ request: PreparedRequest, of events: [Event], to subscription: Subscription, _ started: Instant
    ) async -> Met {
        let outcome = await sink.send(request, within: subscription.terms.timeout)
        return Met(
            started: started, ended: clock.now, outcome: outcome.hiding(subscription.repeatable),
            headers: request.headers.masked(besides: subscription.terms.headers), events: events)
    }

    /// The result of one request: the attempt of every delivery in it, without its number.
    private struct Met {
        let started: Instant
        let ended: Instant
        let outcome: Outcome
        let headers: HTTPFields
        let events: [Event]

        func concerns(_ erasures: RecentErasures) -> Bool { events.contains { erasures.concerns($0) } }
    }

    private func settle(
        _ job: DeliveryJob, _ met: Met, to subscription: Subscription, by promise: RetryPromise,
        using random: inout some RandomNumberGenerator
    ) -> Verdict {
        // The answer may repeat the request, which may contain a person who was blanked meanwhile.
        let outcome = met.concerns(erasures) ? met.outcome.withoutExcerpt : met.outcome
        var attempt = Attempt(
            number: job.attempts + 1, started: met.started, duration: met.ended - met.started, outcome: outcome,
            headers: met.headers)
        attempt.privacyLevel = subscription.terms.privacyLevel
        let verdict = RetryPolicy(of: promise, terms: subscription.terms)
            .verdict(
                on: met.outcome, attempt: attempt.number - job.spent, lane: job.lane, now: met.ended, using: &random)
        recorder.record(Settlement(delivery: job.id, next: .verdict(verdict), attempt: attempt), of: job)
        signals.tell(attempt, of: job, to: subscription, verdict)
        return verdict
    }

    /// Whether the job is still to be attempted, by the subscription's present terms and not those at the commit.
    private func standing(of job: DeliveryJob, _ subscription: Subscription?) -> Standing {
        func settled(_ next: Settlement.Next) -> Standing {
            .settled(Settlement(delivery: job.id, next: next, attempt: nil))
        }
        guard let subscription, let dialect = dialects[subscription.terms.dialect] else {
            return settled(.cancelled(.subscriptionDeleted))
        }
        guard !subscription.hasExpired(at: clock.now) else { return settled(.cancelled(.subscriptionExpired)) }
        guard subscription.isActive else { return settled(.cancelled(.subscriptionInactive)) }
        guard subscription.isOpen else { return settled(.handedBack(due: clock.now)) }
        switch dialect.owing(of: job.event, for: subscription) {
        case .names: return .owed(subscription, dialect)
        case .nothing: return settled(.cancelled(.noLongerOwed))
        case .unsayable(let keys): return unsayable(job, Unsayable(subscription, lacking: keys))
        }
    }

    /// It was owed when the event was accepted, and nothing else would explain why it never arrives.
    private func unsayable(_ job: DeliveryJob, _ missed: Unsayable) -> Standing {
        signals.tell([missed], of: job.event)
        var settlement = Settlement(delivery: job.id, next: .cancelled(.noLongerOwed), attempt: nil)
        settlement.untold = UntoldAlarm(missed, of: job.event, at: clock.now)
        return .settled(settlement)
    }

    /// The job with the present facts about its event, if it was stored before they were filled in.
    private func placed(_ job: DeliveryJob) -> DeliveryJob {
        guard job.event.panel == nil, job.event.door != nil else { return job }
        return job.with(job.event.withPanel(of: disabling.intake.raising.directory.directory))
    }

    private enum Standing {
        case owed(Subscription, any Dialect)
        case settled(Settlement)
    }
}

// MARK: - Several deliveries in one request

extension DeliveryPipeline {
    /// The same for jobs of one subscription whose contract puts several into one request, in the order of the request.
    /// Each job's delivery has its own count of attempts and its own verdict. A delivery that is no longer owed does
    /// not get into the request.
    ///
    /// - Returns: the result of each request that was made.
    func attempt(_ jobs: [DeliveryJob]) async -> [RequestResult] {
        let subscription = jobs.first.flatMap { subscriptions.index[$0.subscription] }
        guard let subscription, let dialect = dialects[subscription.terms.dialect],
            let batching = dialect.batching(for: subscription.terms), jobs.count <= batching.most
        else {
            // The terms have changed since the jobs were taken, or the subscription was deleted.
            var results: [RequestResult] = []
            for job in jobs { if let result = await attempt(job) { results.append(result) } }
            return results
        }
        guard await recorder.opens() else {
            for job in jobs { recorder.record(job.handedBack(at: clock.now)) }
            return []
        }
        let owed = jobs.map { placed($0) }.filter { isOwed($0, subscription) }
        guard let first = owed.first(where: { $0.lane == .urgent }) ?? owed.first else { return [] }
        let promise = dialect.retries(for: subscription.terms)
        let weight = weight(of: owed)
        let prepared = await beside(weight) { () -> (jobs: [DeliveryJob], request: PreparedRequest, started: Instant) in
            let started = clock.now
            let signed = subscription.signing(at: started)
            let present = owed.map { $0.with(erasures.present($0.event)) }
            let request = batching.prepare(present.map { $0.parcel(for: signed) }, started)
                .leaving(for: subscription, by: promise, events: present.map(\.event.id), at: started)
                .inShare(of: first)
            return (present, request, started)
        }
        guard let (present, request, started) = prepared else {
            for job in owed { recorder.record(job.handedBack(at: clock.now)) }
            return []
        }
        guard await stands(subscription, after: weight) else { return await attempt(owed) }
        let met = await send(request, of: present.map(\.event), to: subscription, started)
        let verdicts = settle(present, met, to: subscription, by: promise)
        if verdicts.contains(where: { if case .gone = $0 { true } else { false } }) {
            await disabling.disable(subscription, because: met.outcome.sentence)
        }
        return [RequestResult(started: started, isAccepted: verdicts.allSatisfy { $0 == .delivered })]
    }

    /// Whether a job is to be attempted; otherwise it is settled.
    private func isOwed(_ job: DeliveryJob, _ subscription: Subscription) -> Bool {
        switch standing(of: job, subscription) {
        case .owed: return true
        case .settled(let settlement):
            recorder.record(settlement)
            return false
        }
    }

    /// Returns the verdict on each.
    ///
    /// One chance is drawn for all, so that deliveries with the same number of attempts often come due together and
    /// in one request.
    private func settle(
        _ jobs: [DeliveryJob], _ met: Met, to subscription: Subscription, by promise: RetryPromise
    ) -> [Verdict] {
        let chance = SeededRandom(seed: .random(in: .min ... .max))
        return jobs.map { job in
            var random = chance
            return settle(job, met, to: subscription, by: promise, using: &random)
        }
    }
}

/// What came of one request, for the pace of its receiver.
struct RequestResult: Hashable, Sendable {
    let started: Instant
    /// Whether all deliveries in it are delivered.
    let isAccepted: Bool
}
