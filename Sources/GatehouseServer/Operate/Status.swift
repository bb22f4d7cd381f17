internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird

/// `GET /v1/status`: what needs attention, in sentences; empty if nothing does.
struct Status: Sendable {
    let queries: StatusQueries
    let condition: GatewayCondition
    let certificateEnds: Snapshot<Instant?>
    let failedProofs: FailedProofs

    /// Lists items about the subscriptions that the key reaches, or those of one organization and all below it; and
    /// about the gateway itself, for a key above all trees.
    func show(_ call: Call) async throws -> Response {
        let reach = try call.chosenReach()
        let seen = queries.subscriptions.all.filter { reach?.contains($0.organization) ?? true }
        let health = try await queries.health()
        let untold = try await queries.untoldAlarms(since: call.now - UntoldAlarms.memory)
        var items = reach == nil ? await ofTheGateway(at: call.now) : []
        items += Self.ofPanels(call.directory, within: reach)
        for subscription in seen {
            let (health, untold) = (health[subscription.id], untold[subscription.id] ?? [])
            items += subscription.troubles(health, untold: untold, in: call.directory, at: call.now)
                .map { Attention(about: subscription, $0, health ?? SubscriptionHealth()) }
        }
        items.sort { ($0.isUrgent ? 0 : 1, $0.subject, $0.sentence) < ($1.isUrgent ? 0 : 1, $1.subject, $1.sentence) }
        return Response(.ok, json: ["attention": .array(items.map(\.json))])
    }

    /// From this number of wrong credentials in two hours on, there is an item about them.
    static let tellsGuesses = 20
    /// How long before its end the gateway's own certificate needs attention.
    static let certificateNotice = Duration.seconds(14 * 86_400)

    /// Items about panels that share a number. New ones are refused, but an older store may have them.
    private static func ofPanels(_ directory: Directory, within reach: Set<OrganizationID>?) -> [Attention] {
        directory.panelsSharingNumbers.filter { reach?.contains($0[0].organization) ?? true }.map { sharing in
            let organization = sharing[0].organization
            var item = Attention(
                "panels/\(organization)", Panel.sentence(about: sharing), next: .listPanels, of: organization.text)
            item.count = sharing.count
            return item
        }
    }

    private func ofTheGateway(at now: Instant) async -> [Attention] {
        var items: [Attention] = []
        if await !queries.isStoreReady() {
            var item = Attention(
                "store",
                "the store takes no events: each is refused; the log says why, and `gatehouse store check` whether it "
                    + "is damaged",
                next: .showDisks)
            item.isUrgent = true
            items.append(item)
        }
        if condition.isDiskFilling.value {
            items.append(Attention("store", "the disk of the store is filling up", next: .showDisks))
        }
        if let jump = condition.clockJump.value {
            var item = Attention("clock", Self.sentence(of: jump), next: .showClock)
            item.since = jump.at
            items.append(item)
        }
        if let end = certificateEnds.value, end - Self.certificateNotice <= now {
            let day = RFC3339.secondsText(end)
            let sentence =
                end <= now
                ? "the gateway's own certificate expired on \(day): callers refuse it; renew it and restart the gateway"
                : "the gateway's own certificate expires on \(day): renew it and restart the gateway"
            var item = Attention("certificate", sentence, next: .showSettings)
            (item.since, item.isUrgent) = (end <= now ? end : end - Self.certificateNotice, end <= now)
            items.append(item)
        }
        let guesses = failedProofs.recent(at: now)
        if guesses.count >= Self.tellsGuesses {
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
}
