internal import GatehouseCore
internal import HTTPTypes

/// The contract's history: what became of each event at a webhook. An entry is the newest of our deliveries of the
/// event to the webhook, with a number of both.
enum BasIPHistory {
    static let parameters = BasIPList.parameters + ["from", "to"]

    /// The largest number of entries in the history of one webhook.
    private static let longest = 10_000
    /// How many slices of deliveries are read for one webhook.
    private static let mostSlices = 50

    @Sendable static func list(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let page = try BasIPList(
            request.query, sorts: ["item_uid"], filters: ["status", "webhook_uid"], ascending: false)
        let window = try Window(request.query)
        var entries: [Int64: (delivery: Delivery, webhook: Subscription)] = [:]
        for webhook in request.context.subscriptions(of: try request.context.home()) {
            for delivery in try await deliveries(of: webhook, in: window, request.context) {
                guard let uid = uid(of: delivery.id), entries[uid] == nil else { continue }
                entries[uid] = (delivery, webhook)
            }
        }
        let found = page.arranged(entries.values.map { summary($0.delivery, $0.webhook) })
        var items: [JSONObject] = []
        for item in page.cut(found) {
            guard let entry = item["item_uid"]?.integer.flatMap({ entries[$0] }) else { continue }
            items.append(try await told(entry.delivery, entry.webhook, request.context))
        }
        return page.answer(items, of: found.count)
    }

    @Sendable static func stats(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let day = Int64(86_400)
        let now = request.context.now.seconds
        let to = try Window.seconds(request.query, "to") ?? now + 1
        let window = try Window(from: Window.seconds(request.query, "from") ?? to - day, to: to)
        var counts: [String: Int] = [:]
        for webhook in request.context.subscriptions(of: try request.context.home()) {
            for delivery in try await deliveries(of: webhook, in: window, request.context) {
                counts[status(of: delivery), default: 0] += 1
            }
        }
        let (delivered, failed) = (counts["delivered"] ?? 0, counts["failed"] ?? 0)
        let ended = delivered + failed
        let rate = ended == 0 ? 100 : (Double(delivered) * 10_000 / Double(ended)).rounded() / 100
        return ManageAPI.Answer(
            .ok,
            [
                "success_rate": .fraction(rate), "delivered": .integer(delivered), "failed": .integer(failed),
                "retrying": .integer(counts["retrying"] ?? 0),
            ])
    }

    @Sendable static func retrieve(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let webhooks = request.context.subscriptions(of: try request.context.home())
        guard let uid = BasIPManage.number(request), uid > 0,
            let found = try await delivery(uid, of: webhooks, request.context),
            let webhook = webhooks.first(where: { $0.id == found.delivery.subscription }),
            let event = try await request.context.event(of: found.delivery)
        else { throw BasIPProblem.eventUID }
        return ManageAPI.Answer(
            .ok, page: BasIPReport(of: found.delivery, found.attempts.last, event: event, to: webhook).text)
    }

    /// The contract's three words: dead and cancelled deliveries are failed, and owed ones are retrying.
    static func status(of delivery: Delivery) -> String {
        switch delivery.state.name {
        case .delivered: "delivered"
        case .dead, .cancelled: "failed"
        case .leased, .waiting: "retrying"
        }
    }

    // MARK: Numbers of entries

    /// How many bits of an entry's number are its webhook's number; the others are its event's position.
    private static let webhookBits: Int64 = 24

    /// The number of an entry; nil for one that no 63 bits hold. It stays as it is when the event is sent again.
    private static func uid(of id: DeliveryID) -> Int64? {
        let (event, webhook) = (id.event.number, id.subscription)
        guard event >> (62 - webhookBits) == 0, webhook >> webhookBits == 0 else { return nil }
        return event << webhookBits | webhook
    }

    /// The newest delivery of an entry, or the delivery that had the number in an earlier version.
    private static func delivery(
        _ uid: Int64, of webhooks: [Subscription], _ context: any ManageContext
    ) async throws -> (delivery: Delivery, attempts: [Attempt])? {
        let (event, number) = (uid >> webhookBits, uid & ((1 << webhookBits) - 1))
        if event > 0, let webhook = webhooks.first(where: { $0.number == number }) {
            let last = DeliveryID(EventPosition(event), number, round: .max)
            let newest = try await context.deliveries(of: webhook, before: last, limit: 1).deliveries.first
            if let newest, newest.id.event == last.event { return try await context.delivery(newest.id, of: webhooks) }
        }
        guard let former = try await context.delivery(formerly: uid) else { return nil }
        return try await context.delivery(former, of: webhooks)
    }

    // MARK: Reading

    /// The period of an entry's creation, in seconds since 1970; the end is not included.
    private struct Window {
        let from: Int64?
        let to: Int64?

        init(_ query: [String: String]) throws(ManageAPI.Problem) {
            try self.init(from: Self.seconds(query, "from"), to: Self.seconds(query, "to"))
        }

        init(from: Int64?, to: Int64?) throws(ManageAPI.Problem) {
            if let from, let to, to <= from { throw BasIPProblem.timeRange }
            self.from = from
            self.to = to
        }

        static func seconds(_ query: [String: String], _ name: String) throws(ManageAPI.Problem) -> Int64? {
            guard let text = query[name] else { return nil }
            guard let seconds = Int64(text), (0...253_402_300_799).contains(seconds) else {
                throw BasIPProblem.timeFormat
            }
            return seconds
        }
    }

    private static func deliveries(
        of webhook: Subscription, in window: Window, _ context: any ManageContext
    ) async throws -> [Delivery] {
        var found: [Delivery] = []
        var seen = 0
        var before: DeliveryID?
        for _ in 0..<mostSlices where seen < longest {
            let slice = try await context.deliveries(of: webhook, before: before, limit: 1000)
            seen += slice.deliveries.count
            for delivery in slice.deliveries where window.to.map({ delivery.created.seconds < $0 }) ?? true {
                guard let from = window.from, delivery.created.seconds < from else {
                    found.append(delivery)
                    continue
                }
                // Events are in the order of their times; a replay is later than its event.
                if !delivery.isReplay { return found }
            }
            before = slice.deliveries.count == 1000 ? slice.deliveries.last?.id : slice.reached
            if before == nil { break }
        }
        return found
    }

    /// The fields for filtering and sorting a list.
    private static func summary(_ delivery: Delivery, _ webhook: Subscription) -> JSONObject {
        JSONObject([
            .init("item_uid", uid(of: delivery.id).map { .integer($0) } ?? .null),
            .init("webhook_uid", .integer(webhook.number)),
            .init("status", .string(status(of: delivery))),
        ])
    }

    private static func told(
        _ delivery: Delivery, _ webhook: Subscription, _ context: any ManageContext
    ) async throws -> JSONObject {
        var object = summary(delivery, webhook)
        let event = try await context.event(of: delivery)
        object["event_id"] = .integer(event.map { BasIPPayload.number(of: $0) } ?? 0)
        let row = event.flatMap { BasIPEvents.row(of: $0, toldTo: webhook) }
        object["event_type"] = .string(row?.name ?? "")
        object["created_at"] = .integer((event?.time.instant ?? delivery.created).milliseconds)
        object["attempts"] = .integer(delivery.attempts)
        object["max_attempts"] = .integer(BasIPSettings.maxRetries(of: webhook.terms) + 1)
        return object
    }
}
