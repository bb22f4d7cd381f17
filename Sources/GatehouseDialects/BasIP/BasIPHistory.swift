internal import GatehouseCore
internal import HTTPTypes

/// The contract's history: the state of each delivery to a webhook. An entry is one of our deliveries, with its number.
enum BasIPHistory {
    static let parameters = BasIPList.parameters + ["from", "to"]

    /// The largest number of entries in the history of one webhook.
    private static let longest = 10_000

    @Sendable static func list(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let page = try BasIPList(
            request.query, sorts: ["item_uid"], filters: ["status", "webhook_uid"], ascending: false)
        let window = try Window(request.query)
        var entries: [Int64: (delivery: Delivery, webhook: Subscription)] = [:]
        for webhook in request.context.subscriptions(of: try request.context.home()) {
            for delivery in try await deliveries(of: webhook, in: window, request.context) {
                entries[delivery.id.number] = (delivery, webhook)
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
            let found = try await request.context.delivery(DeliveryID(uid), of: webhooks),
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
        while seen < longest {
            let some = try await context.deliveries(of: webhook, before: before, limit: 1000)
            seen += some.count
            for delivery in some where window.to.map({ delivery.created.seconds < $0 }) ?? true {
                if let from = window.from, delivery.created.seconds < from { return found }
                found.append(delivery)
            }
            guard some.count == 1000, let last = some.last else { break }
            before = last.id
        }
        return found
    }

    /// The fields for filtering and sorting a list.
    private static func summary(_ delivery: Delivery, _ webhook: Subscription) -> JSONObject {
        JSONObject([
            .init("item_uid", .integer(delivery.id.number)), .init("webhook_uid", .integer(webhook.number)),
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
