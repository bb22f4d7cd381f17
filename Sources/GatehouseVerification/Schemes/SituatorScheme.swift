internal import Crypto
internal import FoundationEssentials

/// Situator's webhooks ("Register Webhook"): nothing is signed; a token identifies the sender. It follows `Bearer` in
/// `Authorization`, or is the `token` of the envelope that the vendor's schema describes.
///
/// A holder of the token can write anything, so the ids in their header are as trustworthy as the body beside them.
struct SituatorScheme: Scheme {
    private static let tokenLengths = 1...4096
    private static let idHeader = "gatehouse-event-id"

    /// The token's hash: the time to compare two hashes depends on neither token, not even on their lengths.
    private let token: SHA256.Digest

    init(token: String) throws(VerificationError) {
        guard Self.tokenLengths.contains(token.unicodeScalars.count) else { throw .secretOutOfBounds }
        self.token = SHA256.hash(data: Array(token.utf8))
    }

    func verify(_ request: ReceivedRequest, now: UnixSeconds) throws(VerificationError) -> VerifiedEvent {
        let envelope = try? JSONDecoder().decode(Envelope.self, from: Data(request.body))
        let given = if let envelope { envelope.token } else { try presented(by: request) }
        guard SHA256.hash(data: Array(given.utf8)) == token else { throw .wrongToken }
        return VerifiedEvent(
            ids: names(in: request, of: envelope?.events.count ?? 1), timestamp: nil, body: request.body)
    }

    /// The names of the events, in their order; empty unless each event has exactly one.
    private func names(in request: ReceivedRequest, of events: Int) -> [String] {
        let lines = request.headers.filter { $0.name.lowercased() == Self.idHeader }.map(\.value)
        guard lines.count == 1, let line = lines.first else { return [] }
        let names = line.split(separator: ",", omittingEmptySubsequences: false).map { name in
            String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        return names.count == events && !names.contains("") ? names : []
    }

    /// The one token of a request whose body is not an envelope. An envelope has its own token; then `Authorization`
    /// does not count.
    private func presented(by request: ReceivedRequest) throws(VerificationError) -> String {
        let values = request.headers.filter { $0.name.lowercased() == "authorization" }.map(\.value)
        guard let value = values.first else { throw .missingToken }
        guard values.count == 1 else { throw .repeatedHeader("authorization") }
        let scheme = value.prefix(7)
        guard scheme.lowercased() == "bearer ", value.count > 7 else { throw .missingToken }
        return String(value.dropFirst(7))
    }

    /// The fields that make a body an envelope.
    private struct Envelope: Decodable {
        struct Item: Decodable {}
        let token: String
        let events: [Item]
    }
}
