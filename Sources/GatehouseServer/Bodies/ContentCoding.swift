internal import GatehouseCore
internal import HTTPTypes

/// The content coding of a request's body (RFC 9110, section 8.4). A coding changes the meaning of a body, so it is
/// decoded or refused, never ignored.
enum ContentCoding: Hashable, Sendable {
    /// No coding.
    case identity
    /// Compressed by gzip (RFC 1952).
    case gzip

    /// The field that a problem names.
    static let field = "content-encoding"

    /// Reads the header fields.
    ///
    /// - Throws: a problem: 415 for a coding that is not supported, with the supported ones in `Accept-Encoding` (RFC
    ///   9110, section 12.5.3), and 400 if Content-Range says that the body is a part (section 14.5).
    init(_ headers: HTTPFields) throws(Problem) {
        self = .identity
        guard headers.contains(where: { $0.name == .contentEncoding || $0.name == .contentRange }) else { return }
        if headers[.contentRange] != nil {
            throw Problem(
                ValidationError(.malformed, field: "content-range", "no route takes a part of a body: send it whole"))
        }
        let codings = FieldList.members(of: headers[values: .contentEncoding]).filter { $0 != "identity" }
        switch codings {
        case []: break
        case ["gzip"], ["x-gzip"]: self = .gzip
        default:
            let given = codings.joined(separator: ", ").prefix(100)
            var problem = Problem(
                ValidationError(
                    .unsupportedMedia, field: Self.field,
                    "the one Content-Encoding that is read is gzip, once, not \(given)"))
            problem.headers = [.acceptEncoding: "gzip"]
            throw problem
        }
    }
}
