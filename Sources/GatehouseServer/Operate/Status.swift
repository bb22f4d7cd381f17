internal import GatehouseCore
internal import Hummingbird

/// `GET /v1/status`: what needs attention, in sentences. Empty where nothing does.
enum Status {
    /// Tells of the subscriptions that the key reaches, or of those of one organization and all below it; and of the
    /// gateway itself, where the key stands above all trees.
    static func show(_ call: Call) async throws -> Response {
        let reach = try call.chosenReach()
        let seen = call.parts.subscriptions.index.all.filter { reach?.contains($0.organization) ?? true }
        let health = try await call.parts.store.health(of: nil)
        let untold = try await call.parts.store.untold(since: call.now - UntoldAlarms.memory)
        var items = reach == nil ? await ofTheGateway(call.parts, at: call.now) : []
        items += ofPanels(call.directory, within: reach)
        items += seen.compactMap { Self.item(about: $0, in: call.directory) }
        for subscription in seen {
            guard let health = health[subscription.id] else { continue }
            items += Self.items(about: subscription, health, at: call.now)
            items += (untold[subscription.id] ?? []).map { Self.item(about: subscription, $0) }
        }
        items.sort { ($0.isUrgent ? 0 : 1, $0.subject, $0.sentence) < ($1.isUrgent ? 0 : 1, $1.subject, $1.sentence) }
        return Response(.ok, json: ["attention": .array(items.map(\.json))])
    }

    /// From how many wrong credentials in two hours on they are told.
    static let tellsGuesses = 20
    /// How long before its end the gateway's own certificate needs attention.
    static let certificateNotice = Duration.seconds(14 * 86_400)
    /// How long a delivery may wait before it needs attention, where its subscription neither fails nor is held.
    static let patience = Duration.seconds(3600)

    /// Panels that share a number: a store from before that was refused may have them.
    private static func ofPanels(_ directory: Directory, within reach: Set<OrganizationID>?) -> [Attention] {
        directory.panelsSharingNumbers.filter { reach?.contains($0[0].organization) ?? true }.map { sharing in
            let organization = sharing[0].organization
            var item = Attention(
                "panels/\(organization)", Panel.sentence(about: sharing), next: .listPanels, of: organization.text)
            item.count = sharing.count
            return item
        }
    }

    private static func ofTheGateway(_ parts: ServerParts, at now: Instant) async -> [Attention] {
        var items: [Attention] = []
        if await !parts.store.isReady() {
            var item = Attention(
                "store", "the store takes no writes: every event is refused with 503; the log says why",
                next: .showDisks)
            item.isUrgent = true
            items.append(item)
        }
        if parts.isDiskFilling.value {
            items.append(Attention("store", "the disk of the store is filling up", next: .showDisks))
        }
        if let jump = parts.clockJump.value {
            var item = Attention("clock", sentence(of: jump), next: .showClock)
            item.since = jump.at
            items.append(item)
        }
        if let end = parts.certificateEnds.value, end - certificateNotice <= now {
            let day = RFC3339.secondsText(end)
            let sentence =
                end <= now
                ? "the gateway's own certificate expired on \(day): callers refuse it; renew it and restart the gateway"
                : "the gateway's own certificate expires on \(day): renew it and restart the gateway"
            var item = Attention("certificate", sentence, next: .showSettings)
            (item.since, item.isUrgent) = (end <= now ? end : end - certificateNotice, end <= now)
            items.append(item)
        }
        let guesses = parts.failedProofs.recent(at: now)
        if guesses.count >= tellsGuesses {
            var item = Attention(
                "credentials",
                "wrong credentials came \(guesses.count) times since \(RFC3339.secondsText(guesses.since)); the audit "
                    + "says from where",
                next: .listAudit, of: RFC3339.secondsText(guesses.since))
            (item.since, item.count) = (guesses.since, guesses.count)
            items.append(item)
        }
        return items
    }

    private static func sentence(of jump: ClockJump) -> String {
        let what = "the clock of the gateway's machine was set \(jump.sentence): see that it is right"
        guard jump.by > .zero else { return what + "; what waited was brought forward by as much" }
        return jump.by >= .seconds(3600)
            ? what + "; for a day nothing is pruned, and no subscription is ended because its time is over" : what
    }

