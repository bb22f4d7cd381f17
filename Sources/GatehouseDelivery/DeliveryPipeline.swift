internal import GatehouseControl
internal import GatehouseCore
internal import HTTPTypes

/// One attempt of one delivery, in a straight line: is it still owed, write it, send it, judge the answer, record it.
///
/// Start reading here. What comes before is ``DurableIntake``, what hands the jobs in is ``Courier``, what makes the
/// results durable is ``ResultRecorder``.
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

    func attempt(_ job: DeliveryJob) async {
        // The recorder first: what could not be written down is not dialled.
        guard await recorder.opens() else { return recorder.record(job.handedBack(at: clock.now)) }
        let job = placed(job)
        switch standing(of: job, subscriptions.index[job.subscription]) {
        case .settled(let settlement):
            recorder.record(settlement)
        case .owed(let subscription, let dialect):
            await attempt(job, to: subscription, in: dialect)
        }
    }

    private func attempt(_ job: DeliveryJob, to subscription: Subscription, in dialect: any Dialect) async {
        let promise = dialect.retries(for: subscription.terms)
        let weight = weight(of: [job])
        let prepared = await beside(weight) { () -> (job: DeliveryJob, request: PreparedRequest, started: Instant) in
            let started = clock.now
            let job = job.with(erasures.present(job.event))
            let request = dialect.prepare(job.parcel(for: subscription.signing(at: started)), at: started)
                .leaving(for: subscription, by: promise, telling: [job.event.id], at: started)
            return (job, request, started)
        }
        guard let (job, request, started) = prepared else { return recorder.record(job.handedBack(at: clock.now)) }
        guard await stands(subscription, after: weight) else { return await attempt(job) }
        let met = await send(request, of: [job.event], to: subscription, started)
        var random = SystemRandomNumberGenerator()
        let verdict = settle(job, met, to: subscription, by: promise, using: &random)
        if case .gone = verdict { await disabling.disable(subscription, because: met.outcome.sentence) }
    }

    /// Does what takes long with large events, beside the loop, whose connections others use; nil where the task is
    /// cancelled before its turn.
    private func beside<Value: Sendable>(_ weight: Int, _ work: () -> Value) async -> Value? {
        guard let heavy else { return work() }
        return try? await heavy.run(on: weight) { work() }
    }

    /// Whether all is as it was before large events waited for their turn: results can be written down, and the
    /// subscription has not changed.
    private func stands(_ subscription: Subscription, after weight: Int) async -> Bool {
        guard weight >= HeavyWork.begins else { return true }
        guard await recorder.opens() else { return false }
        return subscriptions.index[subscription.id]?.revision == subscription.revision
    }

    /// How many bytes the events have, counted until they are heavy; 0 where all is done on the loop.
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

    /// What one request met: the attempt of every delivery in it, but for its number.
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
        // What is answered may repeat what was sent, and who was blanked meanwhile may be in it.
        let outcome = met.concerns(erasures) ? met.outcome.withoutExcerpt : met.outcome
        var attempt = Attempt(
            number: job.attempts + 1, started: met.started, duration: met.ended - met.started, outcome: outcome,
            headers: met.headers)
        attempt.privacyLevel = subscription.terms.privacyLevel
        let verdict = RetryPolicy(of: promise, terms: subscription.terms)
            .verdict(
                on: met.outcome, attempt: attempt.number - job.spent, lane: job.lane, now: met.ended, using: &random)
        recorder.record(Settlement(delivery: job.id, next: .verdict(verdict), attempt: attempt), of: job.subscription)
        signals.tell(attempt, of: job, to: subscription, verdict)
        return verdict
    }

    /// Whether the job is still to be attempted, by the subscription as it stands now and not as it stood at the
    /// commit.
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

    /// It was owed when it was taken, and nothing else would say why it never arrives.
    private func unsayable(_ job: DeliveryJob, _ missed: Unsayable) -> Standing {
        signals.tell([missed], of: job.event)
        var settlement = Settlement(delivery: job.id, next: .cancelled(.noLongerOwed), attempt: nil)
        settlement.untold = UntoldAlarm(missed, of: job.event, at: clock.now)
        return .settled(settlement)
    }

    /// The job with what is known of its event by now, where it was kept before that was filled in.
    private func placed(_ job: DeliveryJob) -> DeliveryJob {
        guard job.event.panel == nil, job.event.door != nil else { return job }
        return job.with(job.event.withPanel(of: disabling.raising.directory.directory))
    }

    private enum Standing {
        case owed(Subscription, any Dialect)
        case settled(Settlement)
    }
}

// MARK: - Several deliveries in one request

extension DeliveryPipeline {
    /// The same for jobs of one subscription whose contract puts several into one request, in the order in which they
    /// are to stand there. What one job's delivery comes to is its own: its count of attempts, its verdict; and what is
    /// owed no longer does not get into the request.
    func attempt(_ jobs: [DeliveryJob]) async {
        let subscription = jobs.first.flatMap { subscriptions.index[$0.subscription] }
        guard let subscription, let dialect = dialects[subscription.terms.dialect],
            let batching = dialect.batching(for: subscription.terms), jobs.count <= batching.most
        else {
            // The terms have changed since the jobs were taken, or the subscription is gone.
            for job in jobs { await attempt(job) }
            return
        }
        guard await recorder.opens() else {
            for job in jobs { recorder.record(job.handedBack(at: clock.now)) }
            return
        }
        let owed = jobs.map { placed($0) }.filter { isOwed($0, subscription) }
        guard !owed.isEmpty else { return }
        let promise = dialect.retries(for: subscription.terms)
        let weight = weight(of: owed)
        let prepared = await beside(weight) { () -> (jobs: [DeliveryJob], request: PreparedRequest, started: Instant) in
            let started = clock.now
            let signed = subscription.signing(at: started)
            let present = owed.map { $0.with(erasures.present($0.event)) }
            let request = batching.prepare(present.map { $0.parcel(for: signed) }, started)
                .leaving(for: subscription, by: promise, telling: present.map(\.event.id), at: started)
            return (present, request, started)
        }
        guard let (present, request, started) = prepared else {
            for job in owed { recorder.record(job.handedBack(at: clock.now)) }
            return
        }
        guard await stands(subscription, after: weight) else { return await attempt(owed) }
        let met = await send(request, of: present.map(\.event), to: subscription, started)
        if settle(present, met, to: subscription, by: promise) {
            await disabling.disable(subscription, because: met.outcome.sentence)
        }
    }

    /// Whether a job is to be attempted; one that is not is settled.
    private func isOwed(_ job: DeliveryJob, _ subscription: Subscription) -> Bool {
        switch standing(of: job, subscription) {
        case .owed: return true
        case .settled(let settlement):
            recorder.record(settlement)
            return false
        }
    }

    /// Returns whether the receiver is gone.
    ///
    /// One chance is drawn for all, so that those that were tried equally often come due together and in one request.
    private func settle(
        _ jobs: [DeliveryJob], _ met: Met, to subscription: Subscription, by promise: RetryPromise
    ) -> Bool {
        let chance = SeededRandom(seed: .random(in: .min ... .max))
        var isGone = false
        for job in jobs {
            var random = chance
            if case .gone = settle(job, met, to: subscription, by: promise, using: &random) { isGone = true }
        }
        return isGone
    }
}
