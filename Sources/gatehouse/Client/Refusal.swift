import GatehouseCore

/// What a gateway refused, read from its problem+json (RFC 9457), and what the person can do about it.
struct Refusal: Sendable {
    /// One thing that is wrong.
    struct Complaint: Hashable, Sendable {
        /// The field, where it is one field's fault.
        let field: String?
        /// What is wrong and what would be right, in the gateway's words.
        let sentence: String
        /// The place in the batch, from 0.
        let index: Int?

        /// `port: it is out of bounds`.
        var text: String {
            let field = field.flatMap { sentence.hasPrefix($0) ? nil : "\($0): " } ?? ""
            return TextTable.printable(field + sentence)
        }
    }

    /// The status code.
    let status: Int
    /// Everything that is wrong; at least one.
    let complaints: [Complaint]

    /// Reads an answer that was no success.
    init(status: Int, problem: JSON) {
        self.status = status
        let faults = problem["faults"]?.items ?? []
        let all = (faults.isEmpty ? [problem] : faults).map { fault in
            Complaint(
                field: fault["field"]?.text, sentence: fault["detail"]?.text ?? "the gateway answered \(status)",
                index: fault["index"]?.integer.flatMap { Int(exactly: $0) })
        }
        self.complaints = all
    }

    /// Whether the same request may well be taken a little later.
    var isPassing: Bool { status == 429 || status == 502 || status == 503 || status == 504 }

    /// The refusal as a command ends with it.
    var failure: CommandFailure {
        let texts = complaints.map(\.text)
        let said = texts.count == 1 ? texts[0] : "the gateway refused this:" + texts.map { "\n  " + $0 }.joined()
        switch status {
        case 401: return CommandFailure(.permission, "\(said). Give a key that it knows with --key or GATEHOUSE_KEY")
        case 403: return CommandFailure(.permission, said)
        case 429, 501, 502, 503, 504: return CommandFailure(.unavailable, said)
        case 300..<400:
            return CommandFailure(
                .unavailable, "the address answers with a redirect (\(status)): give the gateway's own")
        case 500...: return CommandFailure(.software, said)
        default: return CommandFailure(.data, said)
        }
    }
}
