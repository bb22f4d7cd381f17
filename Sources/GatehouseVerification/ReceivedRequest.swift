/// An HTTP request before it is trusted.
///
/// Give the header lines as they were on the wire, each its own pair, and the unchanged bytes of the body: a framework
/// that joins repeated lines or parses and reprints JSON destroys what was signed.
public struct ReceivedRequest: Sendable {
    /// The header lines, in the order of arrival; names are not case-sensitive.
    public var headers: [(name: String, value: String)]
    /// The body, byte for byte.
    public var body: [UInt8]

    /// Joins the two.
    public init(headers: [(name: String, value: String)], body: [UInt8]) {
        self.headers = headers
        self.body = body
    }

    /// The value of a header that must occur exactly once (RFC 9110 section 5.3: these fields are not lists, so a
    /// second line means that a sender or proxy on the way added one). `name` is in lower case.
    func only(_ name: String) throws(VerificationError) -> String {
        try onlyOne(of: [name])
    }

    /// The same for a header with several spellings: exactly one of them must occur, and once.
    func onlyOne(of names: [String]) throws(VerificationError) -> String {
        let values = headers.filter { names.contains($0.name.lowercased()) }.map(\.value)
        guard let value = values.first else { throw .missingHeader(names[0]) }
        guard values.count == 1 else { throw .repeatedHeader(names[0]) }
        guard !value.isEmpty else { throw .emptyHeader(names[0]) }
        return value
    }
}