    private static func items(
        about subscription: Subscription, _ health: SubscriptionHealth, at now: Instant
    ) -> [Attention] {
        var items: [Attention] = []
        if var item = standing(of: subscription, health, at: now) {
            item.isUrgent = health.waiting[.urgent] ?? 0 > 0
            items.append(item)
        }
        if health.exhausted > 0 {
            var item = Attention(
                "subscriptions/\(subscription.id)",
                "\(subscription.terms.name) has deliveries that were given up: retry or cancel them",
                next: .listDead, of: subscription.id.text)
            (item.since, item.count) = (health.oldest, health.exhausted)
            item.isUrgent = health.dead[.urgent] ?? 0 > 0
            items.append(item)
        }
        if health.ended > 0 {
            var item = Attention(
                "subscriptions/\(subscription.id)",
                "\(subscription.terms.name) ended while deliveries were owed to it: set a later expiresAt and replay "
                    + "those hours, or delete it",
                next: .showSubscription, of: subscription.id.text)
            item.count = health.ended
            items.append(item)
        }
        return items
    }

    /// Doors and panels that it asks for and that were deleted: nothing else says why it hears nothing of them.
    private static func item(about subscription: Subscription, in directory: Directory) -> Attention? {
        guard subscription.isActive, let missing = subscription.missing(in: directory) else { return nil }
        let told = [("doors", missing.doors.map(\.text)), ("panels", missing.panels.map(\.text))].compactMap {
            what, names -> String? in
            guard !names.isEmpty else { return nil }
            let more = names.count > mostNames ? " and \(names.count - mostNames) more" : ""
            return "\(what) that are not there: \(names.prefix(mostNames).joined(separator: ", "))\(more)"
        }
        let hears = missing.isAll ? "nothing of any that it asks for" : "nothing of these"
        var item = Attention(
            "subscriptions/\(subscription.id)",
            "\(subscription.terms.name) asks for \(told.joined(separator: ", and for ")); it is told \(hears): change "
                + "what it asks for, or make them again",
            next: .showSubscription, of: subscription.id.text)
        item.count = missing.count
        return item
    }

    /// How many names one sentence has.
    private static let mostNames = 5

    /// Why nothing or not enough goes out to a subscription; nil where it fares well.
    private static func standing(
        of subscription: Subscription, _ health: SubscriptionHealth, at now: Instant
    ) -> Attention? {
        let (subject, name, id) = (
            "subscriptions/\(subscription.id)", subscription.terms.name, subscription.id.text
        )
        var item: Attention
        switch subscription.hold {
        case .disabled:
            item = Attention(
                subject, "\(name) is disabled: its receiver said that it is gone", next: .resumeSubscription, of: id)
            (item.since, item.count) = (health.since, health.waitingCount)
        case .paused where health.waiting[.urgent] ?? 0 > 0:
            item = Attention(
                subject, "\(name) is paused, and urgent deliveries wait for it", next: .resumeSubscription, of: id)
            (item.since, item.count) = (health.oldest, health.waiting[.urgent] ?? 0)
        case .none where health.isFailing:
            item = Attention(subject, failing(name, health), next: .testSubscription, of: id)
            (item.since, item.count) = (health.since, health.consecutiveFailures)
        case .none where waitsLong(subscription, health, at: now):
            item = Attention(
                subject, "\(name) has deliveries that wait for more than an hour: its receiver may be too slow",
                next: .showSubscription, of: id)
            (item.since, item.count) = (health.oldest, health.waitingCount)
        case .none, .paused: return nil
        }
        return item
    }

    private static func failing(_ name: String, _ health: SubscriptionHealth) -> String {
        guard health.consecutiveFailures > 0 else { return "\(name) is failing: an urgent delivery waits for too long" }
        let status = health.lastStatus.map { " (\($0))" } ?? ""
        let last = health.lastOutcome.map { ", the last one: \($0)\(status)" } ?? ""
        return "\(name) is failing: \(health.consecutiveFailures) attempts in a row failed\(last)"
    }

    /// The oldest delivery may be a dead one, so of a subscription that has dead ones only those are shown.
    private static func waitsLong(
        _ subscription: Subscription, _ health: SubscriptionHealth, at now: Instant
    ) -> Bool {
        guard health.state(of: subscription, at: now) == .ok, health.waitingCount > 0, health.deadCount == 0,
            let oldest = health.oldest
        else { return false }
        return oldest + patience <= now
    }

    /// Alarms that it asked for and its contract cannot tell: nothing else says that they never arrive.
    private static func item(about subscription: Subscription, _ untold: UntoldAlarms) -> Attention {
        let keys = untold.lacking.joined(separator: ", ")
        var item = Attention(
            "subscriptions/\(subscription.id)",
            "\(subscription.terms.name) was not told \(untold.kind.name): the contract "
                + "\(subscription.terms.dialect) requires \(keys), and the event has nothing for it; "
                + "the last one at \(RFC3339.text(untold.last))",
            next: .showSubscription, of: subscription.id.text)
        (item.since, item.count, item.isUrgent) = (untold.first, untold.count, true)
        item.untold = untold
        return item
    }
}
