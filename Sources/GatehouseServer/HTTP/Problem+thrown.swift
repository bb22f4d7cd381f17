internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird
internal import Logging

extension Problem {
    /// Turns an error into the problem that the caller gets, and logs what the operator must know.
    ///
    /// - Throws: an error that only the connection can handle: the caller sent invalid HTTP, or left.
    init(of error: any Error, _ logger: Logger) throws {
        switch error {
        case let problem as Problem: self = problem
        case let fault as ValidationError: self.init(fault)
        case let faults as ValidationErrors: self.init(faults)
        case let error as StoreError:
            self = error.problem
            if kind.status.kind == .serverError { logger.warning("store", metadata: ["error": "\(error)"]) }
        case let ambiguous as AmbiguousName:
            let names = ambiguous.organizations.map(\.text).joined(separator: ", ")
            self.init(
                .ambiguousPath,
                "the \(ambiguous.noun) \(ambiguous.name) stands in \(names); choose one by ?organization=")
        case is TriggerService.NotSpoken:
            self.init(.routeNotBuilt, "no dialect of this gateway has triggers")
        case is KeyRevoked: self.init(.unknownKey, "the key was revoked meanwhile")
        case let broken as ConnectionBroken:
            throw broken.cause
        case is CancellationError where InboundConnection.current != nil && !Task.isCancelled:
            // Long work is cancelled if the caller left, or sent less than it announced.
            self.init(.slowRequest, "the connection ended, or the rest of the request did not come")
        case is CancellationError:
            throw error
        default:
            logger.error("unforeseen error", metadata: ["error": "\(type(of: error))"])
            self.init(.unexpected, "the gateway could not answer; its log tells more under this request's id")
        }
    }
}
