import GatehouseClient
import GatehouseCore

extension Problem.FieldError {
    /// `port: it is out of bounds`.
    var text: String {
        let field = field.flatMap { sentence.hasPrefix($0) ? nil : "\($0): " } ?? ""
        return TextTable.printable(field + sentence)
    }
}

extension Problem {
    /// The error with which a command ends after this problem.
    var failure: CommandError {
        let texts = complaints.map(\.text) + (untold == 0 ? [] : ["and \(untold) more"])
        let said = texts.count == 1 ? texts[0] : "the gateway refused this:" + texts.map { "\n  " + $0 }.joined()
        switch status {
        case 401: return CommandError(.permission, "\(said). Give a key that it knows with --key or GATEHOUSE_KEY")
        case 403: return CommandError(.permission, said)
        case 429, 501, 502, 503, 504: return CommandError(.unavailable, said)
        case 300..<400 where !Redirect.statuses.contains(status):
            return CommandError(
                .unavailable, "the address answers \(status), which a gateway never does: is --url right?")
        case 300..<400:
            return CommandError(
                .unavailable, "the address answers with a redirect (\(status)): give the gateway's own address")
        case 500...: return CommandError(.software, said)
        default: return CommandError(.data, said)
        }
    }
}

extension CommandError {
    /// A sentence for people about an error; safe to print in a terminal.
    static func sentence(of error: GatehouseError) -> String { TextTable.printable(error.description) }

    /// The error with which a command ends when a call failed.
    init(_ error: GatehouseError) {
        switch error {
        case .misuse(let sentence): self.init(.usage, TextTable.printable(sentence))
        case .unreachable(let sentence), .unanswered(let sentence):
            self.init(.unavailable, "\(sentence). Is the gateway running, and is --url right?")
        case .untrusted(let sentence), .unreadable(let sentence): self.init(.unavailable, sentence)
        case .refused(let refusal): self = refusal.failure
        case .cancelled: self.init(.unavailable, "the call was interrupted")
        }
    }
}
