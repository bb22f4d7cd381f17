internal import GatehouseCore
internal import Hummingbird

/// `GET /v1/status`: what needs attention, in sentences. Empty where nothing does.
enum Status {
    /// Tells of the subscriptions that the key reaches, or of those of one organization and all below it; and of the
    /// gateway's disk, where the key stands above all trees.
    static func show(_ call: Call) async throws -> Response {
        let reach = try call.chosenReach()
        let seen = call.parts.subscriptions.index.all.filter { reach?.contains($0.organization) ?? true }
        let health = try await call.parts.store.health(of: nil)
        let untold = try await call.parts.store.untold(since: call.now - UntoldAlarms.memory)
        var items: [Attention] = []
        if reach == nil, call.parts.isDiskFilling.value {
            items.append(Attention(subject: "store", sentence: "the disk of the store is filling up"))
        }
        for subscription in seen {
            guard let health = health[subscription.id] else { continue }
            items += Self.items(about: subscription, health)
            items += (untold[subscription.id] ?? []).map { Self.item(about: subscription, $0) }
        }
        items.sort { ($0.isUrgent ? 0 : 1, $0.subject, $0.sentence) < ($1.isUrgent ? 0 : 1, $1.subject, $1.sentence) }
        return Response(.ok, json: ["attention": .array(items.map(\.json))])
    }

    private static func items(about subscription: Subscription, _ health: SubscriptionHealth) -> [Attention] {
        let subject = "subscriptions/\(subscription.id)"
        let name = subscription.terms.name
        var items: [Attention] = []
        if subscription.hold == .disabled {
            items.append(
                Attention(
                    subject: subject, sentence: "\(name) is disabled: its receiver said that it is gone",
                    since: health.since, count: health.waitingCount, isUrgent: health.waiting[.urgent] ?? 0 > 0))
        } else if health.isFailing {
            let last =
                health.lastOutcome.map { ", the last one: \($0)\(health.lastStatus.map { " (\($0))" } ?? "")" } ?? ""
            let sentence =
                health.consecutiveFailures == 0
                ? "\(name) is failing: an urgent delivery waits for too long"
                : "\(name) is failing: \(health.consecutiveFailures) attempts in a row failed\(last)"
            items.append(
                Attention(
                    subject: subject, sentence: sentence, since: health.since, count: health.consecutiveFailures,
                    isUrgent: health.waiting[.urgent] ?? 0 > 0))
        }
        if health.deadCount > 0 {
            items.append(
                Attention(
                    subject: subject, sentence: "\(name) has deliveries that were given up: retry or cancel them",
                    since: health.oldest, count: health.deadCount, isUrgent: health.dead[.urgent] ?? 0 > 0))
        }
        return items
    }

    /// Alarms that it asked for and its contract cannot tell: nothing else says that they never arrive.
    private static func item(about subscription: Subscription, _ untold: UntoldAlarms) -> Attention {
        let keys = untold.lacking.joined(separator: ", ")
        var item = Attention(
            subject: "subscriptions/\(subscription.id)",
            sentence: "\(subscription.terms.name) was not told \(untold.kind.name): the contract "
                + "\(subscription.terms.dialect) requires \(keys), and the event has nothing for it; "
                + "the last one at \(RFC3339.text(untold.last))",
            since: untold.first, count: untold.count, isUrgent: true)
        item.untold = untold
        return item
    }

    /// One thing to look at.
    private struct Attention {
        let subject: String
        let sentence: String
        var since: Instant?
        var count = 1
        var isUrgent = false
        /// The alarms that it is about, where it is about such.
        var untold: UntoldAlarms?

        var json: JSON {
            var object = JSONObject([
                .init("subject", .string(subject)), .init("sentence", .string(sentence)),
                .init("since", since.map { .string(RFC3339.text($0)) } ?? .null), .init("count", .integer(count)),
                .init("urgent", .bool(isUrgent)),
            ])
            guard let untold else { return .object(object) }
            object["kind"] = .string(untold.kind.name)
            object["lacking"] = .array(untold.lacking.map { .string($0) })
            object["last"] = .string(RFC3339.text(untold.last))
            return .object(object)
        }
    }
}
