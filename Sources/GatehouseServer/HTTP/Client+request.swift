internal import GatehouseControl
internal import HTTPTypes
internal import Hummingbird

extension Client {
    /// Reads the client of a request.
    init(_ request: Request, _ context: CallContext, _ finder: any APIServer.ClientFinder) {
        let address = finder.client(peer: context.address, forwarded: request.headers[values: .forwardedFor])
        let isSecure = request.headers[values: .forwardedProto].last?.lowercased() == "https"
        self.init(
            address: address, userAgent: request.headers[.userAgent],
            isSecure: isSecure && context.address.map(finder.isProxy) ?? false)
    }
}

extension HTTPField.Name {
    fileprivate static let forwardedFor = constant("x-forwarded-for")
    fileprivate static let forwardedProto = constant("x-forwarded-proto")
}
