internal import GatehouseCore
internal import HTTPTypes

/// The contract's report of one try: the event, the request, the response. Signatures and credentials are masked.
struct BasIPReport {
    private let name: String
    private let number: Int64
    private let time: Instant
    private let status: String
    private let attempt: Attempt?
    private let url: String
    private let body: [UInt8]

    /// The report of a test, which has only one try.
    init(of testDelivery: TestDelivery, to webhook: Subscription) {
        self.name = testDelivery.message.name.text
        self.number = BasIPPayload.number(of: testDelivery.event)
        self.time = testDelivery.event.time.instant
        let isTaken = testDelivery.attempt.outcome.status.map { (200..<300).contains($0) } ?? false
        self.status = "\(isTaken ? "Delivered" : "Failed") (1/1 attempts)"
        self.attempt = testDelivery.attempt
        self.url = webhook.terms.url.text
        self.body = testDelivery.request.body
    }

    /// The report of an entry of the history, about its last try.
    init(of delivery: Delivery, _ attempt: Attempt?, event: Event, to webhook: Subscription) {
        let row = BasIPEvents.row(of: event, toldTo: webhook)
        self.name = row?.name ?? ""
        self.number = BasIPPayload.number(of: event)
        self.time = event.time.instant
        let tries = "\(delivery.attempts)/\(BasIPSettings.maxRetries(of: webhook.terms) + 1) attempts"
        self.status = "\(BasIPHistory.status(of: delivery).capitalizedFirst) (\(tries))"
        self.attempt = attempt
        self.url = webhook.terms.url.text
        self.body = BasIPPayload.body(of: event, at: webhook.terms.privacyLevel, as: row)
    }

    var text: String {
        let lines =
            details + ["", "REQUEST:", "URL: \(url)", "Method: POST", "Headers:"] + headers
            + ["Payload:", String(decoding: body, as: UTF8.self), "", "RESPONSE:"] + answer
        return lines.joined(separator: "\n") + "\n"
    }

    private var details: [String] {
        var lines = ["EVENT DETAILS: \(name) (ID: \(number))", "Event Timestamp: \(RFC3339.secondsText(time))"]
        if let attempt {
            lines += [
                "Request Timestamp: \(RFC3339.secondsText(attempt.started))",
                "Response Timestamp: \(RFC3339.secondsText(attempt.started + attempt.duration))",
                "Response Time: \(attempt.duration.microseconds / 1000) ms",
            ]
        }
        return lines + ["Status: \(status)"]
    }

    private var headers: [String] {
        (attempt?.headers ?? [:]).map { "\($0.name.rawName): \($0.value)" } + ["Content-Length: \(body.count)"]
    }

    private var answer: [String] {
        guard let outcome = attempt?.outcome else { return ["none yet"] }
        guard case .answered(let answer) = outcome else { return ["none: \(outcome.sentence)"] }
        if attempt?.isAnswerWithheld ?? false {
            return ["Status: \(answer.status)", "withheld: it may repeat more of the event than the caller may read"]
        }
        return ["Status: \(answer.status)", String(decoding: answer.excerpt, as: UTF8.self)]
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
