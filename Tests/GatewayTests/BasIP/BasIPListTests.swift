internal import GatehouseCore
internal import HTTPTypes
import Testing

/// The contract's lists: pages, order, filters, time, and the sentence for each fault.
@Suite struct BasIPListTests {
    private func uids(_ answer: LiveGateway.Client.Answer) -> [Int64] {
        answer.json["list_items"]?.items?.compactMap { $0["item_uid"]?.integer } ?? []
    }

    private func withGateway(_ test: (LiveGateway.Client) async throws -> Void) async throws {
        try await BasIPGateway.run { gateway in
            for number in 1...12 {
                try await BasIPGateway.make(
                    gateway,
                    [
                        "url": .string("http://127.0.0.1:9/\(number % 5)\(number)"),
                        "max_retries": .integer(number % 3),
                        "status": number > 10 ? "disabled" : "active",
                    ])
            }
            try await test(gateway)
        }
    }

    @Test func listIsPaged() async throws {
        try await withGateway { gateway in
            let first = try await gateway.get(BasIPGateway.webhooks)
            #expect(first.status == 200)
            #expect(first.json.object?.members.map(\.key) == ["list_items", "list_options"])
            #expect(uids(first) == Array(1...10))
            #expect(
                first.json["list_options"]?["pagination"]?.compact
                    == #"{"total_items":12,"items_limit":10,"total_pages":2,"current_page":1}"#)
            #expect(uids(try await gateway.get("\(BasIPGateway.webhooks)?page_number=2")) == [11, 12])
            #expect(uids(try await gateway.get("\(BasIPGateway.webhooks)?page_number=3")) == [])
            for limit in [20, 30, 50] {
                #expect(uids(try await gateway.get("\(BasIPGateway.webhooks)?limit=\(limit)&locale=en")).count == 12)
            }
        }
    }

    @Test func listIsSortedAndFilteredOnRequest() async throws {
        try await withGateway { gateway in
            let path = "\(BasIPGateway.webhooks)?limit=20"
            #expect(uids(try await gateway.get("\(path)&sort_type=desc")) == Array((1...12).reversed()))
            #expect(
                uids(try await gateway.get("\(path)&sort_field=max_retries&sort_type=asc"))
                    == [3, 6, 9, 12, 1, 4, 7, 10, 2, 5, 8, 11])
            #expect(uids(try await gateway.get("\(path)&sort_field=url")).prefix(2) == [10, 5])
            let filtered = try await gateway.get(
                "\(path)&filter_field=status&filter_type=equal&filter_format=string&filter_value=disabled")
            #expect(uids(filtered) == [11, 12])
            #expect(filtered.json["list_options"]?["pagination"]?["total_items"] == 2)
            #expect(filtered.json["list_options"]?["filter"]?["is_filtered"] == true)
        }
    }

    private static let wrong = [
        ("limit=5", "Wrong pagination limit"), ("limit=x", "Wrong pagination limit"),
        ("limit=", "Wrong pagination limit"), ("page_number=0", "Wrong page number"),
        ("page_number=x", "Wrong page number"), ("sort_field=secret", "Wrong sort field"),
        ("sort_type=up", "Wrong sort type"), ("filter_field=secret&filter_value=a", "Wrong filter field"),
        ("filter_value=a", "Wrong filter field"), ("filter_field=status", "Wrong filter value"),
        ("filter_field=status&filter_value=a&filter_type=like", "Wrong filter type"),
        ("filter_field=status&filter_value=a&filter_format=number", "Wrong filter format"),
        ("limit=10&limit=10", "Wrong value for limit"),
    ]

    private static let wrongTimes = [
        ("from=x", "Wrong time format"), ("to=-1", "Wrong time format"), ("from=1.5", "Wrong time format"),
        ("from=5&to=5", "Wrong time range: 'to' must be greater then 'from'"),
        ("from=5&to=4", "Wrong time range: 'to' must be greater then 'from'"),
    ]

    @Test func eachWrongParameterHasItsSentence() async throws {
        try await BasIPGateway.run { gateway in
            for path in [BasIPGateway.webhooks, "\(BasIPGateway.webhooks)/events"] {
                for (query, sentence) in Self.wrong {
                    BasIPGateway.expect(try await gateway.get("\(path)?\(query)"), 400, sentence)
                }
            }
            for path in ["/webhooks/events", "/webhooks/events/stats"] {
                for (query, sentence) in Self.wrongTimes {
                    BasIPGateway.expect(try await gateway.get("\(path)?\(query)"), 400, sentence)
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func historyShowsTheStateOfEachEvent() async throws {
        try await BasIPGateway.run { gateway in
            let taker = BasIPServer { _ in (.ok, "") }
            try await taker.serving { url in
                try await BasIPGateway.make(gateway, ["url": .string(url)])
                try await BasIPGateway.make(gateway, ["url": "http://127.0.0.1:1/in", "max_retries": 0])
                for number in 1...3 {
                    #expect(try await gateway.post("/v1/events", BasIPGateway.badge("\(number)")).status == 202)
                }
                try await waitForTheEnd(gateway)
            }
            let all = try await gateway.get("\(BasIPGateway.webhooks)/events")
            #expect(all.json["list_options"]?["pagination"]?["total_items"] == 6)
            #expect(uids(all) == uids(all).sorted(by: >), "the newest first")
            let first = try #require(all.json["list_items"]?.items?.last)
            #expect(
                first.object?.members.map(\.key) == [
                    "item_uid", "webhook_uid", "status", "event_id", "event_type", "created_at", "attempts",
                    "max_attempts",
                ])
            #expect(first["event_type"] == "log.access_granted_by_valid_identifier")
            #expect(first["created_at"]?.integer == 1_745_947_873_611)
            let failed = try await gateway.get("/webhooks/events?filter_field=status&filter_value=failed&sort_type=asc")
            #expect(failed.json["list_items"]?.items?.map { $0["webhook_uid"] } == [2, 2, 2])
            let one = try await gateway.get("/webhooks/events?filter_field=webhook_uid&filter_value=1")
            #expect(uids(one).count == 3)
            try await expectStats(gateway)
        }
    }

    private func waitForTheEnd(_ gateway: LiveGateway.Client) async throws {
        var stats: JSON = .null
        while stats["delivered"] != 3 || stats["failed"] != 3 {
            stats = try await gateway.get("\(BasIPGateway.webhooks)/events/stats").json
        }
    }

    private func expectStats(_ gateway: LiveGateway.Client) async throws {
        let path = "\(BasIPGateway.webhooks)/events"
        #expect(
            try await gateway.get("\(path)/stats").text
                == #"{"success_rate":50.0,"delivered":3,"failed":3,"retrying":0}"#)
        let nothing = #"{"success_rate":100.0,"delivered":0,"failed":0,"retrying":0}"#
        #expect(try await gateway.get("\(path)/stats?from=1000&to=2000").text == nothing)
        #expect(try await gateway.get("\(path)/stats?from=4000000000").status == 400, "the end is now")
        #expect(uids(try await gateway.get("\(path)?from=1000&to=2000")) == [])
        #expect(uids(try await gateway.get("\(path)?from=1000&to=4000000000")).count == 6)
        for uid in ["0", "x", "999999"] {
            BasIPGateway.expect(try await gateway.get("\(path)/\(uid)"), 400, "Wrong webhook event uid")
        }
    }
}
