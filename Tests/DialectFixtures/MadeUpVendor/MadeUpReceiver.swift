internal import Crypto
internal import GatehouseCore
internal import GatehouseVerification

/// A receiver's check of Acme messages: it shares no code with the signer.
enum MadeUpReceiver {
    static func accepts(_ request: ReceivedRequest, secret: Secret) -> Bool {
        let values = request.headers.filter { $0.name.lowercased() == "x-acme-signature" }.map(\.value)
        guard values.count == 1, let code = Hex.bytes(values[0]), values[0] == values[0].lowercased() else {
            return false
        }
        let key = SymmetricKey(data: Array(secret.revealed.utf8))
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: request.body, using: key)
    }
}
