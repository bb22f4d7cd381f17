internal import GatehouseCore
internal import HTTPTypes

/// How a request's body is coded beside its media type (RFC 9110, section 8.4). What changes the meaning of a body is
/// read or refused, never passed over.
enum ContentCoding: Hashable, Sendable {
    /// As it is.
    case identity
    /// Compressed by gzip (RFC 1952).
    case gzip

    /// What a problem with it names.
    static let field = "content-encoding"

    /// Reads the header fields.
    ///
    /// - Throws: a problem: 415 for a coding that is not read, with those that are in `Accept-Encoding` (RFC 9110,
    ///   section 12.5.3), and 400 where the body is said to be a part of something (section 14.5).
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
