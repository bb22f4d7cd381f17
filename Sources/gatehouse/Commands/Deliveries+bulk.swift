import ArgumentParser
import GatehouseCore
import GatehouseGateway

/// Of which deliveries something is asked: one by its number, or many of a subscription.
struct DeliveryChoice: ParsableArguments {
    @Argument(help: "the number of one delivery; left out, --subscription says of whose") var id: Int64?
    @Option(help: "all of this subscription") var subscription: String?
    @Option(help: "of these, those that came to be owed since then: so long ago, as in 2h, or 2026-03-11T08:15:30Z")
    var since: Moment?
    @Option(help: "of these, those that came to be owed before then, in the same words") var until: Moment?
    @Flag(help: "only say how many there are") var dryRun = false

    func validate() throws {
        if (id == nil) == (subscription == nil) {
            throw ValidationError("name one delivery by its number, or --subscription for all of its")
        }
        if id != nil, since != nil || until != nil || dryRun {
            throw ValidationError("--since, --until and --dry-run go with --subscription")
        }
    }

    /// What is posted where many are meant.
    func body(now: Instant) -> JSONObject {
        var body = JSONObject()
        body.put("subscription", subscription)
        body.put("since", since.map { RFC3339.microsecondsText($0.instant(before: now)) })
        body.put("until", until.map { RFC3339.microsecondsText($0.instant(before: now)) })
        if dryRun { body["dryRun"] = true }
        return body
    }
}

extension Deliveries {
    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Try deliveries again at once: one, or all of a subscription that are dead.",
            discussion: """
                A dead one begins its schedule anew; its attempts stay on record.

                gatehouse deliveries retry 42
                gatehouse deliveries retry --subscription sub_1 --dry-run
                gatehouse deliveries retry --subscription sub_1 --since 2h
                gatehouse deliveries retry --subscription sub_1 --state waiting
                """)
        @OptionGroup var choice: DeliveryChoice
        @Option(help: "which of a subscription's: \(Self.states)") var state = DeliverySelection.State.dead
        @OptionGroup var client: ClientOptions

        private static let states = DeliverySelection.State.allCases.map(\.rawValue).joined(separator: ", ")

        func run() async throws {
            var body = choice.body(now: SystemClock().now)
            body["state"] = .string(state.rawValue)
            try await Deliveries.move(choice, "retry", body, client)
        }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Cancel deliveries that wait: one, or all of a subscription.",
            discussion: """
                gatehouse deliveries cancel 42
                gatehouse deliveries cancel --subscription sub_1 --until 2026-03-11T08:15:30Z
                """)
        @OptionGroup var choice: DeliveryChoice
        @OptionGroup var client: ClientOptions

        func run() async throws {
            try await Deliveries.move(choice, "cancel", choice.body(now: SystemClock().now), client)
        }
    }

    /// A selection of many takes the gateway as long as there are thousands of it.
    private static let patience = Duration.seconds(600)

    private static func move(
        _ choice: DeliveryChoice, _ deed: String, _ body: JSONObject, _ client: ClientOptions
    ) async throws {
        let gateway = try client.client()
        if let id = choice.id {
            return try Listing(client).show(try await gateway.post("/v1/deliveries/\(id)/\(deed)", nil))
        }
        let answer = try await gateway.post("/v1/deliveries/\(deed)", .object(body), [], .init(patience: patience))
        try Listing(client).show(answer)
    }

    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Have old events delivered to a subscription once more.",
            discussion: """
                Every event of those hours that the subscription wants as it stands now is owed to it again, marked by \
                the header gatehouse-replay; one that still waits for it is not. The gateway carries it, through a \
                restart too; this command shows how far it is, and ends when all are owed. Interrupt it without harm.

                gatehouse deliveries replay --subscription sub_1 --since 2h --dry-run
                gatehouse deliveries replay --subscription sub_1 --since 2h
                gatehouse deliveries replay --subscription sub_1 --since 1d --until 1h --kinds 'door.*'
                """)
        @Option(help: "the subscription that gets them") var subscription: String
        @Option(help: "events taken since then: so long ago, as in 2h, or a time as in 2026-03-11T08:15:30Z")
        var since: Moment
        @Option(help: "only those taken before then, in the same words") var until: Moment?
        @Option(help: "only of these kinds, globs with commas between them, as in access.*,door.forced")
        var kinds: String?
        @Flag(help: "only say how many there are") var dryRun = false
        @Flag(help: "do not wait for the end") var detach = false
        @OptionGroup var client: ClientOptions

        /// What is posted.
        func body(now: Instant) -> JSONObject {
            var body = JSONObject()
            body.put("since", RFC3339.microsecondsText(since.instant(before: now)))
            body.put("until", until.map { RFC3339.microsecondsText($0.instant(before: now)) })
            if let kinds { body["kinds"] = .array(kinds.split(separator: ",").map { .string(String($0)) }) }
            if dryRun { body["dryRun"] = true }
            return body
        }

        func run() async throws {
            let gateway = try client.client()
            let path = try GatewayClient.path("/v1/subscriptions", subscription, "/replay")
            var replay = try await gateway.post(path, .object(body(now: SystemClock().now)))
            if let id = replay["id"]?.text, !detach {
                replay = try await Self.follow(id, of: subscription, on: gateway)
            }
            try Listing(client).show(replay)
            if replay["state"]?.text == "cancelled" { throw CommandFailure(.negative, "the replay was cancelled") }
            if replay["complete"]?.bool == false {
                Descriptor.errors.write("There are more than could be counted in time.\n")
            }
        }

        private static func follow(
            _ id: String, of subscription: String, on gateway: GatewayClient
        ) async throws -> JSON {
            let path = try GatewayClient.path("/v1/subscriptions", subscription, "/replays/\(id)")
            var bar = ProgressBar(total: 1000)
            defer { bar.clear() }
            while true {
                let replay = try await gateway.get(path)
                guard replay["state"]?.text == "running" else { return replay }
                bar.show(bytes: Self.permille(replay["progress"]), note: "\(replay["owed"]?.integer ?? 0) owed again")
                try await SystemClock().sleep(until: SystemClock().now + .milliseconds(300))
            }
        }

        private static func permille(_ progress: JSON?) -> Int {
            guard case .number(let part) = progress else { return 0 }
            return Int((part.double ?? 0) * 1000)
        }
    }

    struct Replays: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List a subscription's replays, or cancel one.",
            discussion: """
                gatehouse deliveries replays --subscription sub_1
                gatehouse deliveries replays --subscription sub_1 --cancel 3
                """)
        @Option(help: "whose replays") var subscription: String
        @Option(help: "the number of one to break off; what it has brought to life stays owed") var cancel: Int64?
        @OptionGroup var list: ListOptions
        @OptionGroup var client: ClientOptions

        func run() async throws {
            if let cancel {
                let path = try GatewayClient.path(
                    "/v1/subscriptions", subscription, "/replays/\(cancel)/cancel")
                return try Listing(client).show(try await client.client().post(path, nil))
            }
            try await Listing(client).show(
                try GatewayClient.path("/v1/subscriptions", subscription, "/replays"), limit: list.limit,
                columns: ["id", "state", "owed", "progress", "since", "until", "kinds", "created", "reason"])
        }
    }
}
