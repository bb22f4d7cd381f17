import CoreMetrics
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// The metrics as Prometheus reads them.
@Suite struct PrometheusTests {
    @Test func seriesArePrintedByNameAndLabels() {
        let metrics = PrometheusMetrics()
        Counter(label: "b_total", dimensions: [("z", "1"), ("a", "q\"u\\o\nte")], factory: metrics).increment(by: 3)
        Counter(label: "b_total", dimensions: [("a", "q\"u\\o\nte"), ("z", "1")], factory: metrics).increment()
        Gauge(label: "a.gauge-1", factory: metrics).record(2.5)
        Meter(label: "m", factory: metrics).set(7)
        FloatingPointCounter(label: "f", factory: metrics).increment(by: 0.25)
        #expect(
            metrics.text() == """
                # TYPE a_gauge_1 gauge
                a_gauge_1 2.5
                # TYPE b_total counter
                b_total{a="q\\"u\\\\o\\nte",z="1"} 4
                # TYPE f counter
                f 0.25
                # TYPE m gauge
                m 7
                # TYPE gatehouse_metrics_dropped_total counter
                gatehouse_metrics_dropped_total 0

                """)
    }

    @Test func timerIsAHistogramOfSeconds() {
        let metrics = PrometheusMetrics()
        let timer = Timer(label: "t_seconds", dimensions: [("lane", "urgent")], factory: metrics)
        timer.recordMilliseconds(2)
        timer.recordSeconds(4)
        timer.recordSeconds(400)
        let lines = metrics.text().split(separator: "\n")
        #expect(lines.contains("# TYPE t_seconds histogram"))
        #expect(lines.contains(#"t_seconds_bucket{lane="urgent",le="0.001"} 0"#))
        #expect(lines.contains(#"t_seconds_bucket{lane="urgent",le="0.0025"} 1"#))
        #expect(lines.contains(#"t_seconds_bucket{lane="urgent",le="5"} 2"#))
        #expect(lines.contains(#"t_seconds_bucket{lane="urgent",le="+Inf"} 3"#))
        #expect(lines.contains(#"t_seconds_sum{lane="urgent"} 404.002"#))
        #expect(lines.contains(#"t_seconds_count{lane="urgent"} 3"#))
    }

    @Test func recorderIsAHistogramWithItsBoundsInclusive() {
        let metrics = PrometheusMetrics()
        let recorder = Recorder(label: "sizes", factory: metrics)
        for value in [1, 2, 1000, 5_000_000] { recorder.record(value) }
        let lines = metrics.text().split(separator: "\n")
        #expect(lines.contains(#"sizes_bucket{le="1"} 1"#))
        #expect(lines.contains(#"sizes_bucket{le="1000"} 3"#))
        #expect(lines.contains(#"sizes_bucket{le="1000000"} 3"#))
        #expect(lines.contains("sizes_count 4"))
    }

    @Test func oneNameKeepsOneType() {
        let metrics = PrometheusMetrics()
        Counter(label: "twice", factory: metrics).increment()
        Gauge(label: "twice", factory: metrics).record(9)
        let lines = metrics.text().split(separator: "\n")
        #expect(lines.contains("twice 1"))
        #expect(lines.contains("twice_gauge 9"))
    }

    @Test func registryIsBounded() {
        let metrics = PrometheusMetrics()
        for number in 0..<PrometheusMetrics.longestRegistry + 5 {
            Counter(label: "c", dimensions: [("n", "\(number)")], factory: metrics).increment()
        }
        #expect(metrics.text().contains("gatehouse_metrics_dropped_total 5\n"))
    }

    @Test func manyThreadsLoseNothing() async {
        let metrics = PrometheusMetrics()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 {
                        Counter(label: "c", factory: metrics).increment()
                        Timer(label: "t", factory: metrics).recordNanoseconds(1000)
                    }
                }
            }
        }
        #expect(metrics.text().contains("\nc 8000\n") || metrics.text().hasPrefix("# TYPE c counter\nc 8000\n"))
        #expect(metrics.text().contains("t_count 8000\n"))
    }

    @Test func metricsPageCountsOwedDeliveries() async throws {
        let server = try await TestServer()
        try await server.subscribe("ours")
        for number in 1...15 {
            let event = server.event(number, received: server.parts.clock.now - .milliseconds(90_500))
            let delivery = try #require(try await server.keep(event, owedTo: ["ours"]).first)
            if number > 3 { try await server.settle(delivery, .handedBack(due: server.parts.clock.now)) }
        }
        _ = try await server.get("/v1/kinds?secret=1")
        let page = try await server.get("/metrics", try await server.credential(.reporter))
        #expect(page.status == 200)
        #expect(page.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
        let lines = page.text.split(separator: "\n")
        #expect(lines.contains(#"gatehouse_backlog_deliveries{state="waiting"} 12"#))
        #expect(lines.contains(#"gatehouse_backlog_deliveries{state="leased"} 3"#))
        #expect(lines.contains("gatehouse_oldest_undelivered_seconds 90.5"))
        #expect(lines.contains(#"gatehouse_subscriptions{hold="disabled"} 0"#))
        #expect(lines.contains("gatehouse_store_up 1"))
        #expect(lines.contains(#"gatehouse_http_requests_total{method="GET",route="/v1/kinds",status="4xx"} 1"#))
        for line in lines where !line.hasPrefix("#") {
            #expect(line.wholeMatch(of: #/[a-zA-Z_:][a-zA-Z0-9_:]*(\{.*\})? [-+0-9.eInfNa]+/#) != nil, "\(line)")
        }
    }

    /// Only subscriptions that wait or fail have series, the worst first, and those left out are counted.
    @Test func metricsPageHasABoundedNumberOfSubscriptions() async throws {
        var settings = ServerSettings()
        settings.metricSubscriptions = 2
        let server = try await TestServer(settings: settings)
        for number in 0..<4 {
            let made = try await server.post(
                "/v1/subscriptions",
                [
                    "name": "S", "organization": "acme", "dialect": "plain", "url": "https://r.example/",
                    "id": .string("s\(number)"),
                ])
            #expect(made.status == 201, "\(made.text)")
        }
        let old = server.event(1, received: server.parts.clock.now - .seconds(40))
        let oldest = try #require(try await server.keep(old, owedTo: ["s1"]).first)
        let failures = (1...5).map { server.attempt($0) }
        try await server.settle(oldest, of: "s1", .dueAgain(at: server.parts.clock.now), after: failures)
        try await server.fail("s1", times: 4, from: 2)
        try await server.giveUp("s2", [.doorForced] + Array(repeating: .doorOpened, count: 7), from: 10)
        let waiting = try #require(try await server.keep(server.event(20), owedTo: ["s3"]).first)
        try await server.settle(waiting, .handedBack(due: server.parts.clock.now))
        let lines = try await server.get("/metrics").text.split(separator: "\n").map(String.init)
        let (first, second) = (#"organization="acme",subscription="s1""#, #"organization="acme",subscription="s2""#)
        for line in [
            "gatehouse_subscription_failing{\(first)} 1", "gatehouse_subscription_failing{\(second)} 0",
            "gatehouse_subscription_consecutive_failures{\(first)} 9",
            "gatehouse_subscription_waiting{lane=\"normal\",\(first)} 5",
            "gatehouse_subscription_dead{lane=\"urgent\",\(second)} 1",
            "gatehouse_subscription_oldest_seconds{\(first)} 40", "gatehouse_subscription_series_left_out 1",
            "gatehouse_deliveries_dead{lane=\"urgent\"} 1", "gatehouse_deliveries_dead{lane=\"normal\"} 7",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        #expect(!lines.contains { $0.contains("\"s0\"") || $0.contains("\"s3\"") })
    }

    /// A key sees its organization and those below, in every series with an organization; series without one are for
    /// every key.
    @Test func metricsHideOrganizationsThatTheKeyDoesNotReach() async throws {
        let server = try await TestServer()
        for organization in ["acme", "acme-north", "other"] {
            let made = try await server.post(
                "/v1/subscriptions",
                [
                    "name": "S", "organization": .string(organization), "dialect": "plain",
                    "url": .string("https://\(organization).example/"), "id": .string("s-\(organization)"),
                ])
            #expect(made.status == 201, "\(made.text)")
            try await server.giveUp("s-\(organization)", [.doorForced], of: organization, from: organization.count)
            Counter(
                label: "unsayable", dimensions: [("organization", organization), ("a", #"organization="x\"#)],
                factory: server.parts.metrics
            ).increment()
        }
        let readers: [(credential: String, seen: Set<String>)] = [
            (TestServer.admin, ["acme", "acme-north", "other"]),
            (try await server.credential(.reporter), ["acme", "acme-north"]),
            (try await server.credential(.manager, of: "acme-north"), ["acme-north"]),
            (try await server.credential(.admin, of: "other"), ["other"]),
        ]
        for (reader, seen) in readers {
            let page = try await server.get("/metrics", reader)
            #expect(page.status == 200)
            for organization in ["acme", "acme-north", "other"] {
                let lines = page.text.split(separator: "\n").filter { $0.contains(",organization=\"\(organization)\"") }
                let families = Set(lines.map { $0.prefix { $0 != "{" } })
                let wanted: Set<Substring> = [
                    "unsayable", "gatehouse_subscription_waiting", "gatehouse_subscription_dead",
                ]
                #expect(families == (seen.contains(organization) ? wanted : []), "\(organization): \(lines)")
                #expect(page.text.contains("\"s-\(organization)\"") == seen.contains(organization))
            }
            #expect(page.text.contains("\ngatehouse_store_up 1\n"))
        }
    }

    @Test func metricsPageIsAnsweredDuringAStoreOutage() async throws {
        let server = try await TestServer()
        server.gate.goAway()
        let page = try await server.get("/metrics")
        #expect(page.status == 200)
        #expect(page.text.contains("\ngatehouse_store_up 0\n"))
        #expect(!page.text.contains("gatehouse_oldest_undelivered_seconds"))
    }
}
