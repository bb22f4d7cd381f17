internal import GatehouseCore

/// One attempt of one delivery, in a straight line: is it still owed, write it, send it, judge the answer, record it.
///
/// Start reading here. What comes before is ``DurableIntake``, what hands the jobs in is ``Courier``, what makes the
/// results durable is ``Ledger``.
struct DeliveryPipeline: Sendable {
    let subscriptions: SubscriptionBook
    let dialects: DialectTable
    let sink: any Sink
    let ledger: Ledger
    let clock: any WallClock
    let signals: DeliverySignals
    let disabling: Disabling

    func attempt(_ job: DeliveryJob) async {
        // The ledger first: what could not be written down is not dialled.
        guard await ledger.opens() else { return ledger.record(job.handedBack(at: clock.now)) }
        switch standing(of: job) {
        case .settled(let next):
            ledger.record(Settlement(delivery: job.id, next: next, attempt: nil))
        case .owed(let subscription, let dialect):
            await attempt(job, to: subscription, in: dialect)
        }
    }

    private func attempt(_ job: DeliveryJob, to subscription: Subscription, in dialect: any Dialect) async {
        let started = clock.now
        let parcel = job.parcel(for: subscription)
        var request = dialect.prepare(parcel, at: started)
        request.verifiesCertificates = subscription.terms.verifiesCertificates
        let outcome = await sink.send(request, within: subscription.terms.timeout)
        let ended = clock.now
        let verdict = RetryPolicy(of: dialect.retries(for: subscription.terms), terms: subscription.terms)
            .verdict(on: outcome, attempt: parcel.attempt, lane: job.lane, now: ended)
        let attempt = Attempt(
            number: parcel.attempt, started: started, duration: ended - started, outcome: outcome,
            headers: request.headers.masked)
        ledger.record(Settlement(delivery: job.id, next: .verdict(verdict), attempt: attempt), of: job.subscription)
        signals.tell(attempt, of: job, to: subscription, verdict)
        if case .gone = verdict { await disabling.disable(subscription, because: outcome.sentence) }
    }

    /// Whether the job is still to be attempted, by the subscription as it stands now and not as it stood at the
    /// commit.
    private func standing(of job: DeliveryJob) -> Standing {
        guard let subscription = subscriptions.index[job.subscription],
            let dialect = dialects[subscription.terms.dialect]
        else { return .settled(.cancelled(.subscriptionDeleted)) }
        guard !subscription.hasExpired(at: clock.now) else { return .settled(.cancelled(.subscriptionExpired)) }
        guard subscription.isActive else { return .settled(.cancelled(.subscriptionInactive)) }
        guard subscription.isOpen else { return .settled(.handedBack(due: clock.now)) }
        guard !dialect.names(of: job.event, for: subscription).isEmpty else {
            return .settled(.cancelled(.noLongerOwed))
        }
        return .owed(subscription, dialect)
    }

    private enum Standing {
        case owed(Subscription, any Dialect)
        case settled(Settlement.Next)
    }
}
